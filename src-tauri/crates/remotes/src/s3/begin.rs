//! Beginning: under which name, and whether it was begun already.
//!
//! The names `film.mov`, `film (2).mov` and so on are tried in order. A name is taken by an object that is not ours and
//! by an open upload that others marked; it is ours where our object or our mark is. So beginning twice, also after a
//! crash, gives the same upload, and two films of one name never meet. What no name can tell is left alone: an upload
//! without parts and mark may be another program's. So a crash between creating and marking, a moment, leaves one that
//! is empty.

use rusty_s3::Method;
use transfer::error::{Class, Operation, RemoteError};
use transfer::ids::TransferId;
use transfer::placing::Taken;
use transfer::remote::NewUpload;

use super::address::S3Address;
use super::finished::{Found, Owner, UPLOAD};
use super::handle::Handle;
use super::mark::Whose;
use super::store::{Ask, Store, unless};
use super::xml::{self, OpenUpload};

/// So many films of one name in one folder are a mistake.
const MOST_NAMES: u32 = 1000;

/// What stands at a name.
enum Claim {
    Ours(Handle),
    Free,
    /// An object of another.
    Object,
    /// An upload of another, which may never become an object.
    Open,
}

/// The handle of this upload, begun now or before.
pub(super) async fn begin(store: &Store, address: &S3Address, new: &NewUpload) -> Result<Handle, RemoteError> {
    for number in 1..=MOST_NAMES {
        let key = address.key(&new.placing.folders, &new.name, number);
        // Skipping and replacing are of the name that was wanted, and not of those that stand in for it.
        let taken = if number == 1 { new.placing.taken } else { Taken::KeepBoth };
        let claim = match (claim(store, address, &key, new).await?, taken) {
            (Claim::Object, Taken::Skip) => return Err(skipped(&key)),
            // It is written over when ours is complete, and not before.
            (Claim::Object, Taken::Replace) => create(store, address, &key, new, true).await?,
            (Claim::Free, _) => create(store, address, &key, new, taken == Taken::Replace).await?,
            (settled @ (Claim::Ours(_) | Claim::Object | Claim::Open), _) => settled,
        };
        if let Claim::Ours(handle) = claim {
            return Ok(handle);
        }
    }
    let context = format!("there are {MOST_NAMES} objects called {} already", new.name.shown());
    Err(RemoteError::new(Operation::Begin, Class::Fatal, context))
}

fn skipped(key: &str) -> RemoteError {
    RemoteError::new(Operation::Begin, Class::Taken, format!("{key} is in the bucket already"))
}

async fn claim(store: &Store, address: &S3Address, key: &str, new: &NewUpload) -> Result<Claim, RemoteError> {
    let replaces = new.placing.taken == Taken::Replace;
    let handle = |id, vouches| Handle { key: key.to_owned(), id, upload: new.transfer, vouches, replaces };
    let mut taken = false;
    for open in open_at(store, key).await? {
        match store.whose(key, &open.id, address.parts(), new.transfer).await? {
            Whose::Ours => return Ok(Claim::Ours(handle(Some(open.id), true))),
            Whose::Others => taken = true,
            Whose::Nobodys | Whose::Gone => {}
        }
    }
    let owner = Owner { upload: new.transfer, size: new.layout.size() };
    Ok(match store.look(Operation::Begin, key, owner).await? {
        Found::Ours(object) => Claim::Ours(handle(None, object.vouches())),
        Found::Nothing | Found::Foreign if taken => Claim::Open,
        Found::Nothing => Claim::Free,
        Found::Foreign => Claim::Object,
    })
}

/// Creates it and marks it. If others did the same meanwhile, it is given up again: at least one of two sees the other.
async fn create(
    store: &Store,
    address: &S3Address,
    key: &str,
    new: &NewUpload,
    replaces: bool,
) -> Result<Claim, RemoteError> {
    let name = new.transfer.to_string();
    let ask = Ask::of(Method::Post, key).query(&[("uploads", "")]);
    let headers = [(UPLOAD, name.as_str())];
    let id = store.read(Operation::Begin, store.request(ask.headers(&headers)), xml::upload_id).await?;
    let vouches = store.mark(key, &id, address.parts(), new.transfer).await?;
    if others_at(store, address, key, &id, new.transfer).await? {
        abort(store, Operation::Begin, key, &id).await?;
        return Ok(Claim::Open);
    }
    Ok(Claim::Ours(Handle { key: key.to_owned(), id: Some(id), upload: new.transfer, vouches, replaces }))
}

async fn others_at(
    store: &Store,
    address: &S3Address,
    key: &str,
    id: &str,
    upload: TransferId,
) -> Result<bool, RemoteError> {
    for open in open_at(store, key).await?.into_iter().filter(|open| open.id != id) {
        if store.whose(key, &open.id, address.parts(), upload).await? == Whose::Others {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The open uploads of this very key. Keys that it begins come after it in the list, and are not read.
async fn open_at(store: &Store, key: &str) -> Result<Vec<OpenUpload>, RemoteError> {
    let mut open: Vec<OpenUpload> = Vec::new();
    loop {
        let marker = open.last().map(|last| (key, last.id.as_str()));
        let mut query = vec![("prefix", key), ("uploads", "")];
        query.extend(marker.into_iter().flat_map(|(key, id)| [("key-marker", key), ("upload-id-marker", id)]));
        query.sort_unstable();
        let ask = Ask { method: Method::Get, key: None, query: &query, headers: &[] };
        let page = store.read(Operation::Begin, store.request(ask), xml::uploads).await?;
        let all = page.items.len();
        let before = open.len();
        open.extend(page.items.into_iter().filter(|upload| upload.key == key));
        if !page.more || open.len() - before < all || all == 0 {
            return Ok(open);
        }
    }
}

/// Gives an upload up; one that is gone is as good.
pub(super) async fn abort(store: &Store, operation: Operation, key: &str, id: &str) -> Result<(), RemoteError> {
    let query = [("uploadId", id)];
    let request = store.request(Ask::of(Method::Delete, key).query(&query));
    unless("NoSuchUpload", store.tell(operation, request).await).map(|_| ())
}
