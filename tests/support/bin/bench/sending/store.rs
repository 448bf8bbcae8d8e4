//! To an S3 store (Garage, the same for all), beside the clients that people use for that, as they are installed (`.ci/setup bench`).

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use anyhow::Result;
use support::garage::{BUCKET, Garage, KEY, REGION, SECRET};
use support::programs::upload_to;
use tempfile::TempDir;

use super::{film, memory, timed};
use crate::figures::Goal;
use crate::pairs::Contest;

/// In memory, so that the clients differ and not the moments of a disk.
pub(crate) fn against_awscli_and_rclone(_: &Path) -> Result<()> {
    let folder = memory()?;
    let film = film(folder.path())?;
    let garage = Garage::start_in(folder.path())?;
    let contest = |peer| Contest {
        work: "1 GiB to an S3 store (Garage)",
        peer,
        unit: "MB/s",
        pairs: 5,
        goal: Goal::AtLeast(1.0),
    };
    let ours = || {
        let here = TempDir::with_prefix_in("state-", folder.path())?;
        let mut command = upload_to(&[&film], OsStr::new(&garage.address("ours")), here.path())?;
        command.args(["--if-taken", "replace"]);
        timed(with_keys(command), || Ok(()))
    };
    contest("aws s3 cp").run(ours, || timed(with_keys(aws(&film, &garage)), || Ok(())))?;
    contest("rclone copyto").run(ours, || timed(rclone(&film, &garage), || Ok(())))
}

fn aws(film: &Path, garage: &Garage) -> Command {
    let mut aws = Command::new("aws");
    aws.args(["s3", "cp", "--no-progress", "--endpoint-url", &garage.endpoint()]).arg(film);
    aws.arg(format!("s3://{BUCKET}/aws/film.bin")).env("AWS_DEFAULT_REGION", REGION);
    aws
}

fn rclone(film: &Path, garage: &Garage) -> Command {
    let mut rclone = Command::new("rclone");
    rclone.arg("copyto").arg(film).arg(format!("garage:{BUCKET}/rclone/film.bin")).arg("--ignore-times");
    for (name, value) in [
        ("TYPE", "s3"),
        ("PROVIDER", "Other"),
        ("ENDPOINT", &garage.endpoint()),
        ("REGION", REGION),
        ("ACCESS_KEY_ID", KEY),
        ("SECRET_ACCESS_KEY", SECRET),
        ("FORCE_PATH_STYLE", "true"),
    ] {
        rclone.env(format!("RCLONE_CONFIG_GARAGE_{name}"), value);
    }
    // Its own files are none of this machine's business.
    rclone.env("RCLONE_CONFIG", "/dev/null");
    rclone
}

fn with_keys(mut command: Command) -> Command {
    command.env("AWS_ACCESS_KEY_ID", KEY).env("AWS_SECRET_ACCESS_KEY", SECRET);
    command
}
