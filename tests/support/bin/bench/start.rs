//! How soon the first list is there with 10,000 finished transfers in the journal: in the core, and on the screen.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use headless::compose::Destinations;
use serde_json::Value;
use store::SqliteJournal;
use support::window::{Window, scene, until};
use transfer::engine::{Engine, Setup, Version};
use transfer::ids::{BatchId, DestinationId, ObjectId, TransferId};
use transfer::journal::{Change, Journal, TransferRecord};
use transfer::layout::ChunkLayout;
use transfer::name::FileName;
use transfer::placing::Placing;
use transfer::remote::{Completed, Proof};
use transfer::source::{FileSources, Fingerprint};
use transfer::state::{Intent, Priority, TransferState};
use transfer::tree::Root;
use transfer::units::{MIB, Timestamp};

use crate::display;
use crate::figures::{Goal, median, span};

const TRANSFERS: i64 = 10_000;
const STARTS: usize = 5;

/// From opening the journal to the list in the core; and from the start of the app's process to its first painted list.
pub(crate) fn with_ten_thousand(folder: &Path) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(fill(folder))?;
    let core = (0..STARTS).map(|_| runtime.block_on(core_start(folder))).collect::<Result<Vec<_>>>()?;
    report("journal opened, engine started, list given", &core);
    if !display() {
        return Ok(());
    }
    let mut windows = Vec::new();
    scene("bench-start", async |scene| {
        fill(&scene.state()).await?;
        for _ in 0..STARTS {
            let window = scene.open(&[]).await?;
            windows.push(first_list(&window).await?);
            window.quit().await?;
        }
        Ok(())
    })?;
    report("process started, list painted in the window", &windows);
    Ok(())
}

fn report(what: &str, seconds: &[f64]) {
    let (middle, (least, most)) = (median(seconds), span(seconds));
    println!("  {what}: {middle:.3} s ({least:.3} to {most:.3}); {}", Goal::AtMost(1.0).judge(middle));
}

async fn core_start(folder: &Path) -> Result<f64> {
    let begun = Instant::now();
    let journal = Arc::new(SqliteJournal::open(folder).await?.value);
    let remotes = Arc::new(Destinations::default());
    let engine = Engine::start(Setup::new(journal.clone(), remotes, Arc::new(FileSources))).await?;
    let listed = engine.since(Version::default()).await?.changed.len();
    let seconds = begun.elapsed().as_secs_f64();
    ensure!(listed as i64 == TRANSFERS, "{listed} were listed");
    engine.shutdown(Duration::ZERO).await;
    journal.close().await;
    Ok(seconds)
}

/// Seconds from the start of the process to the frame with the first list.
async fn first_list(window: &Window) -> Result<f64> {
    let script = "const [mark] = performance.getEntriesByName('first-list');
        return mark ? (performance.timeOrigin + mark.startTime) / 1000 : null";
    let painted = async || Ok(window.script(script, &[]).await?.as_f64());
    let painted = until("the first list", painted).await?;
    ensure!(
        window.script("return document.querySelectorAll('[data-state=done]').length", &[]).await? != Value::from(0)
    );
    Ok(painted - window.started()?)
}

async fn fill(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let journal = SqliteJournal::open(folder).await?.value;
    let records = (0..TRANSFERS).map(finished).collect::<Result<Vec<_>>>()?;
    journal.write(&[Change::Create(records)]).await?;
    journal.close().await;
    Ok(())
}

fn finished(number: i64) -> Result<TransferRecord> {
    let (name, size) = (format!("holiday {number:05}.mov"), 700 * MIB);
    Ok(TransferRecord {
        id: TransferId::random(),
        batch: BatchId::random(),
        position: number,
        path: Path::new("/media/card").join(&name),
        name: FileName::new(name.as_str())?,
        priority: Priority::Normal,
        placing: Placing::default(),
        destination: DestinationId("vault:/media/archive".into()),
        fingerprint: Fingerprint { size, modified_ns: 0, sample: format!("{number:064x}") },
        layout: Some(ChunkLayout::new(size, 4 * MIB)?),
        amending: false,
        max_chunk_len: None,
        handle: None,
        intent: Intent::Run,
        state: TransferState::Done(Completed { object: ObjectId(format!("{number:032x}")), proof: Proof::Root }),
        root: Some(Root([number as u8; 32])),
        bytes_sent: size,
        created_at: Timestamp(1_700_000_000_000 + number),
        ended_at: Some(Timestamp(1_700_000_100_000 + number)),
    })
}
