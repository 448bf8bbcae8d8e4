//! Who comes in at `pawl-server`, and how far: no token, the wrong scope, another's upload, names that are tricks.

use anyhow::{Context, Result};
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};
use support::http::client;
use support::pawl_server::{PawlServer, token};
use support::programs::PATIENCE;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(super) const MIB: u64 = 1 << 20;

/// A server that knows Anna (read, upload), Bert (upload), Carla (read) and an admin.
pub(super) struct Doors {
    pub(super) folder: TempDir,
    pub(super) server: PawlServer,
    pub(super) anna: String,
    pub(super) bert: String,
    pub(super) carla: String,
    pub(super) admin: String,
    pub(super) client: Client,
}

impl Doors {
    pub(super) fn open(options: &[&str]) -> Result<Self> {
        Self::open_in(TempDir::new()?, options)
    }

    pub(super) fn open_in(folder: TempDir, options: &[&str]) -> Result<Self> {
        let anna = token(folder.path(), "anna", "read,upload")?;
        let bert = token(folder.path(), "bert", "upload")?;
        let carla = token(folder.path(), "carla", "read")?;
        let admin = token(folder.path(), "root", "admin")?;
        let server = PawlServer::start(folder.path(), options)?;
        Ok(Self { folder, server, anna, bert, carla, admin, client: client() })
    }

    /// Kills the server and starts it again with other options.
    pub(super) fn restart(&mut self, options: &[&str]) -> Result<()> {
        self.server.restart_with(options)?;
        // The old one's connections lead nowhere.
        self.client = client();
        Ok(())
    }

    pub(super) async fn ask(&self, method: Method, path: &str, token: &str, body: Option<Value>) -> Result<Response> {
        let request = self.client.request(method, format!("{}/api/v1{path}", self.server.url())).bearer_auth(token);
        Ok(match body {
            Some(body) => request.json(&body).send().await?,
            None => request.send().await?,
        })
    }

    /// The head of a chunk of Anna's, which is a MiB long, and its first thousand bytes.
    async fn part_of_a_chunk(&self, path: &str) -> Result<TcpStream> {
        let mut socket = TcpStream::connect(self.server.url().replace("http://", "")).await?;
        let head = format!(
            "PUT {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-length: {MIB}\r\n\r\n",
            self.anna
        );
        socket.write_all(head.as_bytes()).await?;
        socket.write_all(&[7; 1000]).await?;
        Ok(socket)
    }

    pub(super) async fn begin(&self, token: &str, id: &str, name: &str) -> Result<Response> {
        let new = json!({ "id": id, "name": name, "size": 3 * MIB, "chunk_len": MIB });
        self.ask(Method::POST, "/uploads", token, Some(new)).await
    }

    pub(super) async fn begun(&self, token: &str, id: &str) -> Result<Value> {
        let answer = self.begin(token, id, "film.mp4").await?;
        assert_eq!(answer.status(), 201, "an upload begins");
        Ok(answer.json().await?)
    }

    /// A film of one chunk, and its video's id.
    pub(super) async fn film(&self, token: &str, id: &str, bytes: &[u8]) -> Result<String> {
        let new = json!({ "id": id, "name": "film.mp4", "size": bytes.len(), "chunk_len": MIB });
        let begun: Value = self.ask(Method::POST, "/uploads", token, Some(new)).await?.json().await?;
        let path = format!("/uploads/{}", begun["handle"].as_str().context("a handle")?);
        let put = self.client.put(format!("{}/api/v1{path}/chunks/0", self.server.url())).bearer_auth(token);
        assert_eq!(put.body(bytes.to_vec()).send().await?.status(), 204, "the chunk is taken");
        let complete =
            json!({ "blake3": blake3::hash(bytes).to_hex().as_str(), "size": bytes.len(), "chunk_len": MIB });
        let done = self.ask(Method::POST, &format!("{path}/complete"), token, Some(complete)).await?;
        assert_eq!(done.status(), 200, "the film is there");
        Ok(done.json::<Value>().await?["video"].as_str().context("a video")?.to_owned())
    }
}

pub(super) const ONE: &str = "00000000-0000-4000-8000-000000000001";
pub(super) const TWO: &str = "00000000-0000-4000-8000-000000000002";

pub(super) async fn problem(answer: Response) -> Result<(u16, String)> {
    let status = answer.status().as_u16();
    let problem: Value = answer.json().await?;
    assert_eq!(problem["status"], status, "the problem repeats the status (RFC 9457, section 3.1.2)");
    Ok((status, problem["type"].as_str().context("a type")?.to_owned()))
}

#[tokio::test]
async fn without_a_token_that_is_known_nothing_is_told() -> Result<()> {
    let doors = Doors::open(&[])?;
    for path in ["/videos", "/server", "/uploads/x", "/videos/x/content"] {
        let answer = doors.client.get(format!("{}/api/v1{path}", doors.server.url())).send().await?;
        assert_eq!(answer.headers().get("www-authenticate").context("a challenge")?, "Bearer", "RFC 6750, section 3");
        assert_eq!(problem(answer).await?, (401, "/problems/no-token".into()), "{path} without a token");
        let answer = doors.ask(Method::GET, path, "pawl_wrong", None).await?;
        assert_eq!(answer.status(), 401, "{path} with a token that nobody made");
    }
    Ok(())
}

#[tokio::test]
async fn a_token_permits_what_it_was_made_for() -> Result<()> {
    let doors = Doors::open(&[])?;
    let refused = doors.begin(&doors.carla, ONE, "film.mp4").await?;
    assert_eq!(problem(refused).await?, (403, "/problems/not-permitted".into()), "who only reads does not send");
    let refused = doors.ask(Method::GET, "/videos", &doors.bert, None).await?;
    assert_eq!(refused.status(), 403, "who only sends does not read others' films");
    let begun = doors.begun(&doors.bert, ONE).await?;
    let own = format!("/videos/{}/content", begun["video"].as_str().context("a video")?);
    let looked = doors.ask(Method::HEAD, &own, &doors.bert, None).await?;
    assert_eq!(looked.status(), 200, "but what is one's own");
    assert_eq!(doors.ask(Method::GET, "/videos", &doors.carla, None).await?.status(), 200, "and who reads, reads");
    Ok(())
}

#[tokio::test]
async fn anothers_upload_is_not_there() -> Result<()> {
    let doors = Doors::open(&[])?;
    let annas = doors.begun(&doors.anna, ONE).await?;
    let berts = doors.begun(&doors.bert, ONE).await?;
    assert_ne!(annas["handle"], berts["handle"], "two may choose one id without meeting");
    let path = format!("/uploads/{}", annas["handle"].as_str().context("a handle")?);
    let complete = json!({ "blake3": "00".repeat(32), "size": 3 * MIB, "chunk_len": MIB });
    for (method, rest, body) in
        [(Method::GET, "", None), (Method::POST, "/complete", Some(complete)), (Method::GET, "/events", None)]
    {
        let answer = doors.ask(method, &format!("{path}{rest}"), &doors.bert, body).await?;
        assert_eq!(problem(answer).await?, (404, "/problems/not-found".into()), "{rest:?}: not even that it exists");
    }
    let put = doors.client.put(format!("{}/api/v1{path}/chunks/0", doors.server.url())).bearer_auth(&doors.bert);
    assert_eq!(put.body(vec![7; MIB as usize]).send().await?.status(), 404, "no byte gets into it");
    assert_eq!(doors.ask(Method::DELETE, &path, &doors.bert, None).await?.status(), 204, "giving it up says nothing");
    assert_eq!(doors.ask(Method::GET, &path, &doors.anna, None).await?.status(), 200, "and does nothing");
    Ok(())
}

#[tokio::test]
async fn names_and_ids_that_are_tricks_stay_words() -> Result<()> {
    let doors = Doors::open(&[])?;
    for name in ["..%2F..%2Fetc%2Fpasswd", "..", "", "a%00b", "%2Fetc%2Fpasswd"] {
        let answer = doors.begin(&doors.anna, ONE, name).await?;
        assert_eq!(problem(answer).await?, (400, "/problems/bad-request".into()), "{name:?} is no file's name");
    }
    for id in ["../../x", "", "film", "%00"] {
        assert_eq!(doors.begin(&doors.anna, id, "film.mp4").await?.status(), 400, "{id:?} is no id");
    }
    for handle in ["..%2F..%2Fvault.db", "%00", "x%2Fy", "x.y", "."] {
        let answer = doors.ask(Method::GET, &format!("/uploads/{handle}"), &doors.anna, None).await?;
        assert_eq!(answer.status(), 404, "{handle:?} names no upload");
    }
    Ok(())
}

#[tokio::test]
async fn a_chunk_that_is_not_one_is_refused_before_it_is_read() -> Result<()> {
    let doors = Doors::open(&[])?;
    let begun = doors.begun(&doors.anna, ONE).await?;
    let handle = begun["handle"].as_str().context("a handle")?;
    let chunk = |number: &str| format!("{}/api/v1/uploads/{handle}/chunks/{number}", doors.server.url());
    let put = |number: &str, body: Vec<u8>| doors.client.put(chunk(number)).bearer_auth(&doors.anna).body(body).send();
    for (number, bytes, what) in
        [("0", MIB - 1, "too short"), ("0", MIB + 1, "too long"), ("3", MIB, "beyond the last")]
    {
        let answer = put(number, vec![7; bytes as usize]).await?;
        assert_eq!(problem(answer).await?, (400, "/problems/bad-request".into()), "a chunk {what}");
    }
    let spoiled = doors.client.put(chunk("0")).bearer_auth(&doors.anna);
    let spoiled = spoiled.header("content-type", "application/vnd.pawl.chunk-cv").body(vec![7; MIB as usize + 32]);
    let answer = spoiled.send().await?;
    assert_eq!(problem(answer).await?, (422, "/problems/corrupt".into()), "bytes that do not have their digest");
    let status: Value = doors.ask(Method::GET, &format!("/uploads/{handle}"), &doors.anna, None).await?.json().await?;
    assert_eq!(status["chunks"], json!([]), "nothing of it was taken");
    assert_eq!(put("0", vec![7; MIB as usize]).await?.status(), 204, "a chunk without a digest is taken as it is");
    Ok(())
}

#[tokio::test]
async fn limits_are_told_as_what_they_are() -> Result<()> {
    let doors = Doors::open(&["--max-uploads", "1", "--max-bytes", "4000000", "--max-size", "3500000"])?;
    let begun = doors.begun(&doors.anna, ONE).await?;
    assert_eq!(doors.begin(&doors.anna, ONE, "film.mp4").await?.status(), 200, "what is there already is there");
    let second = doors.begin(&doors.anna, TWO, "film.mp4").await?;
    assert_eq!(problem(second).await?, (429, "/problems/too-many-uploads".into()), "one upload at a time");
    doors.begun(&doors.bert, TWO).await?;
    let handle = begun["handle"].as_str().context("a handle")?;
    assert_eq!(doors.ask(Method::DELETE, &format!("/uploads/{handle}"), &doors.anna, None).await?.status(), 204);
    let large = json!({ "id": TWO, "name": "film.mp4", "size": 4 * MIB, "chunk_len": MIB });
    let answer = doors.ask(Method::POST, "/uploads", &doors.anna, Some(large)).await?;
    assert_eq!(problem(answer).await?, (413, "/problems/file-too-large".into()), "four megabytes are too many");
    Ok(())
}

/// An id that is there already is no way around a limit: another size is another upload.
#[tokio::test]
async fn beginning_again_with_another_size_is_beginning() -> Result<()> {
    let doors = Doors::open(&["--max-bytes", "4000000", "--max-size", "3500000"])?;
    doors.begun(&doors.anna, ONE).await?;
    let again = |size: u64| json!({ "id": ONE, "name": "film.mp4", "size": size, "chunk_len": MIB });
    let answer = doors.ask(Method::POST, "/uploads", &doors.anna, Some(again(1 << 40))).await?;
    assert_eq!(problem(answer).await?, (413, "/problems/file-too-large".into()), "however it was begun");
    let doors = Doors::open(&["--max-bytes", "4000000"])?;
    doors.begun(&doors.anna, ONE).await?;
    let answer = doors.ask(Method::POST, "/uploads", &doors.anna, Some(again(5_000_000))).await?;
    assert_eq!(problem(answer).await?, (507, "/problems/no-space".into()), "what may be kept is used up");
    Ok(())
}

#[tokio::test]
async fn many_that_begin_at_once_do_not_all_get_the_one_place() -> Result<()> {
    let doors = Doors::open(&["--max-uploads", "1"])?;
    let ids: Vec<String> = (0..30).map(|number| format!("00000000-0000-4000-8000-0000000001{number:02}")).collect();
    let answers = futures::future::join_all(ids.iter().map(|id| doors.begin(&doors.anna, id, "film.mp4"))).await;
    let taken = answers.into_iter().collect::<Result<Vec<_>>>()?;
    assert_eq!(taken.iter().filter(|answer| answer.status() == 201).count(), 1, "one place, one upload");
    Ok(())
}

/// A request that was on its way when its upload was given up is nobody's any more.
#[tokio::test]
async fn a_late_chunk_does_not_reach_the_upload_that_was_begun_again() -> Result<()> {
    let doors = Doors::open(&[])?;
    let before = doors.begun(&doors.anna, ONE).await?["handle"].as_str().context("a handle")?.to_owned();
    assert_eq!(doors.ask(Method::DELETE, &format!("/uploads/{before}"), &doors.anna, None).await?.status(), 204);
    let now = doors.begun(&doors.anna, ONE).await?["handle"].as_str().context("a handle")?.to_owned();
    let put = |handle: &str| {
        let url = format!("{}/api/v1/uploads/{handle}/chunks/0", doors.server.url());
        doors.client.put(url).bearer_auth(&doors.anna).body(vec![7; MIB as usize]).send()
    };
    assert_eq!(put(&before).await?.status(), 404, "the old upload is gone");
    let status: Value = doors.ask(Method::GET, &format!("/uploads/{now}"), &doors.anna, None).await?.json().await?;
    assert_eq!(status["chunks"], json!([]), "nothing of it is in the new one");
    Ok(())
}

#[tokio::test]
async fn what_a_server_takes_can_be_asked() -> Result<()> {
    let doors = Doors::open(&["--max-size", "1000"])?;
    let about: Value = doors.ask(Method::GET, "/server", &doors.carla, None).await?.json().await?;
    assert_eq!((&about["product"], &about["max_size"]), (&"pawl".into(), &1000.into()), "{about}");
    assert_eq!(about["scopes"], json!(["read"]), "and what the token may");
    Ok(())
}

#[tokio::test]
async fn too_many_requests_are_told_when_to_come_again() -> Result<()> {
    let doors = Doors::open(&["--max-requests", "2"])?;
    let mut refused = None;
    for _ in 0..20 {
        let answer = doors.ask(Method::GET, "/server", &doors.anna, None).await?;
        if answer.status() == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.context("twenty at once are too many")?;
    let after: u64 = refused.headers().get("retry-after").context("when to come again")?.to_str()?.parse()?;
    assert_eq!(after, 1, "in a second there is room for two more");
    assert_eq!(doors.ask(Method::GET, "/server", &doors.carla, None).await?.status(), 200, "others are served");
    Ok(())
}

#[tokio::test]
async fn who_falls_silent_in_the_middle_of_a_chunk_is_cut_and_harms_nobody() -> Result<()> {
    let doors = Doors::open(&["--silence", "1"])?;
    let begun = doors.begun(&doors.anna, ONE).await?;
    let handle = begun["handle"].as_str().context("a handle")?;
    let (path, token) = (format!("/api/v1/uploads/{handle}/chunks/0"), &doors.anna);
    let socket = doors.part_of_a_chunk(&path).await?;
    let put =
        || doors.client.put(format!("{}{path}", doors.server.url())).bearer_auth(token).body(vec![7; MIB as usize]);
    let mut taken = put().send().await?.status();
    if taken == 503 {
        // The silent one was let in last, and took the place of this one, once.
        taken = put().send().await?.status();
    }
    assert_eq!(taken, 204, "another sender of it is not held up");
    let answer = told(socket).await.context("the silent one is cut")?;
    assert!(answer.starts_with("HTTP/1.1 408"), "and told: {answer}");
    assert!(answer.contains("connection: close"), "nothing is sent over this connection any more: {answer}");
    Ok(())
}

#[tokio::test]
async fn a_connection_whose_chunk_broke_off_is_not_taken_for_another() -> Result<()> {
    let doors = Doors::open(&[])?;
    let begun = doors.begun(&doors.anna, ONE).await?;
    let path = |chunk: &str| format!("/api/v1/uploads/{}/chunks/{chunk}", begun["handle"].as_str().unwrap_or_default());
    let client = &doors.client;
    // A chunk, and one that there is not.
    for (chunk, whole, cut) in [("0", 204, "503"), ("7", 400, "400")] {
        let put = client.put(format!("{}{}", doors.server.url(), path(chunk))).bearer_auth(&doors.anna);
        let answer = put.body(vec![7; MIB as usize]).send().await?;
        assert_eq!(answer.status(), whole, "chunk {chunk} came whole");
        assert!(answer.headers().get("connection").is_none(), "and others follow over its connection: {answer:?}");
        let mut socket = doors.part_of_a_chunk(&path(chunk)).await?;
        socket.shutdown().await?;
        let answer = told(socket).await?;
        assert!(answer.starts_with(&format!("HTTP/1.1 {cut}")), "what broke off is told: {answer}");
        assert!(answer.contains("connection: close"), "and that the connection is over (RFC 9112, 9.6): {answer}");
    }
    Ok(())
}

/// Whatever the server still says.
async fn told(mut socket: TcpStream) -> Result<String> {
    let mut answer = Vec::new();
    tokio::time::timeout(PATIENCE, socket.read_to_end(&mut answer)).await.context("an end")??;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
