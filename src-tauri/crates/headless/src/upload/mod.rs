//! `pawl-upload FILE... --to DESTINATION`: sends files and ends when each is there, or says why not.
//!
//! `pawl-upload verify RECEIPT FILE` holds a file against what `--receipt` wrote.
//!
//! Its state folder is a queue like the window's: started again with the same files it resumes, and a file that is
//! already done is said to be so.

mod credentials;
mod destination;
mod event;
mod follow;
mod named;
mod native;
mod receipts;
mod s3;
mod screen;
mod tus;
mod verify;

use std::collections::HashMap;
use std::env;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, Parser, Subcommand, ValueEnum};
use store::{Opened, SqliteJournal};
use tokio_util::task::AbortOnDropHandle;
use transfer::engine::{AddOrder, Engine, Setup, Version};
use transfer::ids::BatchId;
use transfer::placing::{Placement, Taken, Template};
use transfer::source::FileSources;

use crate::compose::{Target, notices};
use crate::logs;
use crate::occasion;
use crate::outside;
use crate::rate::Limit;
use crate::serve::asked_to_stop;
use destination::{Destination, Usual};
use follow::{Followed, Mending};
use receipts::Receipts;
use screen::Screen;
use verify::Verification;

/// How long chunks in flight may take to arrive when the program is asked to stop.
const GRACE: Duration = Duration::from_secs(2);

/// Sends large files so that they arrive, whatever the link does.
#[derive(Debug, Parser)]
#[command(name = "pawl-upload", version, about, args_conflicts_with_subcommands = true)]
#[command(subcommand_negates_reqs = true, disable_help_subcommand = true)]
pub struct Arguments {
    #[command(flatten)]
    sending: Option<Sending>,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What there is besides sending.
#[derive(Debug, Subcommand)]
enum Command {
    /// Holds a file against a receipt, and says which ranges of bytes differ.
    ///
    /// The receipt is one that --receipt or the app wrote. Ends with 0 when every byte is equal, with 1 when not, with 2
    /// when that could not be found out: the receipt cannot be relied on, or a file cannot be read. (A film that is called
    /// verify is sent as ./verify.)
    Verify(Verification),
}

/// Sending.
#[derive(Debug, Args)]
struct Sending {
    /// The files.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Where to: the name of a destination that was set up in the app; vault:DIR, a vault in a folder of this machine; http://HOST:PORT or https://HOST, a Pawl server, with
    /// its token in PAWL_TOKEN; s3://BUCKET/PREFIX?endpoint=URL&region=REGION, an S3 store, with the keys in
    /// AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN); tus+https://HOST/PATH/ or tus+http://…, a
    /// tus server, with the token in PAWL_TOKEN if it wants one. Authorities to trust besides the system's stand in the
    /// file that PAWL_CA_FILE names.
    #[arg(long, value_name = "DESTINATION")]
    to: Target,
    /// Where the progress is kept, so that the next start resumes. Default: the user's state directory.
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// The most bytes a second, like 20M. A limit that the named destination has holds as well.
    #[arg(long, value_name = "RATE")]
    limit: Option<Limit>,
    /// How many chunks may travel at once; how many do follows from what the link bears.
    #[arg(long, value_name = "COUNT", default_value = "8")]
    parallel: NonZeroUsize,
    /// Send a file that was changed since it was begun again from its first byte.
    #[arg(long)]
    start_over: bool,
    /// Of a file that was changed since it was begun send only what changed. Where the destination cannot keep the rest of
    /// it: as --start-over.
    #[arg(long, conflicts_with = "start_over")]
    send_changed: bool,
    /// What each is called there: {name}, or words and {stem}, {extension}, {date}, {time}. At an S3 store slashes make
    /// folders, and {folder} stands for those of FILE as it is written here.
    /// Default: as the named destination has it, else {name}.
    #[arg(long, value_name = "TEMPLATE")]
    name: Option<Template>,
    /// What to do where that name is taken. Default: as the named destination has it, else keep-both.
    #[arg(long, value_name = "WAY", value_enum)]
    if_taken: Option<IfTaken>,
    /// Write a receipt of each film that is there: into this folder, under the film's name, or, of one film, into this
    /// file. `pawl-upload verify` holds a file against it.
    #[arg(long, value_name = "FILE_OR_FOLDER")]
    receipt: Option<PathBuf>,
    /// One event a line on stdout instead of progress bars.
    #[arg(long)]
    json: bool,
}

/// What to do where a name is taken. A tus server gives names of its own.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum IfTaken {
    /// Send it under the next free name.
    KeepBoth,
    /// Put it in the place of the other, once it is there whole.
    Replace,
    /// Do not send it.
    Skip,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Every file is there, and its receipt where one was wanted.
    AllDone,
    /// At least one is not, and was said why.
    NotAll,
    /// It was asked to stop; the next start resumes.
    Interrupted,
}

impl Outcome {
    /// What the program ends with: 0 only when every file is there; 130 as shells say for an interrupt.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::AllDone => 0,
            Self::NotAll => 1,
            Self::Interrupted => 130,
        }
    }
}

/// Does what is wanted; what the program ends with.
///
/// # Errors
/// A sentence why nothing could be sent.
pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    match (arguments.command, arguments.sending) {
        (Some(Command::Verify(verification)), _) => {
            // It reads and hashes, and nothing waits for it.
            Ok(tokio::task::spawn_blocking(move || verification.run()).await?)
        }
        (None, Some(sending)) => Ok(ExitCode::from(run_to_end(sending).await?.exit_code())),
        (None, None) => bail!("name files, and with --to where they go"),
    }
}

/// Runs until every file is done or needs a person.
async fn run_to_end(arguments: Sending) -> Result<Outcome> {
    let state = arguments.state.clone().map_or_else(default_state, Ok)?;
    std::fs::create_dir_all(&state).with_context(|| format!("cannot make the state folder {}", state.display()))?;
    let Opened { value: journal, set_aside, caution } = SqliteJournal::open(&state).await?;
    let _logs = logs::start(&state.join("logs"), "pawl-upload")?;
    let journal = Arc::new(journal);
    let destination = Destination::open(&arguments.to).await?;
    let screen = Screen::new(arguments.json);
    let own = notices(set_aside.as_ref(), caution);
    own.iter().chain(destination.notices()).for_each(|notice| screen.notice(notice));
    let engine = Engine::start(Setup {
        limit: arguments.limit.map(|limit| limit.0),
        limits: destination.limits(),
        parallel: arguments.parallel,
        ..Setup::new(journal.clone(), destination.remotes(), Arc::new(FileSources))
    })
    .await?;
    let _outside = AbortOnDropHandle::new(tokio::spawn(outside::keep_told(engine.clone())));
    let outcome = tokio::select! {
        outcome = send(&engine, &arguments, &destination, &screen) => outcome,
        stopped = asked_to_stop() => stopped.map(|()| Outcome::Interrupted),
    };
    engine.shutdown(GRACE).await;
    destination.close().await;
    journal.close().await;
    screen.end(&outcome);
    outcome
}

impl Sending {
    fn mending(&self) -> Mending {
        match (self.start_over, self.send_changed) {
            (false, false) => Mending::Ask,
            (true, _) => Mending::StartOver,
            (false, true) => Mending::SendChanged,
        }
    }

    fn placement(&self, usual: &Usual) -> Result<Placement> {
        let template = self.name.as_ref().unwrap_or(&usual.template).clone();
        ensure!(
            usual.folders || !template.has_folders(),
            "--name {template}: only an S3 store has folders; leave the slashes out"
        );
        let taken = self.if_taken.map_or(usual.taken, Taken::from);
        Ok(Placement { template, taken, base: env::current_dir().ok(), occasion: occasion::now() })
    }

    fn receipts(&self, destination: &str) -> Result<Option<Receipts>> {
        let at = |path: &PathBuf| Receipts::at(path, self.files.len(), destination.to_owned());
        self.receipt.as_ref().map(at).transpose()
    }
}

impl From<IfTaken> for Taken {
    fn from(if_taken: IfTaken) -> Self {
        match if_taken {
            IfTaken::KeepBoth => Self::KeepBoth,
            IfTaken::Replace => Self::Replace,
            IfTaken::Skip => Self::Skip,
        }
    }
}

async fn send(engine: &Engine, arguments: &Sending, to: &Destination, screen: &Screen) -> Result<Outcome> {
    let files = arguments.files.iter().map(|file| std::path::absolute(file).unwrap_or_else(|_| file.clone())).collect();
    let placement = arguments.placement(to.usual())?;
    let receipts = arguments.receipts(to.shown())?;
    let order = AddOrder { batch: BatchId::random(), files, destination: to.id(), placement };
    let events = engine.events();
    let answers = engine.add(order.clone()).await?;
    let mut followed = Followed::new(screen, arguments.mending(), receipts);
    let list = engine.since(Version::default()).await?.changed;
    let list: HashMap<_, _> = list.into_iter().map(|snapshot| (snapshot.id, snapshot)).collect();
    for (file, answer) in order.files.iter().zip(answers) {
        match answer {
            Ok(added) => followed.take(engine, added, list.get(&added.id)).await?,
            Err(refusal) => followed.refuse(file, &refusal.to_string()),
        }
    }
    followed.until_ended(engine, events).await
}

fn default_state() -> Result<PathBuf> {
    let home = dirs::state_dir().or_else(dirs::data_local_dir);
    Ok(home.context("there is no home directory: say where to keep the state with --state")?.join("pawl"))
}
