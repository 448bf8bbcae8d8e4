//! The way to the remote, with everything that can happen on it.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use tokio::sync::watch;
use transfer::error::{Class, Operation, RemoteError};
use transfer::ids::ObjectId;
use transfer::layout::ChunkLayout;
use transfer::range::RangeReader;
use transfer::remote::{
    Amendment, Arriving, Capabilities, ChunkReceipt, Completed, Completion, NewUpload, PutChunk, Remote, UploadHandle,
    UploadStatus, Wishes,
};

use super::body::{OnLink, Passed};
use super::lies::told;
use super::store::{Echo, Store};
use crate::laws::happenings::asked_for_a_break;
use crate::laws::{answers, departures};
use crate::trouble::Trouble;
use crate::world::World;

/// The engine's driver.
#[derive(Debug)]
pub(crate) struct Link(pub(crate) Arc<World>);

/// A call that is no chunk.
struct Call<'a> {
    operation: Operation,
    number: usize,
    /// The request, where it has an effect that may come once more.
    echo: Option<Echo>,
    handle: Option<&'a UploadHandle>,
}

impl Link {
    async fn call<T: std::fmt::Debug>(
        &self,
        call: Call<'_>,
        effect: impl Fn(&Store) -> Result<T, RemoteError>,
    ) -> Result<T, RemoteError> {
        let (Self(world), Call { operation, number, echo, handle }) = (self, call);
        world.pass().await;
        departures::call(world, number, operation, handle, echo.as_ref());
        let trouble = meet(world, operation, number);
        tokio::time::sleep(trouble.before).await;
        world.pass().await;
        world.arrivals();
        let answer = if trouble.lost { Err(lost(operation, &trouble)) } else { effect(&world.store) };
        if let Some((echo, later)) = echo.zip(trouble.again) {
            world.later(later, echo);
        }
        tokio::time::sleep(trouble.after).await;
        world.pass().await;
        let answer =
            answer.and_then(|answer| if trouble.error.is_some() { Err(lost(operation, &trouble)) } else { Ok(answer) });
        world.say(|| format!("film {number}: {operation}: {}", outcome(&answer)));
        answer
    }

    /// The bytes leave, and arrive or do not.
    async fn send(&self, put: PutChunk, number: usize, trouble: &Trouble) -> Result<ChunkReceipt, RemoteError> {
        let Self(world) = self;
        let (handle, layout, index, range) = (put.handle, put.layout, put.index, put.body.range());
        let passed = trouble.again.map(|_| Arc::<Mutex<Passed>>::default());
        let body = OnLink {
            inner: put.body,
            world: Arc::clone(world),
            number,
            harm: trouble.harm,
            left: range.len() / 2,
            passed: passed.clone(),
        };
        tokio::time::sleep(trouble.before).await;
        world.pass().await;
        world.arrivals();
        let answer = if trouble.lost {
            drain(body, trouble.again.is_some()).await;
            Err(lost(Operation::Put, trouble))
        } else {
            let body = Box::new(body);
            world.store.put(PutChunk { handle: handle.clone(), layout, index, body }).await
        };
        if let Some((passed, later)) = passed.zip(trouble.again) {
            let passed = std::mem::take(&mut *passed.lock().expect("nothing panics while it holds the lock"));
            let echo = Echo::Put { handle, layout, index, range, bytes: passed.bytes.concat().into(), cv: passed.cv };
            world.later(later, echo);
        }
        answer
    }
}

/// What the call meets: the weather, or worse.
fn meet(world: &World, operation: Operation, number: usize) -> Trouble {
    let trouble = world.inside().meet(&world.plan, operation);
    let plain = !trouble.lost && trouble.again.is_none() && trouble.error.is_none() && trouble.harm.is_none();
    if !plain {
        world.say(|| format!("film {number}: {operation} meets {trouble:?}"));
    }
    trouble
}

fn lost(operation: Operation, trouble: &Trouble) -> RemoteError {
    RemoteError::new(operation, trouble.error.clone().unwrap_or(Class::Transient), "the history has it so")
}

fn outcome<T: std::fmt::Debug>(answer: &Result<T, RemoteError>) -> String {
    match answer {
        Ok(answer) => format!("{answer:?}"),
        Err(error) => format!("{:?}, {}", error.class, error.context),
    }
}

/// A lost request takes bytes with it: the first piece, or all of them where they arrive later.
async fn drain(mut body: OnLink, all: bool) {
    use transfer::body::ChunkBody;
    while let Ok(Some(_)) = body.next().await {
        if !all {
            return;
        }
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl Remote for Link {
    fn capabilities(&self) -> Capabilities {
        self.0.plan.able.clone()
    }

    async fn begin(&self, upload: &NewUpload) -> Result<UploadHandle, RemoteError> {
        let (number, echo) = (self.0.store.number(upload), Some(Echo::Begin(upload.clone())));
        let call = Call { operation: Operation::Begin, number, echo, handle: None };
        self.call(call, |store| store.begin(upload)).await
    }

    async fn status(&self, handle: &UploadHandle, layout: &ChunkLayout) -> Result<UploadStatus, RemoteError> {
        let Self(world) = self;
        let number = world.store.owner(handle).expect("a handle that was given");
        let call = Call { operation: Operation::Status, number, echo: None, handle: Some(handle) };
        let status = self.call(call, |store| Ok(told(world, number, layout, store.status(handle, layout)?))).await;
        answers::status(world, number, layout, &status);
        status
    }

    async fn put_chunk(&self, put: PutChunk) -> Result<ChunkReceipt, RemoteError> {
        let Self(world) = self;
        world.pass().await;
        let number = world.store.owner(&put.handle).expect("a handle that was given");
        let flight = departures::put(world, number, &put);
        let (index, trouble) = (put.index, meet(world, Operation::Put, number));
        let answer = self.send(put, number, &trouble).await;
        tokio::time::sleep(trouble.after).await;
        world.pass().await;
        let answer =
            answer.and_then(|it| if trouble.error.is_some() { Err(lost(Operation::Put, &trouble)) } else { Ok(it) });
        world.say(|| format!("film {number}: chunk {}: {}", index.get(), outcome(&answer)));
        match &answer {
            Ok(receipt) => flight.arrived(receipt),
            Err(RemoteError { class: Class::Throttled { after }, .. }) => asked_for_a_break(world, number, *after),
            Err(_) => {}
        }
        answer
    }

    async fn amend(&self, amendment: &Amendment) -> Result<UploadHandle, RemoteError> {
        let number = self.0.store.owner(&amendment.handle).expect("a handle that was given");
        let call = Call { operation: Operation::Amend, number, echo: None, handle: Some(&amendment.handle) };
        let answer = self.call(call, |store| store.amend(amendment)).await;
        answers::amend(&self.0, number, amendment, &answer);
        answer
    }

    async fn complete(&self, completion: &Completion) -> Result<Completed, RemoteError> {
        let number = self.0.store.owner(&completion.handle).expect("a handle that was given");
        let echo = Some(Echo::Complete(completion.clone()));
        let call = Call { operation: Operation::Complete, number, echo, handle: Some(&completion.handle) };
        self.call(call, |store| store.complete(completion)).await
    }

    async fn abort(&self, handle: &UploadHandle) -> Result<(), RemoteError> {
        let Self(world) = self;
        let number = world.store.owner(handle).expect("a handle that was given");
        let echo = Some(Echo::Abort(handle.clone()));
        let call = Call { operation: Operation::Abort, number, echo, handle: Some(handle) };
        let answer = self.call(call, |store| store.abort(handle)).await;
        answers::abort(world, number, &answer);
        answer
    }

    async fn open(&self, object: &ObjectId) -> Result<Arc<dyn RangeReader>, RemoteError> {
        self.0.store.inner.open(object).await
    }

    fn wishes(&self, handle: &UploadHandle) -> Option<watch::Receiver<Wishes>> {
        self.0.store.inner.wishes(handle)
    }

    fn forget_connections(&self) {
        self.0.store.inner.forget_connections();
    }

    async fn announce(&self, handle: &UploadHandle, arriving: Arriving) {
        self.0.pass().await;
        self.0.store.inner.announce(handle, arriving).await;
    }
}
