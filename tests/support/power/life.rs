//! One life: a Pawl that sends its films to a disk that may lose its power at any moment.
//!
//! It prints what its vault promised, one JSON line each, *after* it was promised; then it closes everything in order
//! and says so.

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::json;
use transfer::state::TransferState;

use super::OVER;
use crate::house::House;

/// Lives on `disk` until every film is done.
pub async fn live(disk: &Path, films: Vec<PathBuf>) -> Result<()> {
    let house = House::heard_by(disk, None, Box::new(|told| println!("{}", json!(told)))).await?;
    let mut transfers = Vec::new();
    for film in films {
        transfers.push(house.add(&film).await?);
    }
    for id in transfers {
        house.until(id, "the end of its upload", |now| matches!(now.state, TransferState::Done(_))).await?;
    }
    house.close().await;
    println!("{}", json!(OVER));
    Ok(())
}
