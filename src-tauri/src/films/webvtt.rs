//! SubRip into WebVTT. Pure: text in, text out.
//!
//! Invariant: whatever comes in, what goes out is WebVTT whose cues have a time and words, and no markup but italics,
//! bold and underline.

use std::fmt::Write;

const HEAD: &str = "WEBVTT\n";
/// What the markup of both formats has in common.
const KEPT_TAGS: [&str; 6] = ["i", "/i", "b", "/b", "u", "/u"];

/// WebVTT of the text of a file; text that is WebVTT already stays as it is, but for its ends of lines.
pub(crate) fn webvtt(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{fffd}");
    let head = text.lines().next().unwrap_or_default();
    let already = head.strip_prefix("WEBVTT").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
    if already { text } else { from_subrip(&text) }
}

/// A cue begins at a line that is a time and ends at an empty line. The number before it, a wrong one too, is no part.
fn from_subrip(text: &str) -> String {
    let mut vtt = HEAD.to_owned();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let Some((from, to)) = times(line) else { continue };
        let mut words = Vec::new();
        while let Some(line) = lines.next_if(|line| !line.trim().is_empty() && times(line).is_none()) {
            words.push(clean(line));
        }
        // Some files lack the empty line: then the next cue's number stands last.
        if lines.peek().is_some_and(|next| times(next).is_some()) && words.last().is_some_and(|last| is_number(last)) {
            words.pop();
        }
        words.retain(|line| !line.trim().is_empty());
        if from < to && !words.is_empty() {
            // Writing to a string cannot fail.
            write!(vtt, "\n{} --> {}\n{}\n", clock(from), clock(to), words.join("\n")).ok();
        }
    }
    vtt
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `00:01:02,500 --> 00:01:04,000`, whatever follows, in milliseconds.
fn times(line: &str) -> Option<(u64, u64)> {
    let (from, rest) = line.split_once("-->")?;
    Some((milliseconds(from.trim())?, milliseconds(rest.split_whitespace().next()?)?))
}

/// Hours, minutes, seconds; a comma or a dot before the fraction, which may be short or missing.
fn milliseconds(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once([',', '.']).unwrap_or((text, "0"));
    let number = |text: &str| (is_number(text) && text.len() <= 6).then(|| text.parse::<u64>().ok()).flatten();
    let parts: Option<Vec<u64>> = whole.split(':').map(number).collect();
    let [hours, minutes, seconds] = parts?[..] else { return None };
    let thousandths = format!("{fraction:0<3}");
    Some(((hours * 60 + minutes) * 60 + seconds) * 1000 + number(thousandths.get(..3)?)?)
}

fn clock(at: u64) -> String {
    format!("{:02}:{:02}:{:02}.{:03}", at / 3_600_000, at / 60_000 % 60, at / 1000 % 60, at % 1000)
}

/// Escapes what WebVTT would take for markup, and drops the markup that it does not have: fonts, places in braces.
fn clean(line: &str) -> String {
    let (mut cleaned, mut rest) = (String::new(), line);
    while let Some(at) = rest.find(['<', '>', '&', '{']) {
        let (before, from) = rest.split_at(at);
        cleaned.push_str(before);
        let (taken, written) = markup(from);
        cleaned.push_str(&written);
        rest = &from[taken..];
    }
    cleaned.push_str(rest);
    cleaned
}

/// How many bytes one piece of markup takes, and what stands for it.
fn markup(text: &str) -> (usize, String) {
    if let Some(place) = text.strip_prefix("{\\") {
        return place.find('}').map_or((1, "{".to_owned()), |end| (end + 3, String::new()));
    }
    if let Some(end) = text.strip_prefix('<').and_then(|tag| tag.find('>')) {
        let tag = text[1..=end].to_ascii_lowercase();
        if KEPT_TAGS.contains(&tag.as_str()) {
            return (end + 2, format!("<{tag}>"));
        }
        if tag.starts_with("font") || tag.starts_with("/font") {
            return (end + 2, String::new());
        }
    }
    let escaped = match text.as_bytes().first() {
        Some(b'<') => "&lt;",
        Some(b'>') => "&gt;",
        Some(b'&') => "&amp;",
        Some(_) | None => "{",
    };
    (1, escaped.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cues_keep_their_times_and_words() {
        let srt = "\u{feff}1\r\n00:00:01,000 --> 00:00:02,500\r\nHello,\r\n<i>world</i>\r\n\r\n2\r\n01:00:00,5 --> 01:00:01\r\nBye\r\n";
        let vtt =
            "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nHello,\n<i>world</i>\n\n01:00:00.500 --> 01:00:01.000\nBye\n";
        assert_eq!(webvtt(srt), vtt, "numbers go, commas become dots, italics stay");
    }

    #[test]
    fn markup_that_webvtt_lacks_is_taken_out_or_escaped() {
        let cue = |words: &str| webvtt(&format!("1\n00:00:01,000 --> 00:00:02,000\n{words}\n"));
        let shown = |words: &str| cue(words).lines().nth(3).unwrap_or_default().to_owned();
        assert_eq!(shown("{\\an8}<font color=\"red\">Up</font>"), "Up", "places and fonts go");
        assert_eq!(shown("a < b & c --> d"), "a &lt; b &amp; c --&gt; d", "an arrow in words is no time");
        assert_eq!(shown("{curly} <script>x"), "{curly} &lt;script&gt;x", "no other tag is let through");
    }

    #[test]
    fn a_missing_empty_line_does_not_join_cues() {
        let vtt = webvtt("1\n00:00:01,000 --> 00:00:02,000\nOne\n2\n00:00:02,000 --> 00:00:03,000\nTwo\n");
        assert!(vtt.contains("\nOne\n\n00:00:02.000"), "the next cue's number is not spoken: {vtt}");
    }

    #[test]
    fn webvtt_stays_and_nonsense_becomes_no_cue() {
        let vtt = "WEBVTT - with notes\n\nNOTE kept\n\n00:01.000 --> 00:02.000 line:0\nHello\n";
        assert_eq!(webvtt(&vtt.replace('\n', "\r\n")), vtt, "only ends of lines change");
        for nonsense in ["", "words", "WEBVTTX\n", "1\n00:00:02,000 --> 00:00:01,000\nbackwards\n", "99:99 --> x\n"] {
            assert_eq!(webvtt(nonsense), HEAD, "{nonsense:?} holds no cue");
        }
    }

    proptest! {
        #[test]
        fn anything_becomes_webvtt_without_foreign_tags(words in "([ -~]|<|>|&|\\{|\\\\|é|\n|\r){0,60}", from in 0u64..9999, len in 1u64..99) {
            let srt = format!("7\n00:00:{:02},{:03} --> 00:10:{:02},000\n{words}\n", from / 1000, from % 1000, len % 60);
            let vtt = webvtt(&srt);
            prop_assert!(vtt.starts_with(HEAD), "it says what it is");
            for tag in vtt.split('<').skip(1) {
                let name = tag.split('>').next().unwrap_or_default();
                prop_assert!(KEPT_TAGS.contains(&name), "{name:?} is no tag that may be there: {vtt}");
            }
        }
    }
}
