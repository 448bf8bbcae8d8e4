//! Ranges of an object. Every read is signed when it begins, so that none is refused for its age.

use std::sync::Arc;

use async_trait::async_trait;
use reqwest::RequestBuilder;
use rusty_s3::Method;
use transfer::range::{RangeReader, ReadError};

use super::finished::Object;
use super::store::{Ask, Store};
use crate::reading::{Asking, HttpReader};

#[derive(Debug)]
struct Address {
    store: Store,
    key: String,
}

#[async_trait]
impl Asking for Address {
    async fn get(&self) -> Result<RequestBuilder, ReadError> {
        Ok(self.store.request(Ask::of(Method::Get, &self.key)))
    }
}

pub(super) fn reader(store: Store, key: String, object: Object) -> Arc<dyn RangeReader> {
    Arc::new(HttpReader { asking: Arc::new(Address { store, key }), len: object.len, etag: object.etag })
}
