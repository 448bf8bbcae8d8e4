//! Posters by address: `poster://localhost/KEY`, read from what was kept and from nowhere else.

use tauri::http::{Response, StatusCode, header};
use tauri::{AppHandle, Manager, Runtime, UriSchemeContext, UriSchemeResponder};

use super::ContentKey;
use crate::starting::Starting;

/// The scheme of their addresses.
pub(crate) const SCHEME: &str = "poster";

/// The address of a film's poster.
pub(crate) fn address(key: &ContentKey) -> String {
    format!("{SCHEME}://localhost/{}", key.as_str())
}

/// Answers a request for one.
pub(crate) fn serve<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: tauri::http::Request<Vec<u8>>,
    answer: UriSchemeResponder,
) {
    let (app, key) = (context.app_handle().clone(), ContentKey::parse(request.uri().path().trim_start_matches('/')));
    tauri::async_runtime::spawn(async move {
        let jpeg = match key {
            Some(key) => kept(&app, key).await,
            None => None,
        };
        answer.respond(response(jpeg));
    });
}

async fn kept<R: Runtime>(app: &AppHandle<R>, key: ContentKey) -> Option<Vec<u8>> {
    app.state::<Starting>().app().await.ok()?.looking.poster(key).await
}

/// What is under a key never changes, for the key is made of the film's bytes.
fn response(jpeg: Option<Vec<u8>>) -> Response<Vec<u8>> {
    let status = if jpeg.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let mut response = Response::new(jpeg.unwrap_or_default());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("image/jpeg"));
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("max-age=86400"));
    response
}
