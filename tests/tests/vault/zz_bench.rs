use std::time::Instant;
use anyhow::Result;
use bytes::Bytes;
use support::vaults::Site;
use transfer::layout::ChunkLayout;
use transfer::remote::Remote;
use transfer::testing::{Film, cv_of, root_of};
use transfer::body::ReadyBody;
use transfer::units::MIB;
use std::sync::Arc;

async fn ingest(dir: &std::path::Path, bytes: &Bytes, parallel: usize) -> Result<(f64, Vec<usize>)> {
    let site = Site::new(dir);
    let open = site.open().await?;
    let small = Film::new(&open.vault, 1, 1000);
    let layout = ChunkLayout::new(bytes.len() as u64, 4 * MIB)?;
    let film = Arc::new(Film { layout, bytes: bytes.clone(), transfer: transfer::ids::TransferId::random(), ..small });
    let root = root_of(bytes);
    let cvs: Vec<_> = layout.indices().map(|i| cv_of(&layout, i, bytes)).collect();
    let start = Instant::now();
    let handle = open.begin(&film).await?;
    let next = Arc::new(std::sync::atomic::AtomicU32::new(0));
    let workers: Vec<_> = (0..parallel).map(|_| {
        let (vault, next, film, handle, cvs) = (open.vault.clone(), next.clone(), film.clone(), handle.clone(), cvs.clone());
        tokio::spawn(async move {
            loop {
                let n = next.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                let Some(i) = film.layout.index(n) else { return };
                let r = film.layout.range(i);
                let body = ReadyBody::new(r, film.bytes.slice(r.start() as usize..r.end() as usize), Some(cvs[n as usize]));
                vault.put_chunk(film.put_body(&handle, i, Box::new(body))).await.unwrap();
            }
        })
    }).collect();
    for w in workers { w.await?; }
    let completion = transfer::remote::Completion { handle: handle.clone(), layout, root, receipts: vec![] };
    let done = open.vault.complete(&completion).await?;
    let t = start.elapsed().as_secs_f64();
    let _ = done;
    let groups = open.ledger.groups();
    open.close().await;
    Ok((t, groups))
}

#[tokio::test(flavor = "multi_thread")]
async fn bench() -> Result<()> {
    let len = 512 * MIB;
    let base = transfer::testing::bytes(1, 4 * MIB);
    let mut v = Vec::with_capacity(len as usize);
    while v.len() < len as usize { v.extend_from_slice(&base); }
    let bytes = Bytes::from(v);
    std::fs::write("/dev/shm/bench/src", &bytes)?;
    for parallel in [4, 8, 16] {
        for _ in 0..3 {
            let dir = tempfile::TempDir::new_in("/work")?;
            std::process::Command::new("sync").status()?;
            let (t, groups) = ingest(dir.path(), &bytes, parallel).await?;
            std::process::Command::new("sync").status()?;
            let dd = dir.path().join("dd");
            let s = Instant::now();
            std::process::Command::new("dd").arg("if=/dev/shm/bench/src").arg(format!("of={}", dd.display())).args(["bs=1M", "conv=fsync", "status=none"]).status()?;
            let d = s.elapsed().as_secs_f64();
            println!("parallel {parallel}: vault {:.0} MB/s dd {:.0} MB/s ratio {:.2} groups {}", len as f64 / 1e6 / t, len as f64 / 1e6 / d, d / t, groups.len());
        }
    }
    for _ in 0..3 {
        let dir = tempfile::TempDir::new_in("/dev/shm")?;
        let (t, _) = ingest(dir.path(), &bytes, 4).await?;
        let s = Instant::now();
        std::process::Command::new("cp").arg("/dev/shm/bench/src").arg(dir.path().join("cp")).status()?;
        let d = s.elapsed().as_secs_f64();
        println!("tmpfs: vault {:.0} MB/s cp {:.0} MB/s ratio {:.2}", len as f64 / 1e6 / t, len as f64 / 1e6 / d, d / t);
    }
    Ok(())
}
