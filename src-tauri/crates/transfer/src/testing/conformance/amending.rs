//! An upload whose file became another while it was sent: what both have is kept, and nothing else.

use std::sync::Arc;

use super::World;
use super::checks::{begin, chunk_len, class, finish, four_chunks, holds, received, send, takes_any_order};
use crate::error::Class;
use crate::layout::ChunkIndex;
use crate::remote::{Amendment, ChunkReceipt, Remote, UploadHandle, UploadStatus};
use crate::testing::{Film, cv_of};

/// A film under way, and the other that its file became.
struct Sent {
    film: Film,
    edited: Film,
    handle: UploadHandle,
    /// As the sender holds them: none of a chunk that it does not count.
    receipts: Vec<Option<ChunkReceipt>>,
}

impl Sent {
    /// All of a film of four chunks is there; then these chunks of it become others.
    async fn edited(remote: &dyn Remote, seed: u64, chunks: &[u32]) -> Self {
        let film = four_chunks(remote, seed);
        let mut bytes = film.bytes.to_vec();
        for chunk in chunks {
            bytes[film.layout.range(film.chunk(*chunk)).start() as usize] ^= 1;
        }
        let edited = Film { bytes: bytes.into(), ..film.clone() };
        Self::of(remote, film, edited).await
    }

    /// The same; then its file has another length, and the same bytes as far as both reach.
    async fn resized(remote: &dyn Remote, seed: u64, size: u64) -> Self {
        Self::of(remote, four_chunks(remote, seed), Film::new(remote, seed, size)).await
    }

    async fn of(remote: &dyn Remote, film: Film, edited: Film) -> Self {
        let handle = begin(remote, &film).await;
        let receipts = send(remote, &film, &handle, film.layout.indices()).await;
        Self { film, edited, handle, receipts: receipts.into_iter().map(Some).collect() }
    }

    /// The chunks that both films have.
    fn alike(&self) -> Vec<ChunkIndex> {
        let (film, edited) = (&self.film, &self.edited);
        let cv = |film: &Film, index| cv_of(&film.layout, index, &film.bytes);
        let shared = film.layout.indices().filter(|index| film.layout.shares(&edited.layout, *index));
        shared.filter(|index| cv(film, *index) == cv(edited, *index)).collect()
    }

    fn amendment(&self, keep: Vec<ChunkIndex>) -> Amendment {
        Amendment { handle: self.handle.clone(), before: self.film.layout, after: self.edited.layout, keep }
    }

    /// Keeps what both have. The handle of before stays the one that is known.
    async fn amend(&mut self, remote: &dyn Remote) -> UploadHandle {
        self.keep(remote, self.alike()).await
    }

    async fn keep(&mut self, remote: &dyn Remote, keep: Vec<ChunkIndex>) -> UploadHandle {
        let amended = remote.amend(&self.amendment(keep.clone())).await.expect("an unfinished upload is amended");
        let kept = |index: ChunkIndex| keep.contains(&index).then(|| self.receipts[index.position()].clone()).flatten();
        self.receipts = self.edited.layout.indices().map(kept).collect();
        amended
    }

    /// The chunks that a sender may count on: with the digest of the film of now, or with the receipt that it holds.
    async fn counted(&self, remote: &dyn Remote, handle: &UploadHandle) -> Vec<u32> {
        let there = received(remote, &self.edited, handle).await;
        let mut counted = Vec::new();
        for (index, cv) in &there.chunks {
            let told = there.receipts.iter().find(|(told, _)| told == index).map(|(_, receipt)| receipt);
            let right = cv_of(&self.edited.layout, *index, &self.edited.bytes);
            match (cv, told) {
                (Some(cv), _) if *cv == right => counted.push(index.get()),
                (Some(_), _) => panic!("chunk {} is there with bytes of the film of before", index.get()),
                (None, Some(told)) if self.receipts[index.position()].as_ref() == Some(told) => {
                    counted.push(index.get())
                }
                (None, _) => {}
            }
        }
        counted.sort_unstable();
        counted
    }

    /// Sends what is missing, and finishes.
    async fn send_rest(mut self, remote: &dyn Remote, handle: &UploadHandle) {
        let missing = self.edited.layout.indices().filter(|index| self.receipts[index.position()].is_none());
        for index in missing.collect::<Vec<_>>() {
            self.receipts[index.position()] = send(remote, &self.edited, handle, [index]).await.pop();
        }
        let receipts = self.receipts.into_iter().flatten().collect();
        finish(remote, &self.edited, handle, receipts).await;
    }
}

fn amends(remote: &dyn Remote) -> bool {
    remote.capabilities().amends && takes_any_order(remote)
}

pub(super) async fn an_amended_upload_keeps_what_it_was_told_and_takes_the_rest_anew(world: Arc<dyn World>) {
    let remote = &*world.remote();
    if !amends(remote) {
        return;
    }
    let mut sent = Sent::edited(remote, 80, &[1, 3]).await;
    let handle = sent.amend(remote).await;
    assert_eq!(sent.counted(remote, &handle).await, [0, 2], "what was not edited is kept, and nothing else");
    sent.send_rest(remote, &handle).await;
}

pub(super) async fn a_file_that_became_longer_or_shorter_goes_on(world: Arc<dyn World>) {
    let remote = &*world.remote();
    if !amends(remote) {
        return;
    }
    let len = chunk_len(remote);
    for (seed, size, kept) in [(81, 5 * len + 1, 3), (82, 3 * len + 8, 3), (83, 2 * len, 2), (84, len, 0), (85, 0, 0)] {
        let mut sent = Sent::resized(remote, seed, size).await;
        let handle = sent.amend(remote).await;
        let expected: Vec<u32> = (0..kept).collect();
        assert_eq!(sent.counted(remote, &handle).await, expected, "the whole chunks that {size} bytes have too");
        sent.send_rest(remote, &handle).await;
    }
}

pub(super) async fn amending_twice_changes_nothing_more(world: Arc<dyn World>) {
    if !amends(&*world.remote()) {
        return;
    }
    let mut sent = Sent::edited(&*world.remote(), 86, &[1]).await;
    let first = sent.amend(&*world.remote()).await;
    // The reply is lost, and the remote ends too.
    world.reopen().await;
    let remote = &*world.remote();
    let again = remote.amend(&sent.amendment(sent.alike())).await.expect("whoever lost the reply asks again");
    assert_eq!(again, first, "it is the same upload");
    assert_eq!(sent.counted(remote, &again).await, [0, 2, 3], "and has the same");
    let by_the_new = Amendment { handle: again.clone(), ..sent.amendment(sent.alike()) };
    assert_eq!(remote.amend(&by_the_new).await.expect("by its handle of now"), again, "it is so already");
    // The file changes once more before anybody knew the reply to the first time.
    let other = sent.keep(remote, vec![sent.film.chunk(0), sent.film.chunk(1)]).await;
    let counted = sent.counted(remote, &other).await;
    assert!(counted.iter().all(|number| *number <= 1), "no more than is kept now: {counted:?}");
    sent.receipts[1] = None;
    sent.send_rest(remote, &other).await;
}

pub(super) async fn an_amendment_survives_a_restart(world: Arc<dyn World>) {
    if !amends(&*world.remote()) {
        return;
    }
    let mut sent = Sent::edited(&*world.remote(), 87, &[0]).await;
    let handle = sent.amend(&*world.remote()).await;
    world.reopen().await;
    assert_eq!(sent.counted(&*world.remote(), &handle).await, [1, 2, 3], "what was answered is durable");
    sent.send_rest(&*world.remote(), &handle).await;
}

pub(super) async fn what_is_finished_or_unknown_is_not_amended(world: Arc<dyn World>) {
    let remote = &*world.remote();
    if !amends(remote) {
        return;
    }
    let sent = Sent::edited(remote, 88, &[2]).await;
    let receipts = sent.receipts.iter().flatten().cloned().collect();
    let completed = finish(remote, &sent.film, &sent.handle, receipts).await;
    let late = remote.amend(&sent.amendment(sent.alike())).await;
    assert_eq!(class(&late), Some(&Class::Expired), "the engine begins anew on this class: {late:?}");
    holds(remote, &sent.film, &completed.object).await;

    let sent = Sent::edited(remote, 89, &[2]).await;
    remote.abort(&sent.handle).await.expect("an upload can be given up");
    let late = remote.amend(&sent.amendment(sent.alike())).await;
    assert_eq!(class(&late), Some(&Class::Expired), "what was given up does not come back: {late:?}");
}

pub(super) async fn an_amended_upload_is_given_up_by_the_handle_of_before(world: Arc<dyn World>) {
    let remote = &*world.remote();
    if !amends(remote) {
        return;
    }
    let mut sent = Sent::edited(remote, 90, &[2]).await;
    let handle = sent.amend(remote).await;
    remote.abort(&sent.handle).await.expect("whoever lost the reply knows no other");
    let status = remote.status(&handle, &sent.edited.layout).await.expect("the remote says what it has");
    assert_eq!(status, UploadStatus::Unknown, "nothing is left lying");
}
