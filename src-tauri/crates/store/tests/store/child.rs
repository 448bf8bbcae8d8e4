//! This test program again, as a second process.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Tells a test that it is the child, and its folder.
const FOLDER: &str = "STORE_TEST_CHILD_FOLDER";

/// The folder to work in, when this process is a child; none in an ordinary run.
pub(crate) fn folder_of_child() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}

/// A running child. It is killed (SIGKILL) when it is dropped.
pub(crate) struct Second {
    child: Child,
    said: BufReader<ChildStdout>,
    /// Open while the child shall live.
    _stdin: Option<ChildStdin>,
}

impl Second {
    /// Runs the test `name` of this program alone, in `folder`.
    pub(crate) fn start(name: &str, folder: &Path) -> Self {
        let program = std::env::current_exe().expect("this program");
        let mut command = Command::new(program);
        command.args([name, "--exact", "--nocapture"]).env(FOLDER, folder);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a second process");
        let said = BufReader::new(child.stdout.take().expect("its output"));
        Self { said, _stdin: child.stdin.take(), child }
    }

    /// The rest of the next line that begins with `word`.
    pub(crate) fn wait_for(&mut self, word: &str) -> String {
        for line in self.said.by_ref().lines() {
            // The test runner may write a name before it, on the same line.
            if let Some((_, rest)) = line.expect("its output is text").split_once(word) {
                return rest.to_owned();
            }
        }
        panic!("the second process ended without saying {word}")
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it is gone");
    }
}

impl Drop for Second {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
