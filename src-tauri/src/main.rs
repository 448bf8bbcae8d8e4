//! Pawl, the desktop app: see the library's `lib.rs`.

use std::process::ExitCode;

fn main() -> ExitCode {
    pawl::run()
}
