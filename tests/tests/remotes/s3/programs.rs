//! `pawl-upload` to a store: through kills of either side it ends with one object, and sends little twice.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use futures::TryStreamExt;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::Value;
use support::films::{blake3, edit, noise};
use support::garage::{Garage, KEY, SECRET};
use support::programs::{Talker, last, upload_to};
use tempfile::TempDir;
use transfer::ids::ObjectId;
use transfer::layout::ByteRange;
use transfer::remote::Remote;

use super::bucket::Look;
use super::driver;

/// What a stopped process exits with (`StoppingRemote`).
const STOPPED: Option<i32> = Some(86);
/// The length of a part, in bytes.
const PART: u64 = 8 << 20;
/// So many are in flight at most.
const PARALLEL: u64 = 8;

/// A store, a folder with a film in it, and the state of the uploads.
struct Desk {
    garage: Garage,
    folder: TempDir,
    film: PathBuf,
}

impl Desk {
    fn with_film(seed: u64, len: u64) -> Result<Self> {
        let folder = TempDir::new()?;
        let film = folder.path().join("film.bin");
        noise(&film, seed, len)?;
        Ok(Self { garage: Garage::start()?, folder, film })
    }

    fn command(&self) -> Result<Command> {
        let state = self.folder.path().join("state");
        let mut command = upload_to(&[&self.film], OsStr::new(&self.garage.address("in")), &state)?;
        command.env("AWS_ACCESS_KEY_ID", KEY).env("AWS_SECRET_ACCESS_KEY", SECRET);
        Ok(command)
    }

    /// Runs to the end, which must be good, and looks whether the film and nothing else is there.
    async fn finishes(&self) -> Result<Vec<Value>> {
        let (status, events) = Talker::start(&mut self.command()?)?.end()?;
        ensure!(status.success(), "it must end well: {:?}", events.last());
        self.holds_the_film(last(&events, "done")?).await?;
        Ok(events)
    }

    async fn holds_the_film(&self, done: &Value) -> Result<()> {
        let right = blake3(&self.film)?;
        ensure!(done["blake3"] == right.as_str(), "the receipt is the film's: {done}");
        ensure!(done["proof"] == "parts", "every part's sum was equal: {done}");
        let object = done["object"].as_str().context("an object has a name")?;
        ensure!(kept(&self.garage, object, self.film.metadata()?.len()).await? == right, "what is there is the film");
        let look = Look::at(&self.garage)?;
        let objects = look.objects().await?;
        ensure!(objects == ["in/film.bin"], "one object, and none beside it: {objects:?}");
        let open = look.open_uploads().await?;
        ensure!(open.is_empty(), "no upload is left open: {open:?}");
        Ok(())
    }
}

/// The BLAKE3 of an object, read through the driver.
async fn kept(garage: &Garage, object: &str, len: u64) -> Result<String> {
    let reader = driver(garage, "in")?.open(&ObjectId(object.to_owned())).await?;
    ensure!(reader.len() == len, "an object of {} bytes", reader.len());
    let mut stream = reader.read(ByteRange::at(0, len)).await?;
    let mut hasher = blake3::Hasher::new();
    while let Some(piece) = stream.try_next().await? {
        hasher.update(&piece);
    }
    Ok(hasher.finalize().to_hex().to_string())
}

fn figure(event: &Value, name: &str) -> u64 {
    event[name].as_u64().unwrap_or(0)
}

/// How many bytes left in a run.
fn travelled(events: &[Value]) -> u64 {
    let sent = |event: Option<&Value>| event.map_or(0, |event| figure(event, "bytes_sent"));
    let mut of_film = events.iter().filter(|event| event["bytes_sent"].is_u64());
    let first = sent(of_film.next());
    sent(of_film.next_back()).saturating_sub(first)
}

/// How many bytes a run found there when it began to send.
fn found(events: &[Value]) -> Option<u64> {
    events.iter().find(|event| event["state"] == "uploading").map(|event| figure(event, "bytes_acked"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_arrives_and_is_proven() -> Result<()> {
    let desk = Desk::with_film(1, 64 << 20)?;
    let events = desk.finishes().await?;
    assert_eq!(figure(last(&events, "done")?, "bytes_sent"), 64 << 20, "every byte travels once");
    let (_, again) = Talker::start(&mut desk.command()?)?.end()?;
    assert_eq!(last(&again, "done")?["already"], true, "and never again");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn kills_at_random_instants_cost_what_was_in_flight() -> Result<()> {
    const KILLS: u64 = 5;
    let seed = SystemTime::now().duration_since(UNIX_EPOCH)?.subsec_nanos().into();
    println!("the instants follow from {seed}");
    let (mut random, desk) = (StdRng::seed_from_u64(seed), Desk::with_film(seed, 96 << 20)?);
    let (mut sent, mut safe) = (0, 0);
    for _ in 0..KILLS {
        let run = Talker::start(desk.command()?.args(["--limit", "40M"]))?;
        std::thread::sleep(Duration::from_millis(random.random_range(100..1500)));
        let heard = run.kill()?;
        keeps(found(&heard), safe)?;
        sent += travelled(&heard);
        safe = heard.iter().map(|event| figure(event, "bytes_acked")).max().unwrap_or(0).max(safe);
    }
    let events = desk.finishes().await?;
    keeps(found(&events), safe)?;
    sent += travelled(&events);
    let most = (96 << 20) + KILLS * PARALLEL * PART;
    assert!(sent <= most, "{sent} bytes left, and the film with what was in flight is {most}");
    Ok(())
}

/// Of what was acknowledged before a kill, no more is sent again than could be on its way into the journal.
fn keeps(found: Option<u64>, safe: u64) -> Result<()> {
    let lost = safe.saturating_sub(found.unwrap_or(safe));
    ensure!(lost <= PARALLEL * PART, "of {safe} acknowledged bytes {lost} are forgotten");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_between_effect_and_reply_leaves_one_object() -> Result<()> {
    for (seed, place) in (3..).zip(["begin", "put:2", "complete"]) {
        let desk = Desk::with_film(seed, 24 << 20)?;
        let (status, events) = Talker::start(desk.command()?.env("PAWL_STOP_AT", place))?.end()?;
        assert_eq!(status.code(), STOPPED, "it must stop at {place}: {events:?}");
        let events = desk.finishes().await.with_context(|| format!("after a stop at {place}"))?;
        if place == "complete" {
            let first = events.first().map(|event| figure(event, "bytes_sent"));
            let done = figure(last(&events, "done")?, "bytes_sent");
            assert_eq!(first, Some(done), "the object is found; not a byte leaves again: {events:?}");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_dies_and_comes_back_is_gone_on_with() -> Result<()> {
    let mut desk = Desk::with_film(7, 64 << 20)?;
    let mut run = Talker::start(desk.command()?.args(["--limit", "30M"]))?;
    run.hear("some parts", |event| figure(event, "bytes_acked") >= 2 * PART)?;
    desk.garage.kill()?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    desk.garage.run()?;
    let (status, events) = run.end()?;
    ensure!(status.success(), "it goes on by itself: {:?}", events.last());
    desk.holds_the_film(last(&events, "done")?).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_taken_on_the_way_costs_a_second_journey_and_no_object() -> Result<()> {
    let desk = Desk::with_film(11, 24 << 20)?;
    // One part after the other: after the first there is time for somebody else.
    let mut run = Talker::start(desk.command()?.args(["--limit", "10M", "--parallel", "1"]))?;
    run.hear("a part", |event| figure(event, "bytes_acked") >= PART)?;
    let look = Look::at(&desk.garage)?;
    look.put("in/film.bin", "somebody else's").await?;
    let (status, events) = run.end()?;
    ensure!(status.success(), "it goes under the next name: {:?}", events.last());
    assert_eq!(last(&events, "done")?["object"], "s3://films/in/film (2).bin", "both are kept");
    assert_eq!(look.get("in/film.bin").await?, "somebody else's", "and nothing was written over");
    assert!(look.open_uploads().await?.is_empty(), "the first journey leaves nothing");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_that_was_edited_starts_over_and_leaves_no_parts_behind() -> Result<()> {
    let desk = Desk::with_film(9, 48 << 20)?;
    let mut run = Talker::start(desk.command()?.args(["--limit", "20M"]))?;
    run.hear("a part", |event| figure(event, "bytes_acked") >= PART)?;
    noise(&desk.film, 10, 20 << 20)?;
    let (status, _) = run.end()?;
    assert_eq!(status.code(), Some(1), "a mixture of two films must never be done");
    let (status, events) = Talker::start(desk.command()?.arg("--start-over"))?.end()?;
    ensure!(status.success(), "as the file is now: {:?}", events.last());
    desk.holds_the_film(last(&events, "done")?).await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_film_that_was_edited_only_what_changed_is_sent_again() -> Result<()> {
    let desk = Desk::with_film(14, 64 << 20)?;
    let mut run = Talker::start(desk.command()?.args(["--limit", "8M"]))?;
    // The last part goes first, then the others in order, a few at once.
    run.hear("some parts", |event| figure(event, "bytes_acked") >= 5 * PART)?;
    edit(&desk.film, PART / 2)?;
    let (status, _) = run.end()?;
    assert_eq!(status.code(), Some(1), "a mixture of two films must never be done");
    let mut command = desk.command()?;
    let (status, events) = Talker::start(command.arg("--send-changed").env("PAWL_STOP_AT", "amend"))?.end()?;
    assert_eq!(status.code(), STOPPED, "it dies before it writes down what stays: {:?}", events.last());
    let events = desk.finishes().await?;
    let (compared, proven) = (last(&events, "compared")?, last(&events, "proven")?);
    assert!(figure(compared, "same") >= 4 && figure(compared, "changed") == 1, "one part was edited: {compared}");
    assert_eq!(proven["by"], "journal", "a store tells no digests of ours");
    let most = (8 - figure(compared, "same")) * PART;
    let sent = travelled(&events);
    assert!(sent <= most, "no part that is the same was sent again: {sent} of {most} bytes");
    Ok(())
}

#[tokio::test]
async fn keys_keep_the_folders_of_the_files_where_the_template_says_so() -> Result<()> {
    let desk = Desk::with_film(12, 1000)?;
    let below = desk.folder.path().join("A001/day 2");
    std::fs::create_dir_all(&below)?;
    noise(&below.join("clip.mov"), 13, 2000)?;
    let (to, state) = (desk.garage.address("in"), desk.folder.path().join("state"));
    let mut command = upload_to(&[Path::new("A001/day 2/clip.mov"), &desk.film], OsStr::new(&to), &state)?;
    command.env("AWS_ACCESS_KEY_ID", KEY).env("AWS_SECRET_ACCESS_KEY", SECRET).current_dir(desk.folder.path());
    let (status, events) = Talker::start(command.args(["--name", "{folder}/{name}"]))?.end()?;
    ensure!(status.success(), "both arrive: {:?}", events.last());
    let objects = Look::at(&desk.garage)?.objects().await?;
    assert_eq!(objects, ["in/A001/day 2/clip.mov", "in/film.bin"], "as the files are named on the command line");
    Ok(())
}

#[test]
fn missing_keys_and_wrong_addresses_are_said() -> Result<()> {
    let folder = TempDir::new()?;
    let film = folder.path().join("film.bin");
    noise(&film, 8, 1000)?;
    let said = |to: &str| -> Result<String> { told(&film, to, folder.path()) };
    let keys = said("s3://films/in?endpoint=http://127.0.0.1:9&region=garage")?;
    assert!(keys.contains("AWS_ACCESS_KEY_ID"), "the person learns which variable is missing: {keys}");
    let endpoint = said("s3://films/in?endpont=http://127.0.0.1:9")?;
    assert!(endpoint.contains("endpont"), "and which word is not known: {endpoint}");
    let secret = said("s3://key:hidden@films/in")?;
    assert!(secret.contains("leave the access key out"), "keys have no place in an address: {secret}");
    Ok(())
}

fn told(film: &Path, to: &str, folder: &Path) -> Result<String> {
    let mut command = upload_to(&[film], OsStr::new(to), &folder.join("state"))?;
    let output = command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY").output()?;
    ensure!(!output.status.success(), "it cannot succeed");
    Ok(String::from_utf8_lossy(&output.stderr).into_owned())
}
