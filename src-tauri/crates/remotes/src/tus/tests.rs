//! A server that says what a test lets it say: what a real one would never answer, and what we must bear.

mod lies;
mod origins;
mod reading;
mod refusals;

use transfer::error::{Class, RemoteError};
use transfer::layout::ChunkLayout;
use transfer::remote::UploadHandle;
use transfer::testing::Film;

use super::{Access, Tus, TusSetup};
use crate::canned::{Canned, answer};

/// What OPTIONS answers.
const OFFER: &str = "204 No Content\r\nTus-Version: 1.0.0\r\nTus-Extension: creation,termination";

/// A driver that is connected to a server which answers so, one answer a request.
async fn connected(access: Access, answers: &[&str]) -> (Canned, Tus) {
    let answers = [OFFER].iter().chain(answers).map(|said| answer(said)).collect();
    let server = Canned::start(answers).await;
    let tus = Tus::connect(setup(&server, access)).await.expect("the server offers what we need");
    (server, tus)
}

fn setup(server: &Canned, access: Access) -> TusSetup {
    TusSetup { endpoint: server.url.parse().expect("an address"), access, connection: Default::default() }
}

fn film(tus: &Tus) -> Film {
    Film::new(tus, 1, 1000)
}

fn layout(size: u64) -> ChunkLayout {
    ChunkLayout::new(size, transfer::layout::MIN_CHUNK_LEN).expect("a layout")
}

/// An upload at that server.
fn upload(server: &Canned) -> UploadHandle {
    UploadHandle(format!("{}abc", server.url))
}

fn failure<T: std::fmt::Debug>(result: Result<T, RemoteError>) -> (Class, String) {
    let error = result.expect_err("it must fail");
    (error.class, error.context)
}
