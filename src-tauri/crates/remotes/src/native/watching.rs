//! Hearing of readers' wishes: the server's event stream, opened again when it breaks, until nobody listens.
//!
//! Level-triggered: each event is the whole set, so that a broken stream loses nothing. While there is none, nobody
//! wishes anything: what an old set said may be long satisfied.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use reqwest::{RequestBuilder, Response, StatusCode};
use tokio::sync::watch;
use tracing::{Instrument, debug, debug_span};
use transfer::layout::ByteRange;
use transfer::remote::Wishes;
use wire::uploads;

use super::answers::is_problem;

/// Before a stream that broke is opened again.
const PAUSE: Duration = Duration::from_secs(2);
/// The longest line of an event stream that is taken: far more than any set of wishes.
const LONGEST_LINE: usize = 1 << 20;

/// The wishes of an upload; each stream begins with a request made anew, over a connection of the present. The task behind it ends with the last receiver, or when the upload is no more.
pub(super) fn wishes(request: impl Fn() -> RequestBuilder + Send + 'static) -> watch::Receiver<Wishes> {
    let (told, heard) = watch::channel(Wishes::from([]));
    tokio::spawn(listen(request, told).instrument(debug_span!("wishes")));
    heard
}

async fn listen(request: impl Fn() -> RequestBuilder, told: watch::Sender<Wishes>) {
    loop {
        let again = request();
        let ended = tokio::select! {
            () = told.closed() => return,
            ended = stream(again, &told) => ended,
        };
        // What an old set said may be long satisfied.
        told.send_if_modified(|wishes| !std::mem::replace(wishes, Arc::from([])).is_empty());
        if ended {
            return;
        }
        tokio::select! {
            () = told.closed() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Tells what comes, until it ends; whether it ended for good.
async fn stream(request: RequestBuilder, told: &watch::Sender<Wishes>) -> bool {
    match request.send().await {
        Ok(response) if response.status().is_success() => heard(response, told).await,
        // The server's own word ends it, and not a proxy's while the server is away.
        Ok(response) => response.status() == StatusCode::NOT_FOUND && is_problem(&response),
        Err(error) => {
            debug!(error = %error.without_url(), "no event stream");
            false
        }
    }
}

async fn heard(response: Response, told: &watch::Sender<Wishes>) -> bool {
    let (mut bytes, mut lines) = (response.bytes_stream(), Lines::default());
    while let Some(Ok(piece)) = bytes.next().await {
        for line in lines.take(&piece) {
            match Line::of(&line) {
                Line::End => return true,
                Line::Wishes(wishes) => drop(told.send_replace(wishes)),
                Line::Other => {}
            }
        }
        if lines.rest.len() > LONGEST_LINE {
            return false;
        }
    }
    false
}

/// Bytes cut into lines (HTML standard, section 9.2.6; our servers end lines with LF).
#[derive(Debug, Default)]
struct Lines {
    rest: Vec<u8>,
}

impl Lines {
    fn take(&mut self, piece: &[u8]) -> Vec<Vec<u8>> {
        self.rest.extend_from_slice(piece);
        let mut lines: Vec<Vec<u8>> = self.rest.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        self.rest = lines.pop().unwrap_or_default();
        lines
    }
}

/// One line of an event. Ours have one line of data, so that the field before says nothing that the data does not.
#[derive(Debug, PartialEq, Eq)]
enum Line {
    Wishes(Wishes),
    End,
    Other,
}

impl Line {
    fn of(line: &[u8]) -> Self {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line == b"event: end" || line == b"event:end" {
            return Self::End;
        }
        let data = line.strip_prefix(b"data:").map(|data| data.trim_ascii());
        let wishes = data.and_then(|data| serde_json::from_slice::<uploads::Wishes>(data).ok());
        wishes.map_or(Self::Other, |wishes| Self::Wishes(ranges(&wishes)))
    }
}

fn ranges(wishes: &uploads::Wishes) -> Wishes {
    wishes.ranges.iter().filter_map(|&(start, end)| ByteRange::new(start, end)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_whole_however_the_bytes_come() {
        let mut lines = Lines::default();
        assert_eq!(lines.take(b"event: wi"), Vec::<Vec<u8>>::new(), "no line yet");
        assert_eq!(lines.take(b"shes\ndata: {}\n\nx"), [b"event: wishes".to_vec(), b"data: {}".to_vec(), vec![]]);
        assert_eq!(lines.rest, b"x", "what is not a line yet is kept");
    }

    #[test]
    fn a_set_of_wishes_is_heard() {
        let set: Wishes = Arc::from([ByteRange::at(5, 5), ByteRange::at(0, 1)]);
        assert_eq!(Line::of(br#"data: {"ranges":[[5,10],[0,1]]}"#), Line::Wishes(set), "newest first, as it was told");
        assert_eq!(Line::of(b"event: end"), Line::End, "nothing follows");
        for other in [b"".as_slice(), b": alive", b"event: wishes", b"data: nonsense", br#"data: {"bytes":7}"#] {
            assert_eq!(Line::of(other), Line::Other, "{:?} is no wish", String::from_utf8_lossy(other));
        }
    }
}
