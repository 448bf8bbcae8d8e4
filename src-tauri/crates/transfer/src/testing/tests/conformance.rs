//! Every fake that claims to be a remote keeps every promise, in every shape that it offers.

use std::num::NonZeroU32;
use std::sync::Arc;

use async_trait::async_trait;

use crate::remote::{Capabilities, Order, Proof, Remote};
use crate::testing::conformance::{World, conform};
use crate::testing::{DiscardingRemote, Faults, FaultyRemote, MemoryRemote};
use crate::units::MIB;

/// A remote that runs for as long as the test does.
struct Steady(Arc<dyn Remote>);

#[async_trait]
impl World for Steady {
    fn remote(&self) -> Arc<dyn Remote> {
        Arc::clone(&self.0)
    }

    async fn reopen(&self) {}
}

fn steady(remote: impl Remote + 'static) -> Arc<dyn World> {
    Arc::new(Steady(Arc::new(remote)))
}

async fn conforms(shape: Capabilities) {
    conform(async || steady(MemoryRemote::with(shape.clone()))).await;
}

#[tokio::test]
async fn a_remote_that_can_do_everything_conforms() {
    conforms(MemoryRemote::everything()).await;
}

#[tokio::test]
async fn a_remote_whose_handles_change_conforms() {
    conform(async || steady(MemoryRemote::new().new_handles())).await;
}

#[tokio::test]
async fn a_remote_that_keeps_parts_of_chunks_conforms() {
    conforms(Capabilities { byte_resume: true, ..MemoryRemote::everything() }).await;
}

#[tokio::test]
async fn a_remote_in_the_manner_of_tus_conforms() {
    let order = Order::Sequential;
    let (checksums, proof) = (false, Proof::SizeOnly);
    let shape = Capabilities { byte_resume: true, finishes_itself: true, ..MemoryRemote::everything() };
    conforms(Capabilities { order, checksums, proof, ranged_read: false, wishes: false, ..shape }).await;
}

#[tokio::test]
async fn a_remote_in_the_manner_of_s3_conforms() {
    let chunk_len = 2 * MIB..=8 * MIB;
    let max_chunks = NonZeroU32::new(10_000).expect("not zero");
    let shape = MemoryRemote::everything();
    conforms(Capabilities { chunk_len, max_chunks, proof: Proof::Parts, wishes: false, ..shape }).await;
}

#[tokio::test]
async fn a_strictly_sequential_remote_conforms() {
    conforms(Capabilities { order: Order::Sequential, ..MemoryRemote::everything() }).await;
}

#[tokio::test]
async fn a_remote_with_lanes_conforms() {
    let lanes = NonZeroU32::new(3).expect("not zero");
    conforms(Capabilities { order: Order::Lanes(lanes), ..MemoryRemote::everything() }).await;
}

#[tokio::test]
async fn the_discarding_remote_conforms() {
    conform(async || steady(DiscardingRemote::new())).await;
}

#[tokio::test]
async fn a_faulty_remote_without_faults_conforms() {
    conform(async || steady(FaultyRemote::new(Arc::new(MemoryRemote::new()), Faults::none()))).await;
}
