//! What the desktop is told in words: notifications, the tray, reasons. The page has a catalogue of its own.

use super::course::{News, Totals, What};

/// In the tray's menu.
pub(crate) const SHOW: &str = "Show Pawl";
/// In the tray's menu.
pub(crate) const PAUSE_ALL: &str = "Pause all";
/// In the tray's menu.
pub(crate) const RESUME_ALL: &str = "Resume all";
/// In the tray's menu.
pub(crate) const QUIT: &str = "Quit";
/// On a notification.
pub(crate) const OPEN: &str = "Open Pawl";
/// On a notification of one film.
pub(crate) const SHOW_IN_FOLDER: &str = "Show in folder";
/// Why the computer does not sleep.
pub(crate) const AWAKE: &str = "Films are on their way";
/// How many films a notification names.
const NAMED: usize = 3;

/// One notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    /// Its first line.
    pub(crate) title: String,
    /// What else there is to say.
    pub(crate) body: String,
}

/// What news is told as: one film by its name, several in one sentence. Of nothing, nothing.
pub(crate) fn told(news: &[News]) -> Option<Told> {
    match news {
        [] => None,
        [one] => Some(of_one(one)),
        several => Some(of_several(several)),
    }
}

/// Told when the window is closed for the first time and uploads go on.
pub(crate) fn hidden(tray: bool) -> Told {
    let way_back = if tray { "Its icon in the tray shows the window again." } else { "Start Pawl again to see it." };
    Told { title: "Pawl goes on uploading".to_owned(), body: format!("Closing the window stops nothing. {way_back}") }
}

/// How far it all is, beside the icon in the tray.
pub(crate) fn totals(totals: &Totals) -> String {
    match (totals.running, totals.paused, totals.percent) {
        (0, 0, _) => "Nothing on its way".to_owned(),
        (0, paused, _) => format!("{}, paused", films(paused)),
        (running, _, None) => films(running),
        (running, _, Some(percent)) => format!("{}, {percent}\u{a0}%", films(running)),
    }
}

fn of_one(news: &News) -> Told {
    let film = &news.film;
    let (title, body) = match &news.what {
        What::Done { verified: true } => (format!("{film} is there"), "Delivered and verified.".to_owned()),
        What::Done { verified: false } => (format!("{film} is there"), "Delivered, not verified.".to_owned()),
        What::Failed(sentence) => (format!("{film} did not arrive"), sentence.clone()),
        What::Needed(sentence) => (format!("{film} needs you"), sentence.clone()),
    };
    Told { title, body }
}

fn of_several(news: &[News]) -> Told {
    let count = |is: fn(&What) -> bool| news.iter().filter(|news| is(&news.what)).count();
    let parts = [
        (count(|what| matches!(what, What::Done { .. })), "is there", "are there"),
        (count(|what| matches!(what, What::Failed(_))), "did not arrive", "did not arrive"),
        (count(|what| matches!(what, What::Needed(_))), "needs you", "need you"),
    ];
    let said = parts.iter().filter(|(count, ..)| *count > 0);
    let said = said.map(|(count, one, many)| format!("{} {}", films(*count), if *count == 1 { one } else { many }));
    Told { title: said.collect::<Vec<_>>().join(", "), body: names(news) }
}

fn names(news: &[News]) -> String {
    let named: Vec<&str> = news.iter().take(NAMED).map(|news| news.film.as_str()).collect();
    match news.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

fn films(count: usize) -> String {
    if count == 1 { "1 film".to_owned() } else { format!("{count} films") }
}

#[cfg(test)]
mod tests {
    use transfer::ids::TransferId;

    use super::*;

    fn news(film: &str, what: What) -> News {
        News { id: TransferId::random(), film: film.to_owned(), what }
    }

    #[test]
    fn several_ends_are_one_sentence() {
        let done = || What::Done { verified: true };
        let all = [
            news("a.mov", done()),
            news("b.mov", What::Failed("The card is full.".into())),
            news("c.mov", done()),
            news("d.mov", What::Needed("The file is away.".into())),
        ];
        let told = told(&all).expect("there is something to tell");
        assert_eq!(told.title, "2 films are there, 1 film did not arrive, 1 film needs you", "each kind is counted");
        assert_eq!(told.body, "a.mov, b.mov, c.mov and 1 more", "a hundred names would fill the screen");
    }

    #[test]
    fn one_end_is_told_by_its_name_and_says_what_it_rests_on() {
        let one = told(&[news("a.mov", What::Done { verified: false })]).expect("there is something to tell");
        assert_eq!((one.title.as_str(), one.body.as_str()), ("a.mov is there", "Delivered, not verified."));
        assert_eq!(told(&[]), None, "silence is not told");
    }

    #[test]
    fn the_tray_says_how_far_it_all_is() {
        let at = |running, paused, percent| totals(&Totals { running, paused, moving: false, percent });
        assert_eq!(at(2, 1, Some(43)), "2 films, 43\u{a0}%", "what moves comes first");
        assert_eq!(at(1, 0, None), "1 film", "an empty film has no share");
        assert_eq!(at(0, 1, None), "1 film, paused", "what is paused is not forgotten");
        assert_eq!(at(0, 0, None), "Nothing on its way", "an idle Pawl says so");
    }
}
