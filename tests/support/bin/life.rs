//! `life DISK FILM...`: one life of a whole Pawl, on a disk that may lose its power at any moment.
//!
//! It sends the films and prints what its vault promised, one JSON line each, *after* it was promised; then it closes
//! everything in order and says so. A panic ends it at once, with a signal: a dead disk is no reason to panic.

use std::path::PathBuf;

use anyhow::{Context, Result};
use support::house::House;
use support::power::OVER;
use transfer::state::TransferState;

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<()> {
    abort_on_panic();
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let disk = arguments.next().context("life DISK FILM...")?;
    let told = Box::new(|told: &_| println!("{}", serde_json::to_string(told).expect("words have a text")));
    let house = House::heard_by(&disk, None, told).await?;
    let mut transfers = Vec::new();
    for film in arguments {
        transfers.push(house.add(&film).await?);
    }
    for id in transfers {
        house.until(id, "the end of its upload", |now| matches!(now.state, TransferState::Done(_))).await?;
    }
    house.close().await;
    println!("{:?}", OVER);
    Ok(())
}

fn abort_on_panic() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        report(panic);
        std::process::abort();
    }));
}
