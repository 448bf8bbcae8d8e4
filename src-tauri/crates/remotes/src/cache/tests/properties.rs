//! Whatever is read in whatever order, it is the bytes of the film.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::*;

/// The table of interesting lengths.
const LENGTHS: [u64; 11] =
    [0, 1, 2, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK - 1, 2 * BLOCK, 2 * BLOCK + 1, 7 * BLOCK + 300, 12 * BLOCK];

/// A read from somewhere to somewhere, of which so much is taken before it is dropped.
type Read = (Index, Index, Index);

fn reads() -> impl Strategy<Value = Vec<Read>> {
    vec(any::<Read>(), 1..12)
}

/// Two of the positions of `len`, in order, and how many bytes of those between are taken.
fn place((one, other, part): Read, len: u64) -> (u64, u64, usize) {
    let position = |index: Index| index.index(len as usize + 1) as u64;
    let (start, end) = (position(one).min(position(other)), position(one).max(position(other)));
    (start, end - start, part.index((end - start) as usize + 1))
}

async fn check(cache: &BlockCache, film: &Arc<Film>, reads: &[Read]) {
    let reader = over(cache, film);
    for read in reads {
        let (start, len, part) = place(*read, film.length());
        let mut stream = reader.read(ByteRange::at(start, len)).await.expect("it lies within");
        let mut bytes = Vec::new();
        while bytes.len() < part {
            bytes.extend_from_slice(&stream.next().await.expect("there is more").expect("nothing fails"));
        }
        if part as u64 == len {
            assert!(stream.next().await.is_none(), "it ends where it was to end");
        }
        assert_eq!(bytes, film.of(start, bytes.len() as u64), "{} bytes from {start} on", bytes.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_reads_of_any_length_give_the_bytes_of_the_film(
        len in select(&LENGTHS[..]),
        piece in select(&[1_u64, 7, 100, 1024, 1025, 20_000][..]),
        memory in select(&[0, 2 * BLOCK, PLENTY][..]),
        disk in select(&[0_u64, 3 * 4096, PLENTY][..]),
        rounds in vec((reads(), reads()), 1..3),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        let folder = tempfile::tempdir().expect("a folder");
        let film = Film::version(len, "v1", piece);
        runtime.block_on(async {
            // Each round is a run of Pawl, with two readers at once.
            for (one, other) in rounds {
                let cache = cache(&folder, memory, disk);
                let (alone, beside) = (cache.clone(), Arc::clone(&film));
                let second = tokio::spawn(async move { check(&alone, &beside, &other).await });
                check(&cache, &film, &one).await;
                second.await.expect("the other reads well too");
                cache.settled().await;
                let counts = cache.counts();
                assert!(counts.memory_bytes <= memory && counts.disk_bytes <= disk, "{counts:?}");
            }
            film.let_go().await;
        });
    }
}
