//! What a link promises to the tests that use it.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::*;

const MANY: usize = 8 << 20;

/// A server that hears each connection to its end and then gives it to the test; before that it says `hello`.
fn server() -> Result<(SocketAddr, Receiver<Vec<u8>>)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let (address, (tell, heard)) = (listener.local_addr()?, channel());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let tell = tell.clone();
            std::thread::spawn(move || {
                let mut bytes = Vec::new();
                // A connection that breaks has an end too.
                let _ = (stream.write_all(b"hello"), stream.read_to_end(&mut bytes));
                tell.send(bytes)
            });
        }
    });
    Ok((address, heard))
}

fn sent(link: &BadLink, bytes: Vec<u8>) -> Result<JoinHandle<std::io::Result<Vec<u8>>>> {
    let mut stream = TcpStream::connect(link.address())?;
    Ok(std::thread::spawn(move || {
        let mut answer = Vec::new();
        stream.write_all(&bytes)?;
        stream.shutdown(Shutdown::Write)?;
        stream.read_to_end(&mut answer)?;
        Ok(answer)
    }))
}

fn answer(sent: JoinHandle<std::io::Result<Vec<u8>>>) -> std::io::Result<Vec<u8>> {
    sent.join().expect("no panic")
}

fn noise() -> Vec<u8> {
    (0..MANY as u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
}

#[test]
fn a_good_link_changes_nothing() -> Result<()> {
    let (server, heard) = server()?;
    let link = BadLink::to(server, 1, Conditions::default())?;
    let answer = answer(sent(&link, noise())?)?;
    assert_eq!(answer, b"hello", "what the server says");
    assert!(heard.recv()? == noise(), "every byte in its place, and the end");
    let tally = link.tally();
    assert_eq!((tally.connections, tally.ended, tally.up, tally.down), (1, 0, MANY as u64, 5), "{tally:?}");
    Ok(())
}

#[test]
fn a_delay_holds_everything_back_at_once_and_not_one_piece_after_the_other() -> Result<()> {
    let (server, heard) = server()?;
    let way = Way { delay: Duration::from_secs(1), ..Way::default() };
    let link = BadLink::to(server, 1, Conditions { up: way, ..Conditions::default() })?;
    let begun = Instant::now();
    let sending = sent(&link, noise())?;
    assert!(heard.recv()? == noise(), "it arrives as it was");
    assert!(begun.elapsed() >= Duration::from_secs(2), "a greeting and a second's delay");
    answer(sending)?;
    // Piece by piece it would have been half a minute; within a minute nothing else holds this machine up.
    assert!(begun.elapsed() < Duration::from_secs(25), "the delay is paid once, not {:?}", begun.elapsed());
    Ok(())
}

#[test]
fn a_rate_is_one_for_all_connections() -> Result<()> {
    let (server, heard) = server()?;
    let way = Way { rate: Some(8_000_000), ..Way::default() };
    let link = BadLink::to(server, 1, Conditions { up: way, ..Conditions::default() })?;
    let begun = Instant::now();
    let sending = [sent(&link, vec![1; 4_000_000])?, sent(&link, vec![2; 4_000_000])?];
    let lengths = [heard.recv()?.len(), heard.recv()?.len()];
    assert_eq!(lengths, [4_000_000; 2], "both arrive");
    assert!(begun.elapsed() >= Duration::from_millis(950), "together they had a second of it");
    sending.map(answer).into_iter().collect::<std::io::Result<Vec<_>>>()?;
    Ok(())
}

#[test]
fn a_reset_and_an_end_fall_at_their_byte() -> Result<()> {
    for how in [How::Reset, How::Fin] {
        let (server, heard) = server()?;
        let link = BadLink::to(server, 1, Conditions::default().ending(After::Bytes(1_000_000), how))?;
        let answer = answer(sent(&link, noise())?);
        let arrived = heard.recv()?;
        match how {
            How::Reset => assert!(answer.is_err(), "the client is told by a reset"),
            How::Fin => assert_eq!(arrived.len(), 1_000_000, "all that was before the end arrives"),
        }
        assert!(arrived.len() <= 1_000_000 && noise().starts_with(&arrived), "{how:?}: and nothing behind it");
        assert_eq!(link.tally().ended, 1, "{how:?} is counted");
    }
    Ok(())
}

#[test]
fn answers_end_too() -> Result<()> {
    let (server, _heard) = server()?;
    let link = BadLink::to(server, 1, Conditions::default().answers_ending(After::Bytes(3), How::Fin))?;
    let mut stream = TcpStream::connect(link.address())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    assert_eq!(answer, b"hel", "the rest of it never comes");
    Ok(())
}

#[test]
fn what_is_frozen_says_nothing_any_more_and_what_is_new_does() -> Result<()> {
    let (server, heard) = server()?;
    let link = BadLink::to(server, 1, Conditions::default())?;
    let mut stream = TcpStream::connect(link.address())?;
    stream.read_exact(&mut [0; 5])?;
    link.freeze();
    stream.write_all(b"into the void")?;
    answer(sent(&link, b"heard".to_vec())?)?;
    assert_eq!(heard.recv()?, b"heard", "a new connection works");
    stream.set_read_timeout(Some(Duration::from_millis(100)))?;
    let silence = stream.read(&mut [0; 5]).expect_err("nobody says that it is over");
    assert!(matches!(silence.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{silence}");
    link.cut();
    stream.set_read_timeout(None)?;
    assert!(stream.read(&mut [0; 5]).is_err(), "until it is cut");
    Ok(())
}

#[test]
fn a_swallowed_connection_is_accepted_and_nobody_hears_it() -> Result<()> {
    let (server, heard) = server()?;
    let link = BadLink::to(server, 1, Conditions { swallows: true, ..Conditions::default() })?;
    let mut stream = TcpStream::connect(link.address())?;
    stream.write_all(&noise())?;
    stream.set_read_timeout(Some(Duration::from_millis(100)))?;
    assert!(stream.read(&mut [0; 5]).is_err(), "it takes everything and says nothing");
    link.set(Conditions::default());
    answer(sent(&link, b"heard".to_vec())?)?;
    assert_eq!(heard.recv()?, b"heard", "the server heard of none before");
    Ok(())
}

const PUT: &[u8] = b"PUT /film HTTP/1.1\r\nContent-Length: 100000\r\n\r\n";

fn request() -> Vec<u8> {
    [PUT, &[7; 100_000]].concat()
}

#[test]
fn requests_are_answered_in_the_servers_stead_as_often_as_wanted() -> Result<()> {
    let (server, heard) = server()?;
    let link = BadLink::to(server, 1, Conditions::default())?;
    link.answer(Answer::too_many(Some("1")), Span::Requests { after: 1, answered: 1 });
    let answers = (0..3).map(|_| answer(sent(&link, request())?).context("an answer"));
    let answers: Vec<_> =
        answers.collect::<Result<Vec<_>>>()?.into_iter().map(String::from_utf8).collect::<Result<_, _>>()?;
    assert!(answers[1].contains("429 Too Many Requests\r\nRetry-After: 1\r\n"), "the second one: {}", answers[1]);
    assert!(answers[0] == "hello" && answers[2] == "hello", "{answers:?}");
    let lengths: Vec<_> = (0..3).map(|_| heard.recv().map(|bytes| bytes.len())).collect::<Result<_, _>>()?;
    assert_eq!(lengths.iter().sum::<usize>(), 2 * request().len(), "the server heard two of three: {lengths:?}");
    assert_eq!(link.tally().answered, 1, "one was answered here");
    Ok(())
}

#[test]
fn bits_of_films_are_flipped_and_no_others() -> Result<()> {
    let (server, heard) = server()?;
    let up = Way { flips: Some(Flips { mean: 10_000, most: 2 }), ..Way::default() };
    let link = BadLink::to(server, 1, Conditions { up, ..Conditions::default() })?;
    answer(sent(&link, request())?)?;
    let arrived = heard.recv()?;
    assert!(arrived.starts_with(PUT), "the head is whole");
    let wrong: u32 = arrived.iter().zip(request()).map(|(one, other)| (one ^ other).count_ones()).sum();
    assert_eq!((wrong, link.tally().flipped), (2, 2), "two bits of its film are not");
    Ok(())
}
