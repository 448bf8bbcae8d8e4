//! What whoever runs `pawl-server` asks it, and what it reads its settings from.

use std::fs;
use std::process::{Command, Output};
use std::time::Duration;

use anyhow::{Context, Result};
use reqwest::{Method, Response};
use serde_json::Value;
use support::programs::{PATIENCE, program};

use super::doors::{Doors, MIB, ONE, problem};

impl Doors {
    async fn get(&self, path: &str) -> Result<Response> {
        Ok(self.client.get(format!("{}{path}", self.server.url())).send().await?)
    }

    /// Asks until the answer is that status.
    async fn get_until(&self, path: &str, status: u16) -> Result<Response> {
        let asked = async {
            loop {
                let answer = self.get(path).await?;
                if answer.status() == status {
                    return Ok(answer);
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, asked).await.with_context(|| format!("{path} never was {status}"))?
    }

    /// What it counts, for an admin.
    async fn metrics(&self) -> Result<String> {
        let asked = self.client.get(format!("{}/metrics", self.server.url())).bearer_auth(&self.admin);
        Ok(asked.send().await?.text().await?)
    }
}

fn counted(text: &str, line: &str) -> Result<u64> {
    let found = text.lines().find_map(|told| told.strip_prefix(line)?.trim().parse().ok());
    found.with_context(|| format!("no {line} in\n{text}"))
}

#[tokio::test]
async fn a_server_says_that_it_lives_and_whether_it_can_take_films() -> Result<()> {
    let doors = Doors::open(&[])?;
    assert_eq!(doors.get("/healthz").await?.status(), 200, "it lives, and says so to everyone");
    assert_eq!(doors.get("/readyz").await?.status(), 200, "its disk can be written");
    let (incoming, away) = (doors.folder.path().join(".pawl/incoming"), doors.folder.path().join("away"));
    let own = incoming.parent().context("a folder")?;
    fs::rename(own, &away)?;
    let answer = doors.get_until("/readyz", 503).await?;
    assert_eq!(problem(answer).await?, (503, "/problems/unavailable".into()), "a disk that went away takes nothing");
    assert_eq!(doors.get("/healthz").await?.status(), 200, "which is no reason to kill the process");
    fs::rename(&away, own)?;
    doors.get_until("/readyz", 200).await?;
    Ok(())
}

#[tokio::test]
async fn a_disk_without_the_room_that_is_wanted_is_not_ready() -> Result<()> {
    let doors = Doors::open(&["--min-free", "18446744073709551615"])?;
    let answer = doors.get("/readyz").await?;
    assert_eq!(answer.status(), 503, "no disk has that much");
    let said = answer.json::<Value>().await?["detail"].as_str().context("a sentence")?.to_owned();
    assert!(said.contains("18446744073709551615"), "the sentence says what is wanted: {said}");
    Ok(())
}

#[tokio::test]
async fn a_server_that_is_asked_to_stop_says_so_before_it_does() -> Result<()> {
    let mut doors = Doors::open(&["--drain", "3600"])?;
    let pid = doors.server.pid()?;
    let signal = || Command::new("kill").args(["-TERM", &pid.to_string()]).status();
    signal()?;
    doors.get_until("/readyz", 503).await?;
    let asked = doors.ask(Method::GET, "/videos", &doors.anna, None).await?;
    assert_eq!(asked.status(), 200, "whoever comes meanwhile is served");
    signal()?;
    assert!(doors.server.ends()?.success(), "who asks twice does not want to wait");
    Ok(())
}

#[tokio::test]
async fn what_happens_is_counted() -> Result<()> {
    let doors = Doors::open(&["--max-requests", "5"])?;
    let film = doors.film(&doors.anna, ONE, &[7; 1000]).await?;
    let begun = doors.begun(&doors.bert, ONE).await?;
    let path = format!("/uploads/{}/chunks/0", begun["handle"].as_str().context("a handle")?);
    let put = |body: Vec<u8>, kind: &'static str| {
        let put = doors.client.put(format!("{}/api/v1{path}", doors.server.url())).bearer_auth(&doors.bert);
        put.header("content-type", kind).body(body).send()
    };
    let spoiled = put(vec![7; MIB as usize + 32], "application/vnd.pawl.chunk-cv").await?;
    assert_eq!(spoiled.status(), 422, "its digest is wrong");
    let read = doors.ask(Method::GET, &format!("/videos/{film}/content"), &doors.carla, None).await?;
    assert_eq!(read.bytes().await?.len(), 1000, "the film");
    let mut throttled = 0;
    for _ in 0..20 {
        throttled += u64::from(doors.ask(Method::GET, "/videos", &doors.carla, None).await?.status() == 429);
    }
    let text = doors.metrics().await?;
    for (line, count, what) in [
        ("pawl_uploads_open ", 1, "Bert's"),
        ("pawl_chunks_total{outcome=\"taken\"}", 1, "Anna's chunk"),
        ("pawl_chunk_bytes_total{outcome=\"taken\"}", 1000, "and its bytes"),
        ("pawl_chunks_total{outcome=\"corrupt\"}", 1, "Bert's chunk"),
        ("pawl_chunk_bytes_total{outcome=\"corrupt\"}", MIB + 32, "and its bytes"),
        ("pawl_sent_bytes_total{route=\"/api/v1/videos/{id}/content\"}", 1000, "the film that was read"),
        ("pawl_requests_total{method=\"GET\",route=\"/api/v1/videos/{id}/content\",status=\"200\"}", 1, "by its route"),
        ("pawl_request_duration_seconds_count{route=\"/api/v1/videos/{id}/content\"}", 1, "and how long it took"),
        ("pawl_throttled_total ", throttled, "those that came too soon"),
    ] {
        assert_eq!(counted(&text, line)?, count, "{line}: {what}");
    }
    assert!(throttled > 0 && counted(&text, "pawl_disk_free_bytes ")? > 0, "there is something to count");
    for told in ["anna", "bert", "film.mp4", film.as_str()] {
        assert!(!text.contains(told), "{told} is nobody's concern");
    }
    assert!(text.ends_with("# EOF\n"), "OpenMetrics 1.0.0 ends so");
    Ok(())
}

#[tokio::test]
async fn counts_are_for_admins() -> Result<()> {
    let doors = Doors::open(&[])?;
    let ask = async |header: (&'static str, &str)| -> Result<u16> {
        let request = doors.client.get(format!("{}/metrics", doors.server.url())).header(header.0, header.1);
        Ok(request.send().await?.status().as_u16())
    };
    assert_eq!(ask(("accept", "*/*")).await?, 401, "a proxy at this machine need not say that it is one");
    assert_eq!(ask(("authorization", &format!("Bearer {}", doors.anna))).await?, 403, "a token is not enough");
    assert_eq!(ask(("authorization", &format!("Bearer {}", doors.admin))).await?, 200, "an admin's is");
    Ok(())
}

#[tokio::test]
async fn without_tokens_it_is_for_this_machine_and_not_for_who_was_passed_on() -> Result<()> {
    let doors = Doors::open(&["--no-auth"])?;
    for path in ["/metrics", "/api/v1/videos"] {
        let ask = async |header: (&'static str, &str)| -> Result<u16> {
            let request = doors.client.get(format!("{}{path}", doors.server.url())).header(header.0, header.1);
            Ok(request.send().await?.status().as_u16())
        };
        assert_eq!(ask(("accept", "*/*")).await?, 200, "whoever sits here: {path}");
        for proxy in ["forwarded", "x-forwarded-for", "x-real-ip", "via"] {
            assert_eq!(ask((proxy, "203.0.113.9")).await?, 403, "not the world, which {proxy} gives away: {path}");
        }
        assert_eq!(ask(("host", "evil.example")).await?, 421, "nor a page that points its name here: {path}");
    }
    Ok(())
}

fn refused(doors: &Doors, settings: &str, more: &[&str]) -> Result<Output> {
    let config = doors.folder.path().join("server.toml");
    fs::write(&config, settings)?;
    Ok(Command::new(program("pawl-server")?).arg("--config").arg(config).args(more).output()?)
}

#[tokio::test]
async fn settings_are_read_from_a_file_and_flags_win() -> Result<()> {
    let mut doors = Doors::open(&[])?;
    let config = doors.folder.path().join("server.toml");
    fs::write(&config, "max-size = 1000\nmax-uploads = 1\npublic-host = \"https://films.example\"\n")?;
    let path = config.display().to_string();
    doors.restart(&["--config", &path, "--max-size", "5000000"])?;
    let about: Value = doors.ask(Method::GET, "/server", &doors.anna, None).await?.json().await?;
    assert_eq!(about["max_size"], 5_000_000, "the flag wins over the file");
    doors.begun(&doors.anna, ONE).await?;
    let second = doors.begin(&doors.anna, super::doors::TWO, "film.mp4").await?;
    assert_eq!(second.status(), 429, "what no flag says the file says");
    Ok(())
}

#[tokio::test]
async fn a_file_that_does_not_serve_is_refused_with_a_sentence() -> Result<()> {
    let doors = Doors::open(&[])?;
    let data = doors.folder.path().display().to_string();
    for (settings, said) in [
        ("max_size = 1", "\"max_size\" is no setting"),
        ("plain-http = \"yes\"", "plain-http is true or false"),
        ("max-size = \"much\"", "invalid value 'much' for '--max-size"),
        ("max-size", "it is no TOML"),
    ] {
        let output = refused(&doors, settings, &["--data", &data])?;
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && told.contains(said), "{settings}: {told}");
    }
    let output = Command::new(program("pawl-server")?).args(["--config", "/nowhere.toml", "--data", &data]).output()?;
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("cannot read the settings in /nowhere.toml"), "{told}");
    Ok(())
}
