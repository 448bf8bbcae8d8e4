//! What an owner may keep, where nobody says how much comes.

use async_trait::async_trait;
use tokio::sync::mpsc;
use transfer::body::SourceStopped;
use transfer::error::Class;

use super::appends::begun;
use super::*;
use crate::ports::{Owner, UploadId};
use crate::vault::{Allowance, AppendBody, AppendError, AppendView, NewRole, OwnedVault};

/// Pieces as they are handed over, nobody knows how many.
#[derive(Debug)]
struct Handed(mpsc::Receiver<Bytes>);

#[async_trait]
impl AppendBody for Handed {
    async fn next(&mut self) -> Result<Option<Bytes>, SourceStopped> {
        Ok(self.0.recv().await)
    }

    fn expected(&self) -> Option<u64> {
        None
    }

    fn is_vouched_for(&self) -> bool {
        false
    }

    fn is_right(&self) -> bool {
        true
    }
}

type Sending = tokio::task::JoinHandle<Result<AppendView, AppendError>>;

/// Sends so many bytes; what ends it is dropping the first.
async fn sending(owner: &OwnedVault, id: &UploadId, offset: u64, len: usize) -> (mpsc::Sender<Bytes>, Sending) {
    let (hand, handed) = mpsc::channel(1);
    let (owner, id) = (owner.clone(), id.clone());
    let sending = tokio::spawn(async move { owner.append(&id, offset, None, None, Box::new(Handed(handed))).await });
    // The channel holds one: when the third is in it, the first was taken or refused.
    for piece in [vec![7; len], Vec::new(), Vec::new()] {
        let _ = hand.send(piece.into()).await;
    }
    (hand, sending)
}

fn is_full(ended: Result<AppendView, AppendError>) -> bool {
    matches!(ended, Err(AppendError::Failed(error)) if matches!(error.class, Class::NoSpace { .. }))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_is_given_to_one_upload_and_not_to_all() {
    let home = Home::new();
    let vault = home.open().await;
    let anna = vault.of(Owner("anna".to_owned()), Allowance { uploads: None, bytes: Some(100) });
    let (a, b) = (begun(&vault, None, NewRole::Whole).await, begun(&vault, None, NewRole::Whole).await);
    let (first, ended) = sending(&anna, &a, 0, 60).await;
    let (_, refused) = sending(&anna, &b, 0, 60).await;
    assert!(is_full(soon("it ends", refused).await.expect("no panic")), "sixty and sixty are more than a hundred");
    let nothing = Box::new(super::appends::Ready(Some(Bytes::new())));
    assert!(is_full(anna.append(&b, 0, Some(60), None, nothing).await), "nor may they be announced");
    drop(first);
    ended.await.expect("no panic").expect("what was promised is taken");
    let (second, ended) = sending(&anna, &b, 0, 40).await;
    drop(second);
    ended.await.expect("no panic").expect("what the first did not need is there for the next");
    let (_, refused) = sending(&anna, &a, 60, 1).await;
    assert!(is_full(soon("it ends", refused).await.expect("no panic")), "and a hundred are a hundred");
}
