//! A server whose answers follow from the requests' heads.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A running one; it ends with the test's runtime.
#[derive(Debug)]
pub(super) struct Fake {
    pub(super) endpoint: String,
    heard: Arc<Mutex<Vec<String>>>,
}

/// An answer from its status line (fields may follow) and its body.
pub(super) fn answer(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

impl Fake {
    pub(super) async fn start(answers: impl Fn(&str) -> String + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let writes = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let head = head(&mut stream).await;
                let answer = answers(&head);
                writes.lock().expect("nothing panics").push(head);
                stream.write_all(answer.as_bytes()).await.expect("the client listens");
                stream.shutdown().await.ok();
            }
        });
        Self { endpoint, heard }
    }

    /// The heads of all requests so far.
    pub(super) fn heard(&self) -> Vec<String> {
        self.heard.lock().expect("nothing panics").clone()
    }
}

/// Reads one request to its end and gives its head.
async fn head(stream: &mut TcpStream) -> String {
    let (mut bytes, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut piece).await.expect("the client sends");
        bytes.extend_from_slice(&piece[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
            if bytes.len() >= head.len() + 4 + length.unwrap_or(0) || read == 0 {
                return head.to_owned();
            }
        }
    }
}
