//! Giving ranges out: `pawl-server` beside nginx, both asked by wrk, from the page cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, ensure};
use support::films::noise;
use support::programs::{Talker, last, server, upload};

use crate::figures::{Goal, median};
use crate::nginx::Nginx;
use crate::pairs::Contest;

const FILM: u64 = 512 << 20;
const RANGE: u64 = 64 << 10;

/// Small ranges at random, and the whole film, again and again.
pub(crate) fn against_nginx(folder: &Path) -> Result<()> {
    let film = folder.join("film.bin");
    noise(&film, 1, FILM)?;
    let (vault, state) = (folder.join("vault"), folder.join("state"));
    let (_, events) = Talker::start(&mut upload(&[&film], &vault, &state)?)?.end()?;
    let object = last(&events, "done")?["object"].as_str().context("a film has an object")?.to_owned();
    let (_pawl, url) = server(&vault)?;
    let ours = format!("{url}/api/v1/videos/{object}/content");
    let nginx = Nginx::start(folder, folder)?;
    let theirs = format!("{}/film.bin", nginx.url);

    let script = ranges(folder)?;
    let tails = (std::cell::RefCell::new(Vec::new()), std::cell::RefCell::new(Vec::new()));
    let small = |url: &str, tail: &std::cell::RefCell<Vec<f64>>| {
        let heard = wrk(&["-c16", "-d4", "--latency", "-s", script.to_str().context("a plain path")?, url])?;
        tail.borrow_mut().push(milliseconds(word_after(&heard, "99%")?)?);
        Ok(word_after(&heard, "Requests/sec:")?.parse()?)
    };
    let contest = Contest {
        work: "random 64 KiB ranges at 16 connections",
        peer: "nginx",
        unit: "ranges/s",
        pairs: 7,
        goal: Goal::AtLeast(0.8),
    };
    contest.run(|| small(&ours, &tails.0), || small(&theirs, &tails.1))?;
    println!("    99 of 100 within {:.2} ms, nginx {:.2} ms", median(&tails.0.borrow()), median(&tails.1.borrow()));

    let whole = |url: &str| bytes_a_second(word_after(&wrk(&["-c1", "-d4", url])?, "Transfer/sec:")?);
    let contest = Contest { work: "the whole film", peer: "nginx", unit: "MB/s", pairs: 7, goal: Goal::AtLeast(0.9) };
    contest.run(|| whole(&ours), || whole(&theirs))
}

/// wrk's request: another range every time, the same ones for both.
fn ranges(folder: &Path) -> Result<PathBuf> {
    let (script, last) = (folder.join("ranges.lua"), FILM - RANGE);
    let text = format!(
        "math.randomseed(7)\n\
         request = function()\n\
           local first = math.random(0, {last})\n\
           return wrk.format('GET', nil, {{ ['Range'] = 'bytes=' .. first .. '-' .. first + {} }})\n\
         end\n",
        RANGE - 1
    );
    fs::write(&script, text)?;
    Ok(script)
}

/// What wrk says; an answer that is an error makes a figure worth nothing.
fn wrk(arguments: &[&str]) -> Result<String> {
    let said = Command::new("wrk").args(["-t1", "--timeout", "10s"]).args(arguments).output()?;
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    let sound = said.status.success() && !text.contains("Non-2xx") && !text.contains("Socket errors");
    ensure!(sound, "wrk {arguments:?} met errors: {text}{}", String::from_utf8_lossy(&said.stderr));
    Ok(text)
}

fn word_after<'t>(text: &'t str, label: &str) -> Result<&'t str> {
    let mut words = text.split_whitespace().skip_while(|word| *word != label);
    words.nth(1).with_context(|| format!("no {label} in {text}"))
}

/// `1.25GB` as wrk writes it (powers of 1,024), in MB.
fn bytes_a_second(text: &str) -> Result<f64> {
    let (number, unit) = split(text)?;
    let factor = match unit {
        "KB" => 1024.0,
        "MB" => 1024.0 * 1024.0,
        "GB" => 1024.0 * 1024.0 * 1024.0,
        _ => return Err(anyhow!("{text} is no rate")),
    };
    Ok(number * factor / 1e6)
}

fn milliseconds(text: &str) -> Result<f64> {
    let (number, unit) = split(text)?;
    match unit {
        "us" => Ok(number / 1000.0),
        "ms" => Ok(number),
        "s" => Ok(number * 1000.0),
        _ => Err(anyhow!("{text} is no time")),
    }
}

fn split(text: &str) -> Result<(f64, &str)> {
    let unit = text.find(|c: char| c.is_ascii_alphabetic()).with_context(|| format!("{text} has no unit"))?;
    Ok((text[..unit].parse()?, &text[unit..]))
}
