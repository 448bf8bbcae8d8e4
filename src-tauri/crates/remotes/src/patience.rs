//! How long a server may be silent while a chunk is on its way. Owned by the request. Invariant: only the server's own
//! silence counts. A chunk that is held back by the speed limit, or by a slow card, is nobody's stall, and one that
//! leaves slowly but steadily may take hours.

use std::time::Duration;

use reqwest::{RequestBuilder, Response};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout_at};
use transfer::error::{Class, Operation, RemoteError};

use crate::failure;

/// Whom a body waits for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Beat {
    /// Its source, or the speed limit.
    Source,
    /// The connection, which took the last piece then.
    Sent(Instant),
}

impl Beat {
    /// A piece was taken just now.
    pub(crate) fn sent() -> Self {
        Self::Sent(Instant::now())
    }
}

/// Sends a request whose body beats so, and gives up when the server does nothing for as long as `silence`.
pub(crate) async fn answered(
    operation: Operation,
    request: RequestBuilder,
    beats: watch::Receiver<Beat>,
    silence: Duration,
) -> Result<Response, RemoteError> {
    tokio::select! {
        answer = request.send() => answer.map_err(|error| failure::unanswered(operation, error)),
        () = stalled(beats, silence) => {
            Err(RemoteError::new(operation, Class::Transient, "the server takes nothing and does not answer"))
        }
    }
}

/// Ends when nothing moved for so long. A body that is gone was sent, or broke: the answer is due from then on.
async fn stalled(mut beats: watch::Receiver<Beat>, silence: Duration) {
    loop {
        let beat = *beats.borrow_and_update();
        let moved = match beat {
            Beat::Source => beats.changed().await,
            Beat::Sent(at) => match timeout_at(at + silence, beats.changed()).await {
                Ok(moved) => moved,
                Err(_) => return,
            },
        };
        if moved.is_err() {
            return sleep(silence).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use transfer::body::ReadyBody;
    use transfer::layout::ByteRange;

    use super::*;
    use crate::connection::{Connection, ConnectionSetup};
    use crate::outgoing::Outgoing;

    const SILENCE: Duration = Duration::from_secs(120);

    #[tokio::test(start_paused = true)]
    async fn a_server_that_takes_nothing_is_given_up_and_a_source_that_gives_nothing_is_not() {
        let (beat, beats) = watch::channel(Beat::Source);
        let stall = tokio::spawn(stalled(beats, SILENCE));
        tokio::time::sleep(10 * SILENCE).await;
        assert!(!stall.is_finished(), "the speed limit may hold a piece back for as long as it likes");
        for _ in 0..10 {
            beat.send_replace(Beat::sent());
            tokio::time::sleep(SILENCE / 2).await;
        }
        assert!(!stall.is_finished(), "what moves slowly moves");
        let quiet = Instant::now();
        stall.await.expect("it does not panic");
        assert!(quiet.elapsed() <= SILENCE, "and what does not move is given up");
    }

    /// A body of 8 MiB to a listener, which more than fills the buffers between them.
    async fn sent(listener: &TcpListener, silence: Duration) -> Result<Response, RemoteError> {
        let body = Outgoing::plain(Box::new(ReadyBody::new(ByteRange::at(0, 8 << 20), vec![7; 8 << 20].into(), None)));
        let connection = Connection::new(&ConnectionSetup::default()).expect("a connection");
        let url = format!("http://{}/", listener.local_addr().expect("an address"));
        let beats = body.pulse();
        answered(Operation::Put, connection.sender().patch(url).body(body.into_body()), beats, silence).await
    }

    #[tokio::test]
    async fn a_server_that_reads_nothing_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let error = sent(&listener, Duration::from_millis(200)).await.expect_err("nobody answers");
        assert_eq!(error.class, Class::Transient, "it is tried again: {error}");
    }

    #[tokio::test]
    async fn a_refusal_is_heard_while_the_body_still_leaves() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let refuses = async {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            stream.read_exact(&mut [0; 100]).await.expect("a head");
            let refusal = b"HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            stream.write_all(refusal).await.expect("the client listens");
            stream
        };
        let (answer, _stream) = tokio::join!(sent(&listener, SILENCE), refuses);
        let status = answer.map(|response| response.status().as_u16()).ok();
        assert_eq!(status, Some(413), "proxies refuse a long body by its length alone; the reason must not be lost");
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_is_waited_for_after_the_last_byte() {
        let (beat, beats) = watch::channel(Beat::sent());
        drop(beat);
        let sent = Instant::now();
        stalled(beats, SILENCE).await;
        assert!(sent.elapsed() >= SILENCE, "a server that has everything gets its time to answer");
    }
}
