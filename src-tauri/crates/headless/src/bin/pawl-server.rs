//! `pawl-server`: see [`headless::serve`].

use std::process::ExitCode;

use headless::serve::Arguments;

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Arguments::read(std::env::args_os()) {
        Ok(arguments) => headless::serve::run(arguments).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("pawl-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}
