//! A server with one answer for each request, in order. It writes down what it was asked.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A running one; it ends with the test's runtime.
#[derive(Debug)]
pub(crate) struct Canned {
    pub(crate) url: String,
    heard: Arc<Mutex<Vec<String>>>,
}

/// An answer without a body, from its status line and fields.
pub(crate) fn answer(said: &str) -> String {
    answer_with(said, "")
}

/// An answer with a body.
pub(crate) fn answer_with(said: &str, body: &str) -> String {
    format!("HTTP/1.1 {said}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

impl Canned {
    pub(crate) async fn start(answers: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let url = format!("http://{}/files/", listener.local_addr().expect("an address"));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let writes = Arc::clone(&heard);
        tokio::spawn(async move {
            for answer in answers {
                let (mut stream, _) = listener.accept().await.expect("a connection");
                let request = request(&mut stream).await;
                writes.lock().expect("nothing panics").push(request);
                stream.write_all(answer.as_bytes()).await.expect("the client listens");
                stream.shutdown().await.ok();
            }
        });
        Self { url, heard }
    }

    /// The heads of all requests so far, in lower case.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.lock().expect("nothing panics").clone()
    }
}

/// Reads one request to its end and gives its head.
async fn request(stream: &mut TcpStream) -> String {
    let (mut bytes, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut piece).await.expect("the client sends");
        bytes.extend_from_slice(&piece[..read]);
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
            if bytes.len() >= head.len() + 4 + length.unwrap_or(0) || read == 0 {
                return head.to_owned();
            }
        }
    }
}
