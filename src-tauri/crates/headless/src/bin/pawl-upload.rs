//! `pawl-upload`: see [`headless::upload`].

use std::process::ExitCode;

use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    match headless::upload::run(headless::upload::Arguments::parse()).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("pawl-upload: {error:#}");
            ExitCode::FAILURE
        }
    }
}
