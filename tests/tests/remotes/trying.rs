//! *Test connection*, against real servers: what is right is found to be right, and what is wrong is named.

use std::path::Path;

use anyhow::{Context, Result};
use headless::destinations::{Entry, Place, Style, probed};
use headless::secrets::Secret;
use remotes::probe::{Check, Checked, Report, Verdict};
use support::films::blake3;
use support::garage::{BUCKET, Garage, KEY, REGION, SECRET};
use support::pawl_server::{PawlServer, certificate, token};
use support::tus_server::TusServer;
use tempfile::TempDir;
use transfer::placing::{Taken, Template};

fn entry(place: Place) -> Entry {
    Entry {
        id: Entry::new_id(),
        name: "for a test".to_owned(),
        taken: Taken::default(),
        limit: None,
        template: Template::default(),
        proxy: None,
        authorities: None,
        secret: None,
        place,
        more: Default::default(),
    }
}

fn server(url: &str) -> Entry {
    entry(Place::Server { url: url.to_owned() })
}

fn bucket(garage: &Garage, bucket: &str) -> Entry {
    entry(Place::S3 {
        endpoint: garage.endpoint(),
        region: REGION.to_owned(),
        bucket: bucket.to_owned(),
        prefix: "trial".to_owned(),
        style: Style::Auto,
    })
}

/// One of each kind at that address.
fn every(base: &str) -> [(Entry, Option<Secret>); 3] {
    let (region, bucket, prefix) = (REGION.to_owned(), BUCKET.to_owned(), String::new());
    let store = entry(Place::S3 { endpoint: base.to_owned(), region, bucket, prefix, style: Style::Path });
    [(server(base), None), (entry(Place::Tus { url: format!("{base}/files/") }), None), (store, keys(SECRET))]
}

fn keys(secret_key: &str) -> Option<Secret> {
    Some(Secret::Keys { access_key: KEY.to_owned(), secret_key: secret_key.to_owned(), session_token: None })
}

async fn tried(entry: &Entry, secret: Option<Secret>) -> Result<Report> {
    probed(entry, secret.as_ref()).await.map_err(anyhow::Error::msg)
}

fn verdicts(report: &Report) -> Vec<Verdict> {
    report.checks.iter().map(|check| check.verdict).collect()
}

fn of(report: &Report, what: Checked) -> Result<&Check> {
    report.checks.iter().find(|check| check.what == what).context("a line for each")
}

/// The line that says no, and that nothing after it was tried.
fn refusal(report: &Report) -> Result<(Checked, &str)> {
    let at = report.checks.iter().position(|check| check.verdict == Verdict::No);
    let at = at.with_context(|| format!("something must be wrong: {report:?}"))?;
    let rest = &report.checks[at + 1..];
    assert!(rest.iter().all(|check| check.sentence == "Not tried."), "after a failure nothing is tried: {report:?}");
    Ok((report.checks[at].what, &report.checks[at].sentence))
}

use Verdict::{No, Unknown, Yes};

#[tokio::test]
async fn a_pawl_server_says_what_it_is_and_nothing_stays_there() -> Result<()> {
    let folder = TempDir::new()?;
    let token = Secret::Token(token(folder.path(), "anna", "read,upload")?);
    let running = PawlServer::start(folder.path(), &["--max-size", "5000000000"])?;
    let report = tried(&server(&running.url()), Some(token.clone())).await?;
    assert_eq!(verdicts(&report), [Yes, Yes, Yes, Unknown, Yes, Yes], "there is no film to read yet: {report:?}");
    assert!(of(&report, Checked::Limits)?.sentence.contains("5 GB"), "its limit is told: {report:?}");
    let parts = std::fs::read_dir(folder.path().join(".pawl/incoming"))?.count();
    assert_eq!(parts, 0, "the upload of the trial was given up again");

    let report = tried(&server(&running.url()), Some(Secret::Token("wrong".to_owned()))).await?;
    let (what, sentence) = refusal(&report)?;
    assert!(what == Checked::SignedIn && sentence.contains("token"), "the token is to blame: {what:?} {sentence}");
    let report = tried(&server(&running.url()), None).await?;
    assert_eq!(refusal(&report)?.0, Checked::SignedIn, "without one nobody comes in: {report:?}");
    Ok(())
}

#[tokio::test]
async fn a_token_that_may_not_upload_and_one_that_may_not_read_are_told_apart() -> Result<()> {
    let folder = TempDir::new()?;
    let (reads, sends) = (token(folder.path(), "reads", "read")?, token(folder.path(), "sends", "upload")?);
    let running = PawlServer::start(folder.path(), &[])?;
    let report = tried(&server(&running.url()), Some(Secret::Token(reads))).await?;
    assert_eq!(refusal(&report)?.0, Checked::CanWrite, "it lets us in, and takes nothing: {report:?}");
    let report = tried(&server(&running.url()), Some(Secret::Token(sends))).await?;
    assert_eq!(
        of(&report, Checked::CanReadRanges)?.verdict,
        Unknown,
        "it is not asked for what is not ours: {report:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_told_and_a_persons_own_authority_helps() -> Result<()> {
    let folder = TempDir::new()?;
    let token = Secret::Token(token(folder.path(), "anna", "read,upload")?);
    let (certificate, key) = certificate(folder.path())?;
    let texts = [&certificate, &key].map(|path: &std::path::PathBuf| path.display().to_string());
    let running = PawlServer::start(folder.path(), &["--tls-certificate", &texts[0], "--tls-key", &texts[1]])?;
    let report = tried(&server(&running.https()), Some(token.clone())).await?;
    let (what, sentence) = refusal(&report)?;
    assert!(what == Checked::Reachable && sentence.contains("certificate"), "TLS is to blame: {what:?} {sentence}");
    let trusting = Entry { authorities: Some(std::fs::read_to_string(&certificate)?), ..server(&running.https()) };
    assert_eq!(of(&tried(&trusting, Some(token.clone())).await?, Checked::CanWrite)?.verdict, Yes, "now it is trusted");
    let other = running.https().replace("localhost", "127.0.0.1");
    let report = tried(&Entry { place: Place::Server { url: other }, ..trusting }, Some(token.clone())).await?;
    assert!(refusal(&report)?.1.contains("another name"), "the name is to blame: {report:?}");
    let plain = PawlServer::start(&folder.path().join("plain"), &["--no-auth"])?;
    let report = tried(&server(&plain.url().replace("http:", "https:")), None).await?;
    assert!(refusal(&report)?.1.contains("does not speak TLS"), "the address is to blame: {report:?}");
    Ok(())
}

#[tokio::test]
async fn what_is_not_there_and_what_is_no_server_is_named() -> Result<()> {
    let refused = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let page = answering("200 OK\r\nContent-Type: text/html", "<html>Welcome</html>").await?;
    let away = answering("302 Found\r\nLocation: http://portal.invalid/", "").await?;
    for (base, words) in [
        (format!("http://{refused}"), "refuses connections"),
        ("http://nobody.invalid".to_owned(), "Nobody knows a computer called nobody.invalid"),
        (page, "page for people"),
        (away, "portal.invalid"),
    ] {
        for (entry, secret) in every(&base) {
            let report = tried(&entry, secret).await?;
            let (what, sentence) = refusal(&report)?;
            assert_eq!(what, Checked::Reachable, "{base} {:?}: {report:?}", entry.place);
            // A machine without any way out knows no names, and that is said instead.
            let is_cut_off = base.contains("nobody.invalid") && sentence.contains("no network");
            assert!(sentence.contains(words) || is_cut_off, "{base} {:?}: {sentence}", entry.place);
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_stranger_who_forbids_is_not_taken_for_a_server_with_another_token() -> Result<()> {
    for status in ["400 Bad Request", "401 Unauthorized", "403 Forbidden"] {
        let stranger = answering(status, "<Error/>").await?;
        let report = tried(&server(&stranger), Some(Secret::Token("s3cret".to_owned()))).await?;
        let (what, sentence) = refusal(&report)?;
        assert_eq!(what, Checked::Reachable, "no token helps there: {report:?}");
        assert!(sentence.contains("no Pawl server") && sentence.contains(status), "{sentence}");
    }
    Ok(())
}

#[tokio::test]
async fn every_kind_trusts_a_persons_own_authority_and_goes_through_their_proxy() -> Result<()> {
    let folder = TempDir::new()?;
    let (certificate, key) = certificate(folder.path())?;
    let texts = [&certificate, &key].map(|path: &std::path::PathBuf| path.display().to_string());
    let vault = folder.path().join("vault");
    let _anna = token(&vault, "anna", "read")?;
    let running = PawlServer::start(&vault, &["--tls-certificate", &texts[0], "--tls-key", &texts[1]])?;
    let authorities = Some(std::fs::read_to_string(&certificate)?);
    for (entry, secret) in every(&running.https()) {
        let report = tried(&entry, secret.clone()).await?;
        assert!(refusal(&report)?.1.contains("certificate"), "nobody vouches for it: {:?} {report:?}", entry.place);
        let report = tried(&Entry { authorities: authorities.clone(), ..entry.clone() }, secret).await?;
        assert!(!refusal(&report)?.1.contains("certificate"), "somebody does: {:?} {report:?}", entry.place);
    }
    let proxy = Some(answering("200 OK\r\nContent-Type: text/html", "<html>I am the proxy</html>").await?);
    for (entry, secret) in every("http://nobody.invalid") {
        let report = tried(&Entry { proxy: proxy.clone(), ..entry.clone() }, secret).await?;
        assert!(refusal(&report)?.1.contains("page for people"), "the proxy answers: {:?} {report:?}", entry.place);
    }
    Ok(())
}

#[tokio::test]
async fn a_tus_server_is_tried_without_a_trace() -> Result<()> {
    let folder = TempDir::new()?;
    let running = TusServer::start(folder.path(), &[])?;
    let report = tried(&entry(Place::Tus { url: running.url().to_owned() }), None).await?;
    assert_eq!(verdicts(&report), [Yes, Yes, Yes, Unknown, Yes, No], "it proves nothing but the size: {report:?}");
    assert_eq!(running.files()?, Vec::<std::path::PathBuf>::new(), "the upload of the trial was given up again");
    Ok(())
}

#[tokio::test]
async fn a_bucket_is_tried_without_a_trace_and_its_troubles_are_named() -> Result<()> {
    let garage = Garage::start()?;
    let report = tried(&bucket(&garage, BUCKET), keys(SECRET)).await?;
    assert_eq!(verdicts(&report), [Yes, Yes, Yes, Unknown, Yes, Yes], "there is no object to read yet: {report:?}");
    let report = tried(&bucket(&garage, "no-such-bucket"), keys(SECRET)).await?;
    let (what, sentence) = refusal(&report)?;
    assert!(what != Checked::Reachable, "the store is there: {report:?}");
    assert!(sentence.contains("bucket"), "the bucket is to blame: {sentence}");
    let report = tried(&bucket(&garage, BUCKET), keys(&SECRET.replace('0', "1"))).await?;
    assert_eq!(refusal(&report)?.0, Checked::SignedIn, "the keys are to blame: {report:?}");
    Ok(())
}

/// A server with one answer for everybody: its address.
async fn answering(status: &'static str, body: &'static str) -> Result<String> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let answer = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = [0; 4096];
            // Whoever goes away before the answer needs none.
            let _ = stream.read(&mut head).await;
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    Ok(format!("http://{address}"))
}

#[tokio::test]
async fn a_store_whose_clock_is_another_says_by_how_much() -> Result<()> {
    let skewed = "403 Forbidden\r\nDate: Wed, 25 Nov 2020 12:00:00 GMT";
    let said = "<Error><Code>RequestTimeTooSkewed</Code><Message>The difference is too large</Message></Error>";
    let endpoint = answering(skewed, said).await?;
    let (region, bucket, prefix) = (REGION.to_owned(), BUCKET.to_owned(), String::new());
    let entry = entry(Place::S3 { endpoint, region, bucket, prefix, style: Style::Path });
    let report = tried(&entry, keys(SECRET)).await?;
    let (what, sentence) = refusal(&report)?;
    assert_eq!(what, Checked::SignedIn, "a store answers: {report:?}");
    assert!(
        sentence.contains("clock") && sentence.contains("days ahead"),
        "where to look, and how far off: {sentence}"
    );
    Ok(())
}

#[test]
fn a_destination_of_the_app_is_sent_to_by_its_name() -> Result<()> {
    let folder = TempDir::new()?;
    let path = |name: &str| folder.path().join(name);
    let secret = token(&path("vault"), "anna", "read,upload")?;
    let running = PawlServer::start(&path("vault"), &[])?;
    let state = path("data/pawl");
    std::fs::create_dir_all(&state)?;
    let book = format!(
        "[[destination]]\nid = \"a\"\nname = \"The archive\"\nsecret = \"file\"\nplace = {{ kind = \"server\", url = \"{}\" }}\n",
        running.url()
    );
    std::fs::write(state.join("destinations.toml"), book)?;
    std::fs::write(state.join("secrets.toml"), format!("a = '{{\"token\":\"{secret}\"}}'\n"))?;
    let film = path("film.mov");
    std::fs::write(&film, vec![7; 3_000_000])?;
    let run = |name: &str| upload(&film, name, folder.path());
    let (done, said) = run("the archive")?;
    assert!(done, "as a person types it: {said}");
    assert!(!said.contains(&secret), "no secret is printed: {said}");
    assert_eq!(blake3(&path("vault/film.mov"))?, blake3(&film)?, "it is there");
    let (done, said) = run("The other")?;
    assert!(!done && said.contains("The archive"), "those that are there are named: {said}");
    Ok(())
}

fn upload(film: &Path, name: &str, folder: &Path) -> Result<(bool, String)> {
    let mut command = support::programs::upload_to(&[film], name.as_ref(), &folder.join("state"))?;
    let output = command.env("XDG_DATA_HOME", folder.join("data")).env_remove("PAWL_TOKEN").output()?;
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    Ok((output.status.success(), said.into_owned()))
}
