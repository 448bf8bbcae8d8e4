//! To a Pawl server, with the proof, beside tus-js-client to `@tus/server`, which compares the size.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use anyhow::Result;
use support::programs::{server, upload_to};
use support::tus_clients::tus_js;
use support::tus_server::TusServer;
use tempfile::TempDir;

use super::{film, memory, timed};
use crate::figures::Goal;
use crate::pairs::Contest;

/// Within memory: each program with the server of its own house. And ours to the same tus server, for the driver.
pub(crate) fn against_tus_js(_: &Path) -> Result<()> {
    let folder = memory()?;
    let film = film(folder.path())?;
    let contest = |work, least| Contest {
        work,
        peer: "tus-js-client to @tus/server",
        unit: "MB/s",
        pairs: 5,
        goal: Goal::AtLeast(least),
    };
    let theirs = || {
        let here = TempDir::with_prefix_in("tus-", folder.path())?;
        let server = TusServer::start(here.path(), &[])?;
        timed(tus_js(server.url(), &film, "", &[])?, || Ok(()))
    };
    let ours = || {
        let here = TempDir::with_prefix_in("vault-", folder.path())?;
        let (_server, url) = server(&here.path().join("vault"))?;
        timed(upload_to(&[&film], url.as_ref(), &here.path().join("state"))?, || Ok(()))
    };
    contest("1 GiB to pawl-server, within memory", 2.0).run(ours, theirs)?;
    let driver = || {
        let here = TempDir::with_prefix_in("tus-", folder.path())?;
        let (files, state) = (here.path().join("files"), here.path().join("state"));
        fs::create_dir(&files)?;
        let server = TusServer::start(&files, &[])?;
        let to = format!("tus+{}", server.url());
        timed(upload_to(&[&film], OsStr::new(&to), &state)?, || Ok(()))
    };
    contest("1 GiB to @tus/server, within memory", 1.0).run(driver, theirs)
}
