//! One test's world: a folder, the windows that it opened, and at its end the proof that nothing is left running.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use futures::FutureExt;
use tempfile::TempDir;
use tokio::time::timeout;

use super::processes::{self, MARK};
use super::{Launch, Window, evidence, until};

/// The longest that a story may take, before the test runner would cut it off without a word.
const LONGEST: Duration = Duration::from_secs(200);
/// The longest that a picture of a failed story may take: its window may answer nothing at all.
const LAST_LOOK: Duration = Duration::from_secs(20);

/// A test's world.
#[derive(Debug)]
pub struct Scene {
    name: String,
    mark: String,
    folder: TempDir,
    windows: Mutex<Vec<Arc<Window>>>,
}

/// Plays one story in a world of its own. When it fails, what the window showed last is kept in `target/window`.
pub fn scene(name: &str, story: impl AsyncFnOnce(&Scene) -> Result<()>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let scene = Scene::new(name)?;
    runtime.block_on(async {
        let told = timeout(LONGEST, AssertUnwindSafe(story(&scene)).catch_unwind()).await;
        let told = told.unwrap_or_else(|_| Ok(Err(anyhow!("the story did not end within {LONGEST:?}"))));
        if matches!(told, Ok(Ok(()))) {
            return scene.end().await;
        }
        // What still runs is killed when the scene is dropped.
        scene.keep_evidence().await;
        told.unwrap_or_else(|panic| resume_unwind(panic))
    })
}

impl Scene {
    fn new(name: &str) -> Result<Self> {
        let mark = format!("{}-{name}", std::process::id());
        let folder = TempDir::with_prefix("pawl-window-")?;
        Ok(Self { name: name.to_owned(), mark, folder, windows: Mutex::default() })
    }

    /// A path in the scene's folder, which is gone afterwards.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The state of the app under test.
    pub fn state(&self) -> PathBuf {
        self.path("state")
    }

    /// The vault of the app under test.
    pub fn vault(&self) -> PathBuf {
        self.path("state/vault")
    }

    /// Starts the app with files on its command line.
    pub async fn open(&self, files: &[&Path]) -> Result<Arc<Window>> {
        self.launch(Launch::on(&self.state()).files(files)).await
    }

    /// Starts the app.
    pub async fn launch(&self, launch: Launch) -> Result<Arc<Window>> {
        let folder = TempDir::with_prefix_in("start-", self.folder.path())?.keep();
        let window = Window::open(&launch, &self.mark, &folder).await?;
        self.windows().push(window.clone());
        Ok(window)
    }

    /// Starts the app once more beside one that runs already, to which it hands its arguments. Returns when it ended.
    pub fn start_again(&self, launch: &Launch) -> Result<()> {
        let folder = TempDir::with_prefix_in("start-", self.folder.path())?.keep();
        let command = launch.written(&folder, &launch.program()?, &folder.join("output.log"))?;
        let ended = self.command(&command[0]).args(&command[1..]).status()?;
        ensure!(ended.success(), "a later start ended with {ended}");
        Ok(())
    }

    /// A command whose process belongs to the scene.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env(MARK, &self.mark);
        command
    }

    fn windows(&self) -> std::sync::MutexGuard<'_, Vec<Arc<Window>>> {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn keep_evidence(&self) {
        let windows = self.windows().clone();
        for (number, window) in windows.iter().enumerate() {
            let name = format!("{}-{}", self.name, number + 1);
            let looking = evidence::keep(window, &name);
            timeout(LAST_LOOK, looking).await.unwrap_or_else(|_| eprintln!("the window does not answer"));
        }
    }

    /// Closes what is open as a person would; afterwards nothing of it may run.
    async fn end(&self) -> Result<()> {
        let windows = std::mem::take(&mut *self.windows());
        for window in windows.iter().filter(|window| window.is_open()) {
            window.quit().await?;
        }
        let none_left = async || Ok(processes::of_scene(&self.mark)?.is_empty().then_some(()));
        until("the end of all that was started", none_left).await.with_context(|| self.left())
    }

    fn left(&self) -> String {
        let left = processes::of_scene(&self.mark).unwrap_or_default();
        format!("still running: {}", left.into_iter().map(processes::called).collect::<Vec<_>>().join(", "))
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        for pid in processes::of_scene(&self.mark).unwrap_or_default() {
            processes::kill(pid).unwrap_or_else(|error| eprintln!("{error:#}"));
        }
    }
}
