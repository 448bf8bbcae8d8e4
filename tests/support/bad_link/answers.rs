//! Answers that come from the link itself: of a server's front that has enough, or of a network that wants a sign-in.

use bytes::Bytes;

/// What is answered in the server's stead, before the connection is closed.
#[derive(Debug, Clone)]
pub struct Answer(Bytes);

/// For how many requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// So many, after so many others that pass.
    Requests {
        /// Those that pass.
        after: u32,
        /// Those that are answered.
        answered: u32,
    },
    /// All, until it is told otherwise.
    UntilTold,
}

impl Answer {
    /// Any: a status with its phrase, fields, and a body of that type.
    pub fn new(status: &str, fields: &[(&str, &str)], kind: &str, body: &str) -> Self {
        let fields: String = fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let length = body.len();
        let head = format!("HTTP/1.1 {status}\r\n{fields}Content-Type: {kind}\r\nContent-Length: {length}\r\n");
        Self(format!("{head}Connection: close\r\n\r\n{body}").into())
    }

    /// `429`, with what it says of how long.
    pub fn too_many(retry_after: Option<&str>) -> Self {
        Self::busy("429 Too Many Requests", retry_after)
    }

    /// `503`, with what it says of how long.
    pub fn unavailable(retry_after: Option<&str>) -> Self {
        Self::busy("503 Service Unavailable", retry_after)
    }

    fn busy(status: &str, retry_after: Option<&str>) -> Self {
        let field = retry_after.map(|said| ("Retry-After", said));
        Self::new(status, field.as_slice(), "text/plain", "later\n")
    }

    /// A page of the local network under a status that says success.
    pub fn sign_in_page() -> Self {
        let page = "<!DOCTYPE html><html><title>Welcome</title><form>Room number <input></form></html>";
        Self::new("200 OK", &[], "text/html; charset=utf-8", page)
    }

    /// The way to the page of the local network, on another host.
    pub fn sign_in_elsewhere() -> Self {
        Self::new("302 Found", &[("Location", "http://portal.invalid/welcome")], "text/html", "")
    }

    pub(super) fn bytes(&self) -> Bytes {
        self.0.clone()
    }
}

/// What is to be answered, if anything is.
#[derive(Debug, Default)]
pub(super) struct Armed(Option<(Answer, Span)>);

impl Armed {
    pub(super) fn arm(&mut self, answer: Answer, span: Span) {
        self.0 = Some((answer, span));
    }

    pub(super) fn disarm(&mut self) {
        self.0 = None;
    }

    /// What the next request is answered with; none where it passes.
    pub(super) fn next(&mut self) -> Option<Bytes> {
        let (answer, span) = self.0.as_mut()?;
        match span {
            Span::UntilTold => Some(answer.bytes()),
            Span::Requests { after: 0, answered: 0 } => {
                self.0 = None;
                None
            }
            Span::Requests { after: 0, answered } => {
                *answered -= 1;
                Some(answer.bytes())
            }
            Span::Requests { after, .. } => {
                *after -= 1;
                None
            }
        }
    }
}
