//! Our own driver against our own server, in a protocol of others: every promise of a remote, with checksums.

use std::sync::{Arc, Mutex};

use anyhow::Result;
use async_trait::async_trait;
use remotes::ConnectionSetup;
use remotes::tus::{Access, Tus, TusSetup};
use support::pawl_server::{PawlServer, token};
use tempfile::TempDir;
use transfer::remote::{Proof, Remote};
use transfer::testing::conformance::{World, conform};

struct PawlWorld {
    _folder: TempDir,
    token: String,
    running: Mutex<(PawlServer, Arc<dyn Remote>)>,
}

impl PawlWorld {
    async fn new() -> Result<Self> {
        let folder = TempDir::new()?;
        let token = token(folder.path(), "anna", "read,upload")?;
        let server = PawlServer::start(folder.path(), &[])?;
        let remote = connect(&server, &token).await?;
        Ok(Self { _folder: folder, token, running: Mutex::new((server, remote)) })
    }
}

async fn connect(server: &PawlServer, token: &str) -> Result<Arc<dyn Remote>> {
    let (endpoint, access) = (format!("{}/files/", server.url()).parse()?, Access::bearer(token)?);
    Ok(Arc::new(Tus::connect(TusSetup { endpoint, access, connection: ConnectionSetup::default() }).await?))
}

#[async_trait]
impl World for PawlWorld {
    fn remote(&self) -> Arc<dyn Remote> {
        Arc::clone(&self.running.lock().expect("no case panics here").1)
    }

    async fn reopen(&self) {
        let url = {
            let server = &mut self.running.lock().expect("no case panics here").0;
            server.kill().expect("it runs");
            server.run().expect("it starts again");
            server.url()
        };
        let (endpoint, access) =
            (format!("{url}/files/").parse().expect("an address"), Access::bearer(&self.token).expect("a token"));
        let setup = TusSetup { endpoint, access, connection: ConnectionSetup::default() };
        let remote = Arc::new(Tus::connect(setup).await.expect("it answers at the same address"));
        self.running.lock().expect("no case panics here").1 = remote;
    }

    fn client_names_uploads(&self) -> bool {
        false
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pawl_server_keeps_every_promise_of_a_tus_server_that_verifies() {
    conform(async || {
        let world = PawlWorld::new().await.expect("a fresh server answers");
        assert_eq!(world.remote().capabilities().proof, Proof::Parts, "what it verifies is proven");
        let world: Arc<dyn World> = Arc::new(world);
        world
    })
    .await;
}
