//! S3 keeps every promise that the engine relies on.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use anyhow::Result;
use async_trait::async_trait;
use remotes::s3::{S3, S3Credentials};
use remotes::{Connection, ConnectionSetup};
use support::garage::Garage;
use transfer::remote::Remote;
use transfer::testing::conformance::{World, conform};

use super::driver;

/// A folder in a store, and the driver that knows it now. The store is out of a driver's reach: it runs on.
struct Folder {
    open: Box<dyn Fn() -> Result<S3> + Send + Sync>,
    now: Mutex<Arc<dyn Remote>>,
}

impl Folder {
    fn new(open: impl Fn() -> Result<S3> + Send + Sync + 'static) -> Result<Self> {
        let now = Mutex::new(Arc::new(open()?) as Arc<dyn Remote>);
        Ok(Self { open: Box::new(open), now })
    }
}

#[async_trait]
impl World for Folder {
    fn remote(&self) -> Arc<dyn Remote> {
        Arc::clone(&self.now.lock().expect("no case panics here"))
    }

    async fn reopen(&self) {
        let again = (self.open)().expect("what was opened opens again");
        *self.now.lock().expect("no case panics here") = Arc::new(again);
    }

    /// Garage answers before it has read the body, and closes.
    fn hangs_up(&self) -> bool {
        true
    }

    fn finished_handles_stay(&self) -> bool {
        false
    }
}

async fn conforms(open: impl Fn(&str) -> Result<S3> + Clone + Send + Sync + 'static) {
    let cases = AtomicU32::new(0);
    conform(async || {
        let (open, prefix) = (open.clone(), format!("case-{}", cases.fetch_add(1, Ordering::SeqCst)));
        let world: Arc<dyn World> = Arc::new(Folder::new(move || open(&prefix)).expect("a driver"));
        world
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_keeps_every_promise_of_a_remote() {
    let garage = Arc::new(Garage::start().expect("a store starts"));
    conforms(move |prefix| driver(&garage, prefix)).await;
}

/// For a store of one's own: `PAWL_S3='bucket?endpoint=…&region=…'`, an empty bucket, with the keys in `AWS_*`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "it wants an empty bucket, named by PAWL_S3"]
async fn a_store_of_ones_own_keeps_every_promise_of_a_remote() {
    let place = std::env::var("PAWL_S3").expect("PAWL_S3 names a bucket and how to reach it");
    let (bucket, way) = place.split_once('?').map(|(bucket, way)| (bucket.to_owned(), way.to_owned())).expect("a ?");
    conforms(move |prefix| {
        let keys = S3Credentials::from_variables(|name| std::env::var(name).ok())?;
        let address = format!("s3://{bucket}/{prefix}?{way}").parse()?;
        Ok(S3::new(address, keys, Connection::new(&ConnectionSetup::default())?)?)
    })
    .await;
}
