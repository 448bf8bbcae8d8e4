//! The requests of one server: version and access on each, and where each may go.

use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};
use transfer::error::{Class, Operation, RemoteError};
use transfer::remote::UploadHandle;

use super::{Access, TusSetup};
use crate::connection::Connection;
use crate::failure;

/// The version of the protocol that we speak.
pub(super) const VERSION: &str = "1.0.0";

/// How one server is spoken to.
#[derive(Debug, Clone)]
pub(super) struct Requests {
    connection: Connection,
    endpoint: Url,
    access: Access,
}

impl Requests {
    pub(super) fn new(setup: TusSetup) -> Result<Self, RemoteError> {
        let TusSetup { endpoint, access, connection } = setup;
        if !endpoint.username().is_empty() || endpoint.password().is_some() {
            return Err(fatal(Operation::Begin, "a password in the address would be seen by everyone: use a token"));
        }
        let connection =
            Connection::new(&connection).map_err(|error| fatal(Operation::Begin, &error.to_string()).because(error))?;
        Ok(Self { connection, endpoint, access })
    }

    /// See [`Connection::forget`].
    pub(super) fn forget_connections(&self) {
        self.connection.forget();
    }

    pub(super) fn endpoint(&self) -> &Url {
        &self.endpoint
    }

    /// What the server can do (OPTIONS), the only request without a version.
    pub(super) fn probe(&self) -> RequestBuilder {
        self.let_in(self.connection.client().request(Method::OPTIONS, self.endpoint.clone()), &self.endpoint)
    }

    /// A request without a body.
    pub(super) fn to(&self, method: Method, url: Url) -> RequestBuilder {
        self.let_in(self.connection.client().request(method, url.clone()), &url).header("Tus-Resumable", VERSION)
    }

    /// A request that carries a chunk.
    pub(super) fn carrying(&self, method: Method, url: Url) -> RequestBuilder {
        self.let_in(self.connection.sender().request(method, url.clone()), &url).header("Tus-Resumable", VERSION)
    }

    pub(super) async fn send(&self, operation: Operation, request: RequestBuilder) -> Result<Response, RemoteError> {
        request.send().await.map_err(|error| failure::unanswered(operation, error))
    }

    /// Whether the answer says that there is no such upload. It must be the server's own: while it is away, a proxy
    /// shows a page, and a whole film must not be sent again for that. Nor for a token: 403 says that there is no upload
    /// too (tus 1.0.0, "HEAD"), but where we sent something to be let in, it rather is that which was refused.
    pub(super) fn does_not_know(&self, response: &Response) -> bool {
        let speaks_tus = response.headers().contains_key("Tus-Resumable");
        match response.status() {
            StatusCode::NOT_FOUND | StatusCode::GONE => speaks_tus || !failure::is_page(response.headers()),
            StatusCode::FORBIDDEN => speaks_tus && self.access.is_none(),
            _ => false,
        }
    }

    /// A server may keep uploads on another host (`Location`). It gets the bytes there, and not what lets us in here.
    fn let_in(&self, request: RequestBuilder, url: &Url) -> RequestBuilder {
        if url.origin() == self.endpoint.origin() { request.headers(self.access.headers()) } else { request }
    }
}

/// Where an upload is.
pub(super) fn upload(operation: Operation, handle: &UploadHandle) -> Result<Url, RemoteError> {
    Url::parse(&handle.0)
        .map_err(|error| fatal(operation, "what was written down is no upload's address").because(error))
}

pub(super) fn fatal(operation: Operation, sentence: &str) -> RemoteError {
    RemoteError::new(operation, Class::Fatal, sentence)
}
