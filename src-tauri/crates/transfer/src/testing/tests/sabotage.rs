//! The suite bites: remotes that break one promise each are caught by the case of that promise.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use tokio::sync::watch;

use crate::error::{Class, Operation, RemoteError};
use crate::ids::ObjectId;
use crate::layout::ChunkLayout;
use crate::range::RangeReader;
use crate::remote::{
    Amendment, Arriving, Capabilities, ChunkReceipt, Completed, Completion, NewUpload, PutChunk, Remote, UploadHandle,
    UploadStatus, Wishes,
};
use crate::testing::MemoryRemote;
use crate::testing::conformance::{CASES, World, broken};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sabotage {
    AcksWhatIsCorrupt,
    AcksHalves,
    WritesOverWhatIsAcked,
    ForgetsUploadsOnRestart,
    FinishesWithChunksMissing,
    FinishesWithAWrongRoot,
    MakesANewObjectEachTime,
    BeginsAnewEachTime,
    KeepsWhatIsAborted,
    BlamesTheNetworkForWhatExpired,
    ReadsOneObjectForEvery,
    KeepsAllWhenAmended,
    NeverAnswers,
}

/// A sound remote behind one broken promise.
#[derive(Debug)]
struct Saboteur {
    sound: MemoryRemote,
    how: Sabotage,
    times: AtomicU32,
    first: Mutex<Option<ObjectId>>,
}

impl Saboteur {
    fn new(how: Sabotage) -> Self {
        Self { sound: MemoryRemote::new(), how, times: AtomicU32::new(0), first: Mutex::default() }
    }

    fn forgiven(&self, error: &RemoteError) -> bool {
        let is = |operation, class| error.operation == operation && error.class == class;
        match self.how {
            Sabotage::AcksWhatIsCorrupt => is(Operation::Put, Class::Corrupt),
            Sabotage::AcksHalves => is(Operation::Put, Class::Transient),
            Sabotage::FinishesWithAWrongRoot => is(Operation::Complete, Class::Corrupt),
            Sabotage::FinishesWithChunksMissing => is(Operation::Complete, Class::Desync),
            Sabotage::WritesOverWhatIsAcked
            | Sabotage::ForgetsUploadsOnRestart
            | Sabotage::MakesANewObjectEachTime
            | Sabotage::BeginsAnewEachTime
            | Sabotage::KeepsWhatIsAborted
            | Sabotage::BlamesTheNetworkForWhatExpired
            | Sabotage::ReadsOneObjectForEvery
            | Sabotage::KeepsAllWhenAmended
            | Sabotage::NeverAnswers => false,
        }
    }

    fn bent<T>(&self, result: Result<T, RemoteError>, lie: impl FnOnce() -> T) -> Result<T, RemoteError> {
        match result {
            Err(error) if self.forgiven(&error) => Ok(lie()),
            Err(error) if self.how == Sabotage::BlamesTheNetworkForWhatExpired => {
                Err(RemoteError { class: Class::Transient, ..error })
            }
            sound => sound,
        }
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl Remote for Saboteur {
    fn capabilities(&self) -> Capabilities {
        self.sound.capabilities()
    }

    async fn begin(&self, upload: &NewUpload) -> Result<UploadHandle, RemoteError> {
        let handle = self.sound.begin(upload).await?;
        if self.how == Sabotage::NeverAnswers {
            return std::future::pending().await;
        }
        if self.how != Sabotage::BeginsAnewEachTime {
            return Ok(handle);
        }
        self.sound.forget(&handle);
        self.sound.begin(upload).await
    }

    async fn status(&self, handle: &UploadHandle, layout: &ChunkLayout) -> Result<UploadStatus, RemoteError> {
        self.sound.status(handle, layout).await
    }

    async fn put_chunk(&self, put: PutChunk) -> Result<ChunkReceipt, RemoteError> {
        if self.how == Sabotage::WritesOverWhatIsAcked {
            self.sound.lose(&put.handle, &[put.index.get()]);
        }
        self.bent(self.sound.put_chunk(put).await, ChunkReceipt::default)
    }

    async fn amend(&self, amendment: &Amendment) -> Result<UploadHandle, RemoteError> {
        let all = || amendment.before.indices().filter(|index| amendment.before.shares(&amendment.after, *index));
        let keep = if self.how == Sabotage::KeepsAllWhenAmended { all().collect() } else { amendment.keep.clone() };
        self.sound.amend(&Amendment { keep, ..amendment.clone() }).await
    }

    async fn complete(&self, completion: &Completion) -> Result<Completed, RemoteError> {
        let early = || Completed { object: ObjectId("early".to_owned()), proof: self.sound.capabilities().proof };
        let mut completed = self.bent(self.sound.complete(completion).await, early)?;
        if self.how == Sabotage::MakesANewObjectEachTime {
            completed.object.0 += &format!(".{}", self.times.fetch_add(1, Ordering::SeqCst));
        }
        Ok(completed)
    }

    async fn abort(&self, handle: &UploadHandle) -> Result<(), RemoteError> {
        if self.how == Sabotage::KeepsWhatIsAborted { Ok(()) } else { self.sound.abort(handle).await }
    }

    async fn open(&self, object: &ObjectId) -> Result<Arc<dyn RangeReader>, RemoteError> {
        let first = self.first.lock().expect("no panic under it").get_or_insert_with(|| object.clone()).clone();
        self.sound.open(if self.how == Sabotage::ReadsOneObjectForEvery { &first } else { object }).await
    }

    fn wishes(&self, handle: &UploadHandle) -> Option<watch::Receiver<Wishes>> {
        self.sound.wishes(handle)
    }

    async fn announce(&self, handle: &UploadHandle, arriving: Arriving) {
        self.sound.announce(handle, arriving).await;
    }
}

/// A saboteur, and whether it can be told from the one before a restart.
struct Undermined(Mutex<Arc<Saboteur>>);

fn undermined(how: Sabotage) -> Arc<dyn World> {
    Arc::new(Undermined(Mutex::new(Arc::new(Saboteur::new(how)))))
}

#[async_trait]
impl World for Undermined {
    fn remote(&self) -> Arc<dyn Remote> {
        self.0.lock().expect("no panic under it").clone()
    }

    async fn reopen(&self) {
        let mut saboteur = self.0.lock().expect("no panic under it");
        if saboteur.how == Sabotage::ForgetsUploadsOnRestart {
            *saboteur = Arc::new(Saboteur::new(saboteur.how));
        }
    }
}

#[tokio::test]
async fn each_broken_promise_is_caught_by_its_case() {
    let promises = [
        (Sabotage::AcksWhatIsCorrupt, "a_corrupt_chunk_is_refused_and_can_be_sent_again"),
        (Sabotage::AcksHalves, "a_body_that_ends_early_is_not_acknowledged"),
        (Sabotage::WritesOverWhatIsAcked, "a_corrupt_duplicate_leaves_acknowledged_bytes_alone"),
        (Sabotage::WritesOverWhatIsAcked, "another_content_of_an_acknowledged_chunk_is_not_taken"),
        (Sabotage::ForgetsUploadsOnRestart, "acknowledged_chunks_survive_a_restart"),
        (Sabotage::ForgetsUploadsOnRestart, "a_finished_upload_survives_a_restart"),
        (Sabotage::FinishesWithChunksMissing, "completing_too_early_is_refused_and_does_no_harm"),
        (Sabotage::FinishesWithAWrongRoot, "a_wrong_root_gives_no_object"),
        (Sabotage::MakesANewObjectEachTime, "completing_twice_gives_one_object"),
        (Sabotage::BeginsAnewEachTime, "beginning_twice_loses_nothing"),
        (Sabotage::KeepsWhatIsAborted, "an_aborted_upload_is_unknown"),
        (Sabotage::BlamesTheNetworkForWhatExpired, "a_chunk_of_an_unknown_upload_is_refused_as_expired"),
        (Sabotage::KeepsAllWhenAmended, "an_amended_upload_keeps_what_it_was_told_and_takes_the_rest_anew"),
        (Sabotage::ReadsOneObjectForEvery, "two_uploads_of_one_name_are_two_objects"),
    ];
    for (how, name) in promises {
        let case = CASES.iter().find(|case| case.name == name).unwrap_or_else(|| panic!("there is no case {name}"));
        let verdict = case.run(undermined(how)).await;
        let reason = verdict.expect_err(&format!("{name} must catch a remote that {how:?}")).reason;
        assert!(!reason.is_empty(), "{name} says what it saw of a remote that {how:?}");
    }
}

#[tokio::test]
async fn the_whole_suite_names_what_is_broken_and_nothing_else() {
    let broken = broken(async || undermined(Sabotage::FinishesWithAWrongRoot)).await;
    let names: Vec<_> = broken.iter().map(|broken| broken.case).collect();
    assert_eq!(names, ["a_wrong_root_gives_no_object"], "one broken promise is one line, not a flood");
}

#[tokio::test(start_paused = true)]
async fn a_remote_that_hangs_is_told_by_name() {
    let case = &CASES[0];
    let broken = case.run(undermined(Sabotage::NeverAnswers)).await.expect_err("no answer is no promise kept");
    assert!(broken.to_string().starts_with(case.name), "whoever reads it knows where: {broken}");
}
