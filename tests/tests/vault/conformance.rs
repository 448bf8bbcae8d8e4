//! The vault keeps every promise that the engine relies on.

use std::sync::{Arc, Mutex};

use anyhow::Result;
use async_trait::async_trait;
use support::vaults::{Open, Site};
use tempfile::TempDir;
use transfer::remote::Remote;
use transfer::testing::conformance::{World, conform};

struct VaultWorld {
    _folder: TempDir,
    site: Site,
    open: Mutex<Option<Open>>,
}

impl VaultWorld {
    async fn new() -> Result<Self> {
        let (folder, site) = super::site()?;
        let open = Mutex::new(Some(site.open().await?));
        Ok(Self { _folder: folder, site, open })
    }
}

#[async_trait]
impl World for VaultWorld {
    fn remote(&self) -> Arc<dyn Remote> {
        let open = self.open.lock().expect("no case panics here");
        Arc::new(open.as_ref().expect("the vault runs").vault.clone())
    }

    async fn reopen(&self) {
        let running = self.open.lock().expect("no case panics here").take();
        running.expect("the vault runs").close().await;
        let again = self.site.open().await.expect("what was closed opens again");
        *self.open.lock().expect("no case panics here") = Some(again);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_vault_keeps_every_promise_of_a_remote() {
    conform(async || {
        let world: Arc<dyn World> = Arc::new(VaultWorld::new().await.expect("a fresh vault opens"));
        world
    })
    .await;
}
