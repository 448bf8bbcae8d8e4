//! The document of this API (OpenAPI 3.1), made from the handlers and the types of [`wire`], served to everyone:
//! `GET /api/v1/openapi.json`.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi as Written, Ref, RefOr, ResponseBuilder};
use utoipa::{Modify, OpenApi};
use wire::{Problem, links, uploads};

use super::{api, events, health, listing, uploads as uploading, videos};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "pawl-server",
        description = "Keeps large video that others send, and gives back any second of it, finished or still arriving. Times are RFC 3339 in UTC, sizes are bytes, digests are lower-case hex."
    ),
    paths(
        api::about,
        api::list_videos,
        api::video,
        videos::one,
        videos::delete,
        super::links::make,
        super::links::follow,
        uploading::begin,
        uploading::status,
        uploading::put,
        super::amending::amend,
        uploading::complete,
        uploading::abort,
        uploading::announce,
        listing::uploads,
        events::events,
        health::lives,
        health::is_ready,
        health::metrics,
        document,
    ),
    components(schemas(Problem, uploads::Wishes, uploads::Progress, links::Link)),
    security(("token" = [])),
    modifiers(&Token, &Refusals)
)]
struct Document;

static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
    // What the macros wrote always becomes JSON.
    Document::openapi().to_json().unwrap_or_default()
});

/// This document.
#[utoipa::path(
    get, path = "/api/v1/openapi.json", operation_id = "document", security(()),
    responses((status = 200, description = "What you read", body = serde_json::Value))
)]
pub(super) async fn document() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_str()).into_response()
}

/// Who asks says so with a bearer token.
struct Token;

impl Modify for Token {
    fn modify(&self, written: &mut Written) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        written.components.get_or_insert_default().add_security_scheme("token", scheme);
    }
}

/// Whatever is asked may be refused, and always in the same form.
struct Refusals;

impl Modify for Refusals {
    fn modify(&self, written: &mut Written) {
        written.paths.paths.values_mut().flat_map(operations).for_each(refuses);
    }
}

fn operations(path: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut path.get, &mut path.put, &mut path.post, &mut path.delete].into_iter().filter_map(Option::as_mut)
}

fn refuses(operation: &mut Operation) {
    let problem = ContentBuilder::new().schema(Some(RefOr::Ref(Ref::from_schema_name("Problem")))).build();
    let refusal = ResponseBuilder::new().description("Why not (RFC 9457)").content("application/problem+json", problem);
    operation.responses.responses.insert("default".to_owned(), RefOr::T(refusal.build()));
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// A router tells its routes only to who looks at it.
    #[test]
    fn every_route_is_in_the_document_and_nothing_else() {
        let described = format!("{:?}", api::unopened());
        // What answers where no route does comes after the routes, under names of its own.
        let described = described.split("fallback_router").next().unwrap_or_default();
        // `/files` speaks tus, which has a document of its own.
        let ours = |path: &&str| path.starts_with('/') && !path.starts_with("/files");
        let routed: BTreeSet<&str> = described.split('"').filter(ours).collect();
        let written = Document::openapi();
        let documented: BTreeSet<&str> = written.paths.paths.keys().map(String::as_str).collect();
        assert!(routed.contains("/api/v1/server"), "the description tells routes: {described}");
        assert_eq!(routed, documented, "what is served, and what is written about");
    }
}
