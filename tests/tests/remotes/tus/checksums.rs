//! A server that verifies what arrives: every promise of a remote, and a bit that turns over on its way.

use std::sync::Arc;

use anyhow::{Context, Result};
use async_trait::async_trait;
use support::checking_tus::CheckingTus;
use support::films::{blake3, noise};
use support::programs::{Talker, last, upload_to};
use transfer::error::Class;
use transfer::remote::{Proof, Remote, UploadStatus};
use transfer::testing::Film;
use transfer::testing::conformance::{World, conform};

use super::conformance::connect;
use super::{Desk, sent};

struct CheckingWorld {
    _server: CheckingTus,
    remote: Arc<dyn Remote>,
}

#[async_trait]
impl World for CheckingWorld {
    fn remote(&self) -> Arc<dyn Remote> {
        Arc::clone(&self.remote)
    }

    /// It lives in this process: out of reach.
    async fn reopen(&self) {}

    fn client_names_uploads(&self) -> bool {
        false
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_verifies_keeps_every_promise_of_a_remote() {
    conform(async || {
        let server = CheckingTus::start("sha1").await.expect("loopback");
        let remote = connect(server.url()).await.expect("it answers");
        let world: Arc<dyn World> = Arc::new(CheckingWorld { _server: server, remote });
        world
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bit_that_turns_over_on_its_way_is_refused_and_sent_again() -> Result<()> {
    for algorithms in ["sha1", "md5,sha1,sha256"] {
        let server = CheckingTus::start(algorithms).await?;
        let remote = connect(server.url()).await?;
        assert_eq!(remote.capabilities().proof, Proof::Parts, "what is verified is proven");
        let film = Film::new(&*remote, 1, 1 << 20);
        let handle = remote.begin(&film.upload()).await?;
        server.damage_after(0);
        let damaged = remote.put_chunk(film.put(&handle, film.chunk(0))).await;
        assert_eq!(
            damaged.map_err(|error| error.class).err(),
            Some(Class::Corrupt),
            "the server saw it ({algorithms})"
        );
        assert_eq!(server.bytes().as_deref(), Some(&[][..]), "and kept nothing of it");
        remote.put_chunk(film.put(&handle, film.chunk(0))).await?;
        let status = remote.status(&handle, &film.layout).await?;
        assert!(matches!(status, UploadStatus::Completed(done) if done.proof == Proof::Parts), "the rest is right");
        assert!(server.bytes().as_deref() == Some(&film.bytes[..]), "byte for byte");
    }
    Ok(())
}

/// A damaged piece, of 4 MiB.
const PIECE: u64 = 4 << 20;

#[tokio::test(flavor = "multi_thread")]
async fn a_film_that_is_damaged_on_its_way_arrives_right_and_proven() -> Result<()> {
    let desk = Desk::new()?;
    let (server, film) = (CheckingTus::start("sha1,sha256").await?, desk.path("film.mp4"));
    noise(&film, 5, 37 << 20)?;
    // In the middle of a chunk, whose first pieces are there and stay.
    server.damage_after(6);
    let to = format!("tus+{}", server.url());
    let run = Talker::start(&mut upload_to(&[&film], to.as_ref(), &desk.path("state"))?)?;
    let (status, events) = tokio::task::spawn_blocking(|| run.end()).await??;
    assert!(status.success(), "one wrong bit is mended: {:?}", events.last());
    assert_eq!(last(&events, "done")?["proof"], "parts", "the receipt says what it rests on");
    assert_eq!(sent(&events)?, (37 << 20) + PIECE, "the damaged piece leaves again, and nothing else");
    let kept = desk.path("kept");
    std::fs::write(&kept, server.bytes().context("it is there")?)?;
    assert_eq!(blake3(&kept)?, blake3(&film)?, "what is there is the film");
    Ok(())
}
