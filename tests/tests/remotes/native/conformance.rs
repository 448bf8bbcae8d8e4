//! A Pawl server keeps every promise that the engine relies on: `pawl-server` as people run it, with a token.

use std::sync::{Arc, Mutex};

use anyhow::Result;
use async_trait::async_trait;
use remotes::native::Native;
use remotes::{Connection, ConnectionSetup};
use support::pawl_server::{PawlServer, token};
use tempfile::TempDir;
use transfer::remote::Remote;
use transfer::testing::conformance::{World, conform};

struct ServerWorld {
    _folder: TempDir,
    token: String,
    server: Mutex<PawlServer>,
}

impl ServerWorld {
    fn new() -> Result<Self> {
        let folder = TempDir::new()?;
        let token = token(folder.path(), "anna", "read,upload")?;
        let server = Mutex::new(PawlServer::start(folder.path(), &[])?);
        Ok(Self { _folder: folder, token, server })
    }
}

#[async_trait]
impl World for ServerWorld {
    fn remote(&self) -> Arc<dyn Remote> {
        let url = self.server.lock().expect("no case panics here").url();
        let connection = Connection::new(&ConnectionSetup::default()).expect("a connection");
        Arc::new(Native::new(connection, &url, Some(&self.token)).expect("an address"))
    }

    fn is_far(&self) -> bool {
        true
    }

    async fn reopen(&self) {
        let mut server = self.server.lock().expect("no case panics here");
        server.kill().expect("it runs");
        server.run().expect("it starts again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pawl_server_keeps_every_promise_of_a_remote() {
    conform(async || {
        let world: Arc<dyn World> = Arc::new(ServerWorld::new().expect("a fresh server starts"));
        world
    })
    .await;
}
