//! Trying a Pawl server: what it is, whether it lets us in, and an upload of one byte that is given up again.

use reqwest::header::RANGE;
use reqwest::{Method, Response, StatusCode};
use transfer::error::{Operation, RemoteError};
use transfer::ids::TransferId;
use transfer::layout::{ChunkLayout, MIN_CHUNK_LEN};
use transfer::name::FileName;
use transfer::placing::Placing;
use transfer::remote::{NewUpload, Remote};
use wire::VideoList;
use wire::uploads::Server;

use super::Native;
use super::answers::{answered, is_problem, parsed, problem, sent};
use crate::probe::{Checked, Findings, led_away, page, sentence, size};

/// What the upload of the trial would be called, if anybody saw it.
const NAME: &str = "pawl-connection-test";

impl Native {
    /// Tries it.
    pub(crate) async fn probe(&self) -> Findings {
        let mut found = Findings::default();
        let Some(server) = self.introduce(&mut found).await else { return found };
        let may = |scope: &str| server.scopes.iter().any(|word| word == scope);
        if let Err(error) = self.begin_and_give_up().await {
            found.failed(Checked::CanWrite, &error, &self.base).await;
            return found;
        }
        found.yes(Checked::CanWrite, "An upload was begun and given up again.");
        match may("read") {
            true => self.read_a_byte(&mut found).await,
            false => found.unknown(Checked::CanReadRanges, "The token reads no films but those that it brings."),
        }
        found.yes(Checked::Limits, limits(&server));
        found.yes(Checked::Proof, "The server compares every chunk, and the whole film, by BLAKE3.");
        found
    }

    /// Asks who is there.
    async fn introduce(&self, found: &mut Findings) -> Option<Server> {
        let response = match sent(Operation::Status, self.request(Method::GET, &["server"])).await {
            Ok(response) => response,
            Err(error) => {
                found.failed(Checked::Reachable, &error, &self.base).await;
                return None;
            }
        };
        if let Some(other) = stranger(&response) {
            found.no(Checked::Reachable, other);
            return None;
        }
        match introduced(response).await {
            Ok(server) => {
                found.yes(Checked::Reachable, format!("A Pawl server answers, version {}.", server.version));
                found.yes(Checked::SignedIn, format!("It lets us {}.", server.scopes.join(" and ")));
                Some(server)
            }
            Err(error) => {
                found.failed(Checked::Reachable, &error, &self.base).await;
                None
            }
        }
    }

    async fn begin_and_give_up(&self) -> Result<(), RemoteError> {
        let odd = |_| problem(Operation::Begin, "the upload of the trial cannot be described");
        let layout = ChunkLayout::new(1, MIN_CHUNK_LEN).map_err(|_| problem(Operation::Begin, "no layout"))?;
        let name = FileName::new(NAME).map_err(odd)?;
        let handle = self
            .begin(&NewUpload { transfer: TransferId::random(), name, placing: Placing::default(), layout })
            .await?;
        self.abort(&handle).await
    }

    /// Of the newest film that is there whole.
    async fn read_a_byte(&self, found: &mut Findings) {
        let what = Checked::CanReadRanges;
        let film = match self.a_film().await {
            Ok(Some(film)) => film,
            Ok(None) => return found.unknown(what, "No film is there yet that could be read."),
            Err(error) => return found.failed(what, &error, &self.base).await,
        };
        let request = self.request(Method::GET, &["videos", &film, "content"]).header(RANGE, "bytes=0-0");
        match sent(Operation::Read, request).await.map(|response| response.status()) {
            Ok(StatusCode::PARTIAL_CONTENT) => found.yes(what, "One byte of a film was read by itself."),
            Ok(status) => found.no(what, format!("Asked for one byte of a film, it answered {status}.")),
            Err(error) => found.failed(what, &error, &self.base).await,
        }
    }

    async fn a_film(&self) -> Result<Option<String>, RemoteError> {
        let mut url = self.url(&["videos"]);
        url.set_query(Some("limit=20"));
        let request = self.let_in(self.connection.client().get(url));
        let list: VideoList = parsed(Operation::Read, answered(Operation::Read, request).await?).await?;
        let whole = list.videos.into_iter().find(|video| video.blake3.is_some() && video.size > 0);
        Ok(whole.map(|video| video.id))
    }
}

/// What answers is no Pawl server.
fn stranger(response: &Response) -> Option<String> {
    if is_problem(response) {
        return None;
    }
    let other = led_away(response).or_else(|| page(response));
    other.or_else(|| match response.status() {
        StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::METHOD_NOT_ALLOWED => {
            Some("Something answers there that is no Pawl server.".to_owned())
        }
        // A Pawl server says no in words of its own.
        status @ (StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
            Some(format!("What answers there is no Pawl server, or something before one: it says {status}."))
        }
        _ => None,
    })
}

async fn introduced(response: Response) -> Result<Server, RemoteError> {
    let response = super::answers::succeeded(Operation::Status, response).await?;
    let server: Server = parsed(Operation::Status, response)
        .await
        .map_err(|error| RemoteError { context: "something answers there that is no Pawl server".into(), ..error })?;
    match server.product.as_str() {
        "pawl" => Ok(server),
        _ => Err(problem(Operation::Status, "something answers there that is no Pawl server")),
    }
}

fn limits(server: &Server) -> String {
    let largest = server.max_size.map_or("A film may be as large as its disk has room".to_owned(), |max| {
        format!("A film may have {}", size(max))
    });
    let days = server.expiry.map(|seconds| seconds / (24 * 3600));
    let kept = days.map_or("for ever".to_owned(), |days| format!("for {days} days after its last byte"));
    sentence(&format!("{largest}, and an unfinished one is kept {kept}"))
}
