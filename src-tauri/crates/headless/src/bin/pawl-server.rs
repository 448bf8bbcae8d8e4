//! `pawl-server`: see [`headless::serve`].

use std::process::ExitCode;

use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    match headless::serve::run(headless::serve::Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pawl-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}
