//! A tus server keeps every promise that the engine relies on, as far as tus can give it.

use std::sync::{Arc, Mutex};

use anyhow::Result;
use async_trait::async_trait;
use remotes::ConnectionSetup;
use remotes::tus::{Access, Tus, TusSetup};
use support::tus_server::TusServer;
use tempfile::TempDir;
use transfer::remote::Remote;
use transfer::testing::conformance::{World, conform};

struct TusWorld {
    _folder: TempDir,
    running: Mutex<Option<(TusServer, Arc<dyn Remote>)>>,
}

impl TusWorld {
    async fn new() -> Result<Self> {
        let folder = TempDir::new()?;
        let server = TusServer::start(folder.path(), &[])?;
        let remote = connect(server.url().to_owned()).await?;
        Ok(Self { _folder: folder, running: Mutex::new(Some((server, remote))) })
    }
}

pub(super) async fn connect(url: String) -> Result<Arc<dyn Remote>> {
    let (access, connection) = (Access::default(), ConnectionSetup::default());
    let tus = Tus::connect(TusSetup { endpoint: url.parse()?, access, connection }).await?;
    Ok(Arc::new(tus))
}

#[async_trait]
impl World for TusWorld {
    fn remote(&self) -> Arc<dyn Remote> {
        let running = self.running.lock().expect("no case panics here");
        Arc::clone(&running.as_ref().expect("the server runs").1)
    }

    async fn reopen(&self) {
        let (server, _) = self.running.lock().expect("no case panics here").take().expect("the server runs");
        let server = server.kill().and_then(|killed| killed.restart()).expect("what was killed starts again");
        let remote = connect(server.url().to_owned()).await.expect("it answers at the same address");
        *self.running.lock().expect("no case panics here") = Some((server, remote));
    }

    fn client_names_uploads(&self) -> bool {
        false
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tus_server_keeps_every_promise_of_a_remote() {
    conform(async || {
        let world: Arc<dyn World> = Arc::new(TusWorld::new().await.expect("a fresh server answers"));
        world
    })
    .await;
}
