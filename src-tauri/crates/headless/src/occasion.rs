//! Now, in the words of the person's own calendar and clock.

use jiff::Zoned;
use transfer::placing::Occasion;

/// The date as `2026-11-25`, the time as `20.36.19`.
pub fn now() -> Occasion {
    of(&Zoned::now())
}

fn of(at: &Zoned) -> Occasion {
    let time = at.time();
    let time = format!("{:02}.{:02}.{:02}", time.hour(), time.minute(), time.second());
    Occasion { date: at.date().to_string(), time }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_told_in_words_that_may_be_a_name() {
        let at: Zoned = "2026-01-05T03:04:59.5+00:00[UTC]".parse().expect("an instant");
        let expected = Occasion { date: "2026-01-05".into(), time: "03.04.59".into() };
        assert_eq!(of(&at), expected, "in order, and without what a file system refuses");
    }
}
