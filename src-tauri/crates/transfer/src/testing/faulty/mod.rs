//! A decorator that lets any call fail, before or after its effect, by seed or by script.
//!
//! What it did is written down, for the message of the test that fails.

mod body;
mod plan;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

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
use body::{CutBody, FlippedBody};

pub use plan::{Call, Fault, Faults, Step};

/// A remote whose every call may fail.
#[derive(Debug)]
pub struct FaultyRemote {
    inner: Arc<dyn Remote>,
    faults: Faults,
    calm: AtomicBool,
    history: Mutex<History>,
}

#[derive(Debug, Default)]
struct History {
    counts: HashMap<(Operation, Option<u32>), u32>,
    happened: Vec<(Call, Fault)>,
}

impl FaultyRemote {
    /// `inner`, with these faults.
    pub fn new(inner: Arc<dyn Remote>, faults: Faults) -> Self {
        Self { inner, faults, calm: AtomicBool::new(false), history: Mutex::default() }
    }

    /// From now on nothing goes wrong.
    pub fn calm(&self) {
        self.calm.store(true, Ordering::SeqCst);
    }

    /// How many calls there were so far, whatever became of them.
    pub fn calls(&self) -> u32 {
        self.history().counts.iter().filter(|((_, chunk), _)| chunk.is_none()).map(|(_, count)| count).sum()
    }

    /// What went wrong so far, in order.
    pub fn happened(&self) -> Vec<(Call, Fault)> {
        self.history().happened.clone()
    }

    /// The plan and what went wrong, a line a fault, for the message of a failing test.
    pub fn story(&self) -> String {
        let mut story = format!("{:?}", self.faults);
        for (call, fault) in self.happened() {
            write!(story, "\n{call}: {fault:?}").expect("text grows without fail");
        }
        story
    }

    fn history(&self) -> MutexGuard<'_, History> {
        self.history.lock().expect("nothing panics while it holds the lock")
    }

    /// Counts a call and says what it meets.
    fn meet(&self, operation: Operation, chunk: Option<u32>) -> Option<Fault> {
        let mut history = self.history();
        let names: Vec<Call> = match chunk {
            Some(_) => [chunk, None].map(|chunk| history.count(operation, chunk)).into(),
            None => [history.count(operation, None)].into(),
        };
        let fault = self.faults.meet(&names).filter(|_| !self.calm.load(Ordering::SeqCst))?;
        history.happened.extend(names.first().map(|call| (*call, fault.clone())));
        Some(fault)
    }

    async fn call<T>(
        &self,
        operation: Operation,
        effect: impl Future<Output = Result<T, RemoteError>>,
    ) -> Result<T, RemoteError> {
        let fault = self.meet(operation, None);
        suffer(operation, fault, effect).await
    }
}

impl History {
    fn count(&mut self, operation: Operation, chunk: Option<u32>) -> Call {
        let nth = self.counts.entry((operation, chunk)).or_default();
        *nth += 1;
        Call { operation, chunk, nth: *nth }
    }
}

async fn suffer<T>(
    operation: Operation,
    fault: Option<Fault>,
    effect: impl Future<Output = Result<T, RemoteError>>,
) -> Result<T, RemoteError> {
    let lost = |class: Class, what| Err(RemoteError::new(operation, class, format!("{what} (by the test's plan)")));
    match fault {
        None | Some(Fault::Corrupt | Fault::Cut) => effect.await,
        Some(Fault::Before(class)) => lost(class, "the request was lost"),
        Some(Fault::After(class)) => effect.await.and_then(|_| lost(class, "the reply was lost")),
        Some(Fault::Delay(delay)) => {
            tokio::time::sleep(delay).await;
            effect.await
        }
        Some(Fault::Late(delay)) => {
            let answer = effect.await;
            tokio::time::sleep(delay).await;
            answer
        }
        Some(Fault::Stall) => std::future::pending().await,
    }
}

fn harmed(mut put: PutChunk, fault: Option<&Fault>) -> PutChunk {
    put.body = match fault {
        Some(Fault::Corrupt) => Box::new(FlippedBody { body: put.body, flipped: false }),
        Some(Fault::Cut) => Box::new(CutBody { left: put.body.range().len() / 2, body: put.body }),
        Some(Fault::Before(_) | Fault::After(_) | Fault::Delay(_) | Fault::Late(_) | Fault::Stall) | None => put.body,
    };
    put
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl Remote for FaultyRemote {
    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    async fn begin(&self, upload: &NewUpload) -> Result<UploadHandle, RemoteError> {
        self.call(Operation::Begin, self.inner.begin(upload)).await
    }

    async fn status(&self, handle: &UploadHandle, layout: &ChunkLayout) -> Result<UploadStatus, RemoteError> {
        self.call(Operation::Status, self.inner.status(handle, layout)).await
    }

    async fn put_chunk(&self, put: PutChunk) -> Result<ChunkReceipt, RemoteError> {
        let fault = self.meet(Operation::Put, Some(put.index.get()));
        let put = harmed(put, fault.as_ref());
        suffer(Operation::Put, fault, self.inner.put_chunk(put)).await
    }

    async fn amend(&self, amendment: &Amendment) -> Result<UploadHandle, RemoteError> {
        self.call(Operation::Amend, self.inner.amend(amendment)).await
    }

    async fn complete(&self, completion: &Completion) -> Result<Completed, RemoteError> {
        self.call(Operation::Complete, self.inner.complete(completion)).await
    }

    async fn abort(&self, handle: &UploadHandle) -> Result<(), RemoteError> {
        self.call(Operation::Abort, self.inner.abort(handle)).await
    }

    async fn open(&self, object: &ObjectId) -> Result<Arc<dyn RangeReader>, RemoteError> {
        self.call(Operation::Read, self.inner.open(object)).await
    }

    fn wishes(&self, handle: &UploadHandle) -> Option<watch::Receiver<Wishes>> {
        self.inner.wishes(handle)
    }

    fn forget_connections(&self) {
        self.inner.forget_connections();
    }

    async fn announce(&self, handle: &UploadHandle, arriving: Arriving) {
        self.inner.announce(handle, arriving).await;
    }
}
