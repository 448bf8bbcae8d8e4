//! Bytes that change on the way: the store stores them, and its own sum betrays them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Result;
use futures::TryStreamExt;
use support::garage::{Garage, SECRET};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};
use transfer::error::Class;
use transfer::remote::{ChunkReceipt, Proof, Remote, UploadStatus};
use transfer::testing::Film;

use super::opened;

/// Well within the body of a part, and far behind its head.
const MIDDLE: u64 = 1 << 20;

/// A wire to the store that spoils one byte of a part when it is told to.
struct Wire {
    port: u16,
    spoil: Arc<AtomicBool>,
}

impl Wire {
    async fn to(endpoint: &str) -> Result<Self> {
        let (listener, spoil) = (TcpListener::bind("127.0.0.1:0").await?, Arc::new(AtomicBool::new(false)));
        let (port, armed) = (listener.local_addr()?.port(), Arc::clone(&spoil));
        let store = endpoint.trim_start_matches("http://").to_owned();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, store.clone(), Arc::clone(&armed)));
            }
        });
        Ok(Self { port, spoil })
    }
}

async fn carry(client: TcpStream, store: String, spoil: Arc<AtomicBool>) -> std::io::Result<()> {
    let ((mut from, mut back), server) = (client.into_split(), TcpStream::connect(store).await?);
    let (mut answers, mut to) = server.into_split();
    tokio::spawn(async move { copy(&mut answers, &mut back).await });
    let (mut passed, mut piece) = (0, vec![0; 64 << 10]);
    loop {
        let read = from.read(&mut piece).await?;
        if read == 0 {
            return to.shutdown().await;
        }
        passed += read as u64;
        if passed > MIDDLE && spoil.swap(false, Ordering::SeqCst) {
            piece[0] ^= 1;
        }
        to.write_all(&piece[..read]).await?;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_changed_on_the_way_is_noticed_and_sent_again() -> Result<()> {
    let garage = Garage::start()?;
    let wire = Wire::to(&garage.endpoint()).await?;
    let address = garage.address("spoilt").replace(&garage.endpoint(), &format!("http://127.0.0.1:{}", wire.port));
    let remote = opened(&address, SECRET)?;
    let film = Film::new(&remote, 1, 12 << 20);
    let handle = remote.begin(&film.upload()).await?;
    let (first, second) = (film.chunk(0), film.chunk(1));
    wire.spoil.store(true, Ordering::SeqCst);
    let spoilt = remote.put_chunk(film.put(&handle, first)).await;
    assert_eq!(spoilt.as_ref().err().map(|error| &error.class), Some(&Class::Corrupt), "one bit is enough: {spoilt:?}");
    let wrong = receipts(&remote, &film, &handle).await?;
    let right = film.send(&remote, &handle, [first, second]).await?;
    assert_ne!(wrong.first(), right.first(), "whoever holds the right receipt takes the wrong part for none");
    let done = remote.complete(&film.completion(&handle, right)).await?;
    assert_eq!(done.proof, Proof::Parts, "every part's sum was equal");
    let stream = remote.open(&done.object).await?.read(film.layout.whole()).await?;
    let bytes = stream.try_collect::<Vec<_>>().await?.concat();
    assert!(bytes == film.bytes, "the object is the film, byte for byte");
    Ok(())
}

async fn receipts(
    remote: &dyn Remote,
    film: &Film,
    handle: &transfer::remote::UploadHandle,
) -> Result<Vec<ChunkReceipt>> {
    let UploadStatus::Receiving(received) = remote.status(handle, &film.layout).await? else {
        anyhow::bail!("the upload is open");
    };
    Ok(received.receipts.into_iter().map(|(_, receipt)| receipt).collect())
}
