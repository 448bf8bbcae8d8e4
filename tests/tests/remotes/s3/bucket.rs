//! Looking into the bucket from outside, past the driver.

use std::ops::RangeInclusive;

use anyhow::{Context, Result};
use futures::{StreamExt, TryStreamExt, stream};
use rusty_s3::signing::sign;
use rusty_s3::{Bucket, Method, UrlStyle};
use support::garage::{BUCKET, Garage, KEY, REGION, SECRET};
use support::http::client;

/// The bucket of a store.
pub(super) struct Look {
    bucket: Bucket,
    client: reqwest::Client,
}

impl Look {
    pub(super) fn at(garage: &Garage) -> Result<Self> {
        let bucket = Bucket::new(garage.endpoint().parse()?, UrlStyle::Path, BUCKET, REGION);
        let client = client();
        Ok(Self { bucket: bucket.map_err(|error| anyhow::anyhow!("{error}"))?, client })
    }

    /// The keys of all objects.
    pub(super) async fn objects(&self) -> Result<Vec<String>> {
        let list = self.ask(Method::Get, None, &[("list-type", "2")], "").await?;
        Ok(all(&list, "Key"))
    }

    /// The ids of uploads that are neither finished nor given up.
    pub(super) async fn open_uploads(&self) -> Result<Vec<String>> {
        let list = self.ask(Method::Get, None, &[("uploads", "")], "").await?;
        Ok(all(&list, "UploadId"))
    }

    /// Puts somebody else's object there.
    pub(super) async fn put(&self, key: &str, content: &str) -> Result<()> {
        self.ask(Method::Put, Some(key), &[], content).await.map(|_| ())
    }

    /// Puts a byte as each of these parts of an open upload.
    pub(super) async fn put_parts(&self, key: &str, id: &str, numbers: RangeInclusive<u32>) -> Result<()> {
        let put = |number: u32| async move {
            let query = [("partNumber", number.to_string()), ("uploadId", id.to_owned())];
            let query: Vec<_> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
            self.ask(Method::Put, Some(key), &query, "x").await
        };
        stream::iter(numbers).map(put).buffer_unordered(16).try_for_each(|_| async { Ok(()) }).await
    }

    /// What an object holds.
    pub(super) async fn get(&self, key: &str) -> Result<String> {
        self.ask(Method::Get, Some(key), &[], "").await
    }

    async fn ask(&self, method: Method, key: Option<&str>, query: &[(&str, &str)], body: &str) -> Result<String> {
        let url = key.map_or_else(|| self.bucket.base_url().clone(), |key| self.bucket.object_url(key));
        let (now, query) = (jiff::Timestamp::now(), query.iter().copied());
        let url = sign(&now, method, url, KEY, SECRET, None, REGION, 60, query, [].into_iter());
        let method = reqwest::Method::from_bytes(method.to_str().as_bytes())?;
        let request = self.client.request(method, url);
        let answer = request.body(body.to_owned()).send().await?.error_for_status().context("the store refuses")?;
        Ok(answer.text().await?)
    }
}

fn all(xml: &str, element: &str) -> Vec<String> {
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    let texts = xml.split(&open).skip(1).filter_map(|rest| rest.split_once(&close));
    texts.map(|(text, _)| text.to_owned()).collect()
}
