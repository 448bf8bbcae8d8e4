//! Takes out of a text what is nobody else's business. What is known to be a name is found wherever it stands; the rest
//! is recognised by its form, and rather too much is taken than too little.

use std::path::PathBuf;

/// What stands for what was taken out.
const GONE: &str = "…";
/// So many hexadecimal digits in a row are a token or a hash.
const TOKEN: usize = 32;
/// Shorter names are part of too many words; in a path they are found all the same.
const SHORTEST_NAME: usize = 4;

/// What must not be told.
#[derive(Debug)]
pub(super) struct Secrets {
    home: Option<String>,
    state: String,
    /// The longest first, for one may be part of another.
    names: Vec<String>,
}

impl Secrets {
    /// `state` is Pawl's own folder: the names in it are Pawl's and can be told.
    pub(super) fn new(home: Option<PathBuf>, state: PathBuf, mut names: Vec<String>) -> Self {
        names.retain(|name| name.chars().count() >= SHORTEST_NAME);
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        names.dedup();
        let home = home.map(|home| home.display().to_string()).filter(|home| home.len() > 1);
        Self { home, state: state.display().to_string(), names }
    }

    pub(super) fn scrubbed(&self, text: &str) -> String {
        let lines = text.lines().map(|line| self.line(line)).collect::<Vec<_>>().join("\n");
        if text.ends_with('\n') { lines + "\n" } else { lines }
    }

    fn line(&self, line: &str) -> String {
        // Paths first: a name that is taken out of one would leave a path that looks like another.
        let line = without_tokens(&self.without_places(line));
        let known = self.names.iter().filter(|name| line.contains(name.as_str())).collect::<Vec<_>>();
        known.into_iter().fold(line, |line, name| line.replace(name.as_str(), &hidden(name)))
    }

    /// Addresses keep their host, paths only whether they are at home, and a file its extension.
    fn without_places(&self, line: &str) -> String {
        let (mut out, mut rest) = (String::new(), line);
        while let Some(at) = rest.find('/') {
            let address = rest[..at].ends_with(':') && rest[at..].starts_with("//");
            let begins = address || !rest[..at].ends_with(|c: char| c.is_alphanumeric() || c == '.');
            let end = if address { address_end(&rest[at..]) } else { path_end(&rest[at..]) };
            out.push_str(&rest[..at]);
            match (begins, address) {
                (false, _) => out.push('/'),
                (true, true) => out.push_str(&host(&rest[at..at + end])),
                (true, false) => out.push_str(&self.place(&rest[at..at + end])),
            }
            rest = &rest[at + if begins { end } else { 1 }..];
        }
        out + rest
    }

    fn place(&self, path: &str) -> String {
        let at_home = self.home.as_ref().and_then(|home| path.strip_prefix(home.as_str()));
        let is_home = at_home.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if path.strip_prefix(&self.state).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
            let (home, rest) = if is_home { ("~", at_home.unwrap_or(path)) } else { ("", path) };
            return format!("{home}{rest}");
        }
        let name = path.rsplit('/').next().unwrap_or_default();
        format!("{}/{GONE}/{}", if is_home { "~" } else { "" }, hidden(name))
    }
}

/// A name as its extension.
fn hidden(name: &str) -> String {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension).filter(|end| is_extension(end));
    extension.map_or_else(|| GONE.to_owned(), |extension| format!("{GONE}.{extension}"))
}

fn is_extension(end: &str) -> bool {
    (1..=5).contains(&end.len()) && end.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Where a path that begins here ends. One in quotes ends with them; else it may hold spaces, so that it goes on to the
/// last extension before something that no path is followed by, or up to that.
fn path_end(text: &str) -> usize {
    let stop = [": ", "\"", "'", "; ", ", ", ")", "\t"].iter().filter_map(|stop| text.find(stop)).min();
    let reach = &text[..stop.unwrap_or(text.len())];
    let ends = reach.match_indices(' ').map(|(at, _)| at).chain([reach.len()]);
    let named = ends.filter(|end| {
        let word = &reach[..*end];
        word.rsplit_once('.').is_some_and(|(_, end)| is_extension(end.trim_end_matches([':', '.', ',', ';'])))
    });
    named.max().unwrap_or(reach.len())
}

fn address_end(text: &str) -> usize {
    text.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ')' | '>')).unwrap_or(text.len())
}

/// An address without its user, path and query.
fn host(address: &str) -> String {
    let place = address.trim_start_matches('/');
    let authority = place.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("//{host}{}", if place.len() > authority.len() { "/…" } else { "" })
}

fn without_tokens(line: &str) -> String {
    let (mut out, mut run) = (String::new(), String::new());
    for c in line.chars().map(Some).chain([None]) {
        match c.filter(char::is_ascii_hexdigit) {
            Some(digit) => run.push(digit),
            None => {
                out.push_str(if run.len() >= TOKEN { GONE } else { &run });
                run.clear();
                out.extend(c);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";

    fn scrubbed(text: &str) -> String {
        let names = ["Wedding of Ann & Bob.mov", "Bob.mov", "a"].map(str::to_owned).to_vec();
        Secrets::new(Some("/home/ann".into()), "/home/ann/.local/share/pawl".into(), names).scrubbed(text)
    }

    #[test]
    fn no_token_survives_wherever_it_stands() {
        for text in [
            format!("GET http://127.0.0.1:4711/m/{TOKEN} 206"),
            format!("token {TOKEN}"),
            format!("served \"/m/{TOKEN}\""),
            format!("https://ann:password@example.org/up?key={TOKEN}&part=1"),
            format!("x{TOKEN}{TOKEN}"),
        ] {
            let said = scrubbed(&text);
            assert!(!said.contains(TOKEN) && !said.contains("password"), "{text} became {said}");
        }
        let said = scrubbed(&format!("GET http://127.0.0.1:4711/m/{TOKEN} 206"));
        assert_eq!(said, "GET http://127.0.0.1:4711/… 206", "what helps is still there");
    }

    #[test]
    fn no_film_is_named_and_its_extension_stays() {
        for text in [
            "/home/ann/films/Our Secret Film.mov is not there",
            "cannot read /media/card/Our Secret Film.mov: Input/output error",
            "path=\"/home/ann/Our Secret Film.mov\" chunk=3",
            "cannot make /srv/Our Secret Folder: Permission denied",
            "(/srv/Our Secret Folder)",
        ] {
            let said = scrubbed(text);
            assert!(!said.contains("Secret"), "{text} became {said}");
        }
        assert_eq!(
            scrubbed("/home/ann/films/Our Secret Film.mov is not there"),
            "~/…/….mov is not there",
            "what happened is still there"
        );
        assert_eq!(
            scrubbed("cannot read /media/a b/c.mov: Input/output error"),
            "cannot read /…/….mov: Input/output error",
            "a slash within words begins no path"
        );
    }

    #[test]
    fn known_names_are_found_without_a_path_the_longest_first() {
        assert_eq!(scrubbed("Wedding of Ann & Bob.mov was not added"), "….mov was not added", "the whole name is gone");
        assert_eq!(scrubbed("a fine Bob.mov"), "a fine ….mov", "a name of one letter is part of every word");
    }

    #[test]
    fn pawls_own_files_are_told_from_home_on() {
        let line = "A database was kept as /home/ann/.local/share/pawl/journal.db.damaged and so on";
        assert!(scrubbed(line).contains("~/.local/share/pawl/journal.db"), "they help and name nobody's film");
        assert!(!scrubbed("/home/anna/x.mov").contains('~'), "another's home is not ours");
        assert_eq!(scrubbed("one\ntwo\n"), "one\ntwo\n", "lines stay lines");
    }
}
