//! Where requests begin and end in what a client sends (RFC 9112): enough to answer one in the server's stead, or to spoil
//! a body and no head. What is no HTTP, or frames its bodies otherwise than by their length, passes as it is.

use bytes::{Buf, BytesMut};

/// No head is longer.
const LONGEST_HEAD: usize = 64 << 10;
/// A body from this length on carries a film, and a shorter one words.
const LONG: u64 = 64 << 10;
const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// A stretch of what was sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A whole head.
    Head(BytesMut),
    /// Bytes of a long body.
    Film(BytesMut),
    /// Anything else.
    Words(BytesMut),
}

/// Where a connection is.
#[derive(Debug)]
pub(super) enum Requests {
    /// Within a head, of which so much is held back.
    Head(BytesMut),
    /// Within a body, of which so much is to come.
    Body { left: u64, long: bool },
    /// Nobody knows.
    Unknown,
}

impl Default for Requests {
    fn default() -> Self {
        Self::Head(BytesMut::new())
    }
}

impl Requests {
    /// Takes the next part off the front of `bytes`; none when all of them are part of a head that is not over.
    pub(super) fn next(&mut self, bytes: &mut BytesMut) -> Option<Part> {
        match self {
            _ if bytes.is_empty() => None,
            Self::Unknown => Some(Part::Words(bytes.split())),
            Self::Body { left, long } => {
                let taken = bytes.split_to(bytes.len().min(usize::try_from(*left).unwrap_or(usize::MAX)));
                *left -= taken.len() as u64;
                let part = if *long { Part::Film(taken) } else { Part::Words(taken) };
                if *left == 0 {
                    *self = Self::default();
                }
                Some(part)
            }
            Self::Head(held) => {
                let seen = held.len().saturating_sub(END_OF_HEAD.len());
                held.extend_from_slice(bytes);
                bytes.clear();
                let mut head = std::mem::take(held);
                match end_of_head(&head, seen) {
                    Some(end) => {
                        bytes.unsplit(head.split_off(end));
                        *self = after(&head);
                        Some(Part::Head(head))
                    }
                    None if is_no_head(&head) => {
                        *self = Self::Unknown;
                        Some(Part::Words(head))
                    }
                    None => {
                        *held = head;
                        None
                    }
                }
            }
        }
    }

    /// What is held back of a head that never ended.
    pub(super) fn rest(&mut self) -> Option<BytesMut> {
        match self {
            Self::Head(held) if held.has_remaining() => Some(std::mem::take(held)),
            Self::Head(_) | Self::Body { .. } | Self::Unknown => None,
        }
    }
}

fn end_of_head(head: &[u8], seen: usize) -> Option<usize> {
    let at = head[seen..].windows(END_OF_HEAD.len()).position(|window| window == END_OF_HEAD)?;
    Some(seen + at + END_OF_HEAD.len())
}

fn is_no_head(head: &[u8]) -> bool {
    head.len() > LONGEST_HEAD || !head.first().is_some_and(u8::is_ascii_uppercase)
}

/// What follows a head.
fn after(head: &[u8]) -> Requests {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let field = |name: &str| text.lines().find_map(|line| Some(line.strip_prefix(name)?.trim().to_owned()));
    if field("transfer-encoding:").is_some() || field("upgrade:").is_some() {
        return Requests::Unknown;
    }
    match field("content-length:").map_or(Ok(0), |length| length.parse()) {
        Ok(0) => Requests::default(),
        Ok(left) => Requests::Body { left, long: left >= LONG },
        Err(_) => Requests::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(stream: &[u8], piece: usize) -> Vec<Part> {
        let (mut requests, mut parts) = (Requests::default(), Vec::new());
        for piece in stream.chunks(piece) {
            let mut bytes = BytesMut::from(piece);
            parts.extend(std::iter::from_fn(|| requests.next(&mut bytes)));
        }
        parts.extend(requests.rest().map(Part::Words));
        parts
    }

    #[test]
    fn heads_are_found_however_they_are_cut() {
        let film = vec![b'x'; 70_000];
        let mut stream = b"GET /a HTTP/1.1\r\nHost: b\r\n\r\nPUT /c HTTP/1.1\r\nContent-Length: 70000\r\n\r\n".to_vec();
        stream.extend_from_slice(&film);
        stream.extend_from_slice(b"POST /d HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}HEAD /e HTTP/1.1\r\n\r\n");
        for piece in [1, 7, 1000, usize::MAX >> 1] {
            let parts = parts(&stream, piece);
            let heads = parts.iter().filter(|part| matches!(part, Part::Head(_))).count();
            assert_eq!(heads, 4, "four requests in pieces of {piece}");
            let film: usize = parts.iter().map(|part| if let Part::Film(it) = part { it.len() } else { 0 }).sum();
            assert_eq!(film, 70_000, "one of them carries a film");
            let all: Vec<u8> = parts
                .into_iter()
                .flat_map(|part| match part {
                    Part::Head(it) | Part::Film(it) | Part::Words(it) => it,
                })
                .collect();
            assert_eq!(all, stream, "and nothing is lost");
        }
    }

    #[test]
    fn what_is_no_http_passes_at_once() {
        let parts = parts(b"\x16\x03\x01 whatever", 4);
        assert!(
            parts.iter().all(|part| matches!(part, Part::Words(_))) && parts.len() == 3,
            "nothing is held: {parts:?}"
        );
    }
}
