//! The remote's own side: a [`MemoryRemote`] in the manner of the history's kind of driver, and what happens to it
//! behind the sender's back.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use bytes::Bytes;
use futures::FutureExt;
use transfer::body::ReadyBody;
use transfer::error::{Class, Operation, RemoteError};
use transfer::ids::TransferId;
use transfer::layout::{ByteRange, ChunkIndex, ChunkLayout};
use transfer::name::FileName;
use transfer::placing::Taken;
use transfer::remote::{
    Amendment, ChunkReceipt, Completed, Completion, NewUpload, PutChunk, Remote, UploadHandle, UploadStatus,
};
use transfer::testing::MemoryRemote;
use transfer::tree::Cv;
use uuid::Uuid;

use crate::kinds::Kind;
use crate::plan::Plan;

/// What lies at the destination.
#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) inner: MemoryRemote,
    kind: Kind,
    shelf: Mutex<Shelf>,
}

#[derive(Debug, Default)]
struct Shelf {
    made: u64,
    uploads: BTreeMap<String, (usize, ChunkLayout)>,
}

/// A request that reaches the store once more, or late.
#[derive(Debug, Clone)]
pub(crate) enum Echo {
    Begin(NewUpload),
    Put { handle: UploadHandle, layout: ChunkLayout, index: ChunkIndex, range: ByteRange, bytes: Bytes, cv: Option<Cv> },
    Complete(Completion),
    Abort(UploadHandle),
}

/// What the object of the film with this number is called.
pub(crate) fn name_of(number: usize) -> FileName {
    FileName::new(format!("film-{number}")).expect("letters and digits are a name")
}

fn number_of(name: &FileName) -> usize {
    (0..).find(|number| name_of(*number) == *name).expect("the name of a film")
}

impl Store {
    pub(crate) fn new(plan: &Plan) -> Self {
        let inner = MemoryRemote::with(plan.able.clone()).body_limit(plan.body_limit.unwrap_or(u64::MAX)).new_handles();
        Self { inner, kind: plan.kind, shelf: Mutex::default() }
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().expect("nothing panics while it holds the lock")
    }

    /// Whose upload it is.
    pub(crate) fn owner(&self, handle: &UploadHandle) -> Option<usize> {
        self.shelf().uploads.get(&handle.0).map(|(number, _)| *number)
    }

    /// How many uploads of a film were begun.
    pub(crate) fn begun(&self, number: usize) -> usize {
        self.shelf().uploads.values().filter(|(owner, _)| *owner == number).count()
    }

    pub(crate) fn layout(&self, handle: &UploadHandle) -> Option<ChunkLayout> {
        self.shelf().uploads.get(&handle.0).map(|(_, layout)| *layout)
    }

    pub(crate) fn number(&self, upload: &NewUpload) -> usize {
        number_of(&upload.name)
    }

    pub(crate) fn begin(&self, upload: &NewUpload) -> Result<UploadHandle, RemoteError> {
        let mut upload = upload.clone();
        if !self.kind.is_named() {
            let mut shelf = self.shelf();
            shelf.made += 1;
            upload.transfer = TransferId(Uuid::from_u128(shelf.made.into()));
        }
        let handle = at_once(self.inner.begin(&upload))?;
        self.shelf().uploads.insert(handle.0.clone(), (number_of(&upload.name), upload.layout));
        Ok(handle)
    }

    pub(crate) fn status(&self, handle: &UploadHandle, layout: &ChunkLayout) -> Result<UploadStatus, RemoteError> {
        let mut status = at_once(self.inner.status(handle, layout))?;
        if let UploadStatus::Receiving(received) = &mut status
            && !self.kind.tells_digests()
        {
            let receipts = received.chunks.iter().filter_map(|(index, cv)| Some((*index, receipt_of(cv.as_ref()?))));
            received.receipts = receipts.filter(|_| self.kind.tells_receipts()).collect();
            received.chunks.iter_mut().for_each(|(_, cv)| *cv = None);
        }
        Ok(status)
    }

    pub(crate) async fn put(&self, put: PutChunk) -> Result<ChunkReceipt, RemoteError> {
        let (handle, layout, index) = (put.handle.clone(), put.layout, put.index);
        let receipt = self.inner.put_chunk(put).await?;
        let cv = self.kind.tells_receipts().then(|| self.cv_of(&handle, &layout, index)).flatten();
        Ok(cv.map_or(receipt, |cv| receipt_of(&cv)))
    }

    fn cv_of(&self, handle: &UploadHandle, layout: &ChunkLayout, index: ChunkIndex) -> Option<Cv> {
        match at_once(self.inner.status(handle, layout)).ok()? {
            UploadStatus::Receiving(received) => received.chunks.into_iter().find(|(known, _)| *known == index)?.1,
            UploadStatus::Completed(_) | UploadStatus::Unknown => None,
        }
    }

    pub(crate) fn complete(&self, completion: &Completion) -> Result<Completed, RemoteError> {
        let mut completion = completion.clone();
        if self.kind.tells_receipts() {
            // An object store has one object of a name.
            completion.taken = Taken::Replace;
            if let UploadStatus::Receiving(received) = self.status(&completion.handle, &completion.layout)? {
                let right =
                    |(index, theirs): &(ChunkIndex, _)| completion.receipts.get(index.position()) == Some(theirs);
                if !received.receipts.iter().all(right) {
                    return Err(RemoteError::new(Operation::Complete, Class::Desync, "a part is not what was said"));
                }
            }
        }
        at_once(self.inner.complete(&completion))
    }

    /// The upload of now has a name of its own, so that what was on its way to the one of before does not reach it.
    pub(crate) fn amend(&self, amendment: &Amendment) -> Result<UploadHandle, RemoteError> {
        let handle = at_once(self.inner.amend(amendment))?;
        let mut shelf = self.shelf();
        if let Some((number, _)) = shelf.uploads.get(&amendment.handle.0).copied() {
            shelf.uploads.insert(handle.0.clone(), (number, amendment.after));
        }
        Ok(handle)
    }

    pub(crate) fn abort(&self, handle: &UploadHandle) -> Result<(), RemoteError> {
        at_once(self.inner.abort(handle))
    }

    /// Whether anything arrived of an unfinished upload.
    pub(crate) fn holds_bytes(&self, handle: &UploadHandle) -> bool {
        let status = self.layout(handle).map(|layout| at_once(self.inner.status(handle, &layout)));
        match status {
            Some(Ok(UploadStatus::Receiving(received))) => !received.chunks.is_empty() || !received.partial.is_empty(),
            Some(_) | None => false,
        }
    }

    /// A request comes late: nobody hears the answer.
    pub(crate) fn echo(&self, echo: Echo) {
        match echo {
            Echo::Begin(upload) => drop(self.begin(&upload)),
            Echo::Complete(completion) => drop(self.complete(&completion)),
            Echo::Abort(handle) => drop(self.abort(&handle)),
            Echo::Put { handle, layout, index, range, bytes, cv } => {
                let body = Box::new(ReadyBody::new(range, bytes, cv));
                drop(at_once(self.inner.put_chunk(PutChunk { handle, layout, index, body })));
            }
        }
    }
}

/// An object store answers every content otherwise.
fn receipt_of(cv: &Cv) -> ChunkReceipt {
    ChunkReceipt(format!("etag-{:.12}", cv.to_string()))
}

fn at_once<T>(call: impl Future<Output = T>) -> T {
    call.now_or_never().expect("a remote in memory waits for nothing")
}
