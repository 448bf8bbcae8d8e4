//! One connection through the link: both directions in one task, which ends when both are over, or with a fault.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, sink};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::conditions::{Direction, How};
use super::link::Link;
use super::pipe::Pipe;
use super::pump::{Over, Pump, Source, write};

/// How long a client may go on sending what nobody hears any more.
const LINGER: Duration = Duration::from_secs(5);

/// Carries until the connection is over.
pub(super) async fn carry(mut client: TcpStream, link: Arc<Link>, number: u64) {
    if link.conditions().swallows {
        link.counts.ended.fetch_add(1, Ordering::Relaxed);
        swallowed(&mut client, &link, number).await;
        return;
    }
    // Whoever reaches no server learns it as one does behind any front: the connection ends.
    let Ok(mut server) = TcpStream::connect(link.server).await else { return reset(&client) };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    // The two sides greet each other first.
    sleep(link.conditions().round_trip()).await;
    let over = tokio::select! {
        over = both(&mut client, &mut server, &link, number) => over,
        () = link.marked(|marks| marks.cut >= number) => Over::Cut,
        () = link.marked(|marks| marks.frozen >= number) => {
            link.marked(|marks| marks.cut >= number).await;
            Over::Cut
        }
    };
    match over {
        Over::Clean | Over::Ended(How::Fin) => {}
        Over::Ended(How::Reset) | Over::Cut | Over::Broken => {
            reset(&client);
            reset(&server);
        }
    }
    if matches!(over, Over::Ended(_) | Over::Cut) {
        link.counts.ended.fetch_add(1, Ordering::Relaxed);
    }
}

/// Nothing comes back, and nobody hears of it; it lasts as long as the client's patience.
async fn swallowed(client: &mut TcpStream, link: &Link, number: u64) {
    let all = async { tokio::io::copy(client, &mut sink()).await.map_or((), drop) };
    tokio::select! {
        () = all => {}
        () = link.marked(|marks| marks.cut >= number) => {}
    }
    reset(client);
}

/// What is dropped after this is a reset to the other side, whatever was on its way.
fn reset(stream: &TcpStream) {
    // One that is over already needs none.
    let _ = stream.set_zero_linger();
}

async fn both(client: &mut TcpStream, server: &mut TcpStream, link: &Arc<Link>, number: u64) -> Over {
    let (up, down) = (Pipe::default(), Pipe::default());
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = server.split();
    let upwards = async {
        let pump = Pump::new(link, Direction::Up, number, &up).answering(&down);
        let (source, ()) = tokio::try_join!(pump.run(&mut from_client), write(&up, &mut to_server))?;
        match source {
            Source::Dry => {}
            // The server hears the end; the client may go on talking, and hears what the server or the link has to say.
            Source::Ended | Source::Answered => heard_out(&mut from_client).await,
        }
        Ok(source)
    };
    let downwards = async {
        let pump = Pump::new(link, Direction::Down, number, &down);
        let (source, ()) = tokio::try_join!(pump.run(&mut from_server), write(&down, &mut to_client))?;
        match source {
            Source::Dry | Source::Answered => Ok(()),
            Source::Ended => Err(Over::Ended(How::Fin)),
        }
    };
    match tokio::try_join!(upwards, downwards) {
        Ok((Source::Ended, ())) => Over::Ended(How::Fin),
        Ok((Source::Dry | Source::Answered, ())) => Over::Clean,
        Err(over) => over,
    }
}

/// A connection that is closed with unread bytes is reset, and the answer with it.
async fn heard_out(client: &mut (impl AsyncRead + Unpin)) {
    let mut piece = vec![0; 64 << 10];
    let all = async { while client.read(&mut piece).await.is_ok_and(|read| read > 0) {} };
    // Enough is enough.
    let _ = timeout(LINGER, all).await;
}
