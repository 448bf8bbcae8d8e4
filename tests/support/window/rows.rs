//! The list of transfers: what a row says, what one can do with it, its chunk map.

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::json;

use super::page::testid;
use super::{Window, until};

/// A row as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Row {
    /// `uploading`, `done`, …: the state's name in the page.
    pub state: String,
    /// All of its text.
    pub text: String,
}

/// An opened chunk map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Map {
    /// Cells that are safe.
    pub acked: u32,
    /// All cells.
    pub chunks: u32,
}

impl Window {
    /// The row of a film, if there is one.
    pub async fn row(&self, film: &str) -> Result<Option<Row>> {
        let script = "const row = document.querySelector(arguments[0]);
            return row && { state: row.dataset.state, text: row.innerText }";
        let row = self.script(script, &[json!(row(film))]).await?;
        Ok(serde_json::from_value(row)?)
    }

    /// Waits until the row is in one of these states.
    pub async fn until_row(&self, film: &str, states: &[&str]) -> Result<Row> {
        let is = async || Ok(self.row(film).await?.filter(|row| states.contains(&row.state.as_str())));
        match until(&format!("{film} to be {states:?}"), is).await {
            Ok(row) => Ok(row),
            Err(error) => Err(error.context(format!("its row is {:?}", self.row(film).await?))),
        }
    }

    /// Does something with a transfer: presses its button, or looks for it in the row's menu.
    pub async fn act(&self, film: &str, action: &str) -> Result<()> {
        let (row, action) = (row(film), testid(action));
        let button = format!("{row} {action}");
        if !self.shows(&button).await? {
            self.press(&format!("{row} {}", testid("more"))).await?;
        }
        self.press(&button).await
    }

    /// Opens the details of a row, where they are not open already.
    pub async fn open_details(&self, film: &str) -> Result<()> {
        let row = row(film);
        if !self.shows(&format!("{row} {}", testid("chunk-map"))).await? {
            self.press(&format!("{row} button[aria-expanded=false].title")).await?;
        }
        Ok(())
    }

    /// Waits until the opened chunk map looks like that.
    pub async fn until_map(&self, film: &str, what: &str, is: impl Fn(Map) -> bool) -> Result<Map> {
        let seen = async || Ok(self.map(film).await?.filter(|map| map.chunks > 0 && is(*map)));
        match until(&format!("the map of {film}: {what}"), seen).await {
            Ok(map) => Ok(map),
            Err(error) => Err(error.context(format!("it is {:?}", self.map(film).await?))),
        }
    }

    /// The opened chunk map; none while it is read.
    pub async fn map(&self, film: &str) -> Result<Option<Map>> {
        let script = "const map = document.querySelector(arguments[0])?.dataset;
            return map?.chunks === undefined ? null : { acked: Number(map.acked), chunks: Number(map.chunks) }";
        let map = self.script(script, &[json!(format!("{} {}", row(film), testid("chunk-map")))]).await?;
        serde_json::from_value(map).context("a map has counts")
    }
}

fn row(film: &str) -> String {
    testid(&format!("row-{film}"))
}
