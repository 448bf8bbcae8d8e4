//! What happens on the link besides what is asked: bad spells, and requests that arrive when nobody expects them.

use std::time::Duration;

use rand::RngExt;
use transfer::error::Operation;

use crate::plan::Plan;
use crate::ports::store::Echo;
use crate::trouble::Trouble;
use crate::world::{Inside, World};

impl World {
    /// The request reaches the remote once more, so much later; also when we are dead by then.
    pub(crate) fn later(&self, after: Duration, echo: Echo) {
        let mut inside = self.inside();
        let due = inside.now() + after;
        let nth = inside.echoes.len() as u64;
        inside.echoes.insert((due, nth), echo);
    }

    /// What is due by now reaches the remote before anything else does.
    pub(crate) fn arrivals(&self) {
        loop {
            // A guard in the head of a loop would be held in its body.
            let due = self.inside().due_echo();
            let Some(echo) = due else { return };
            let owner = match &echo {
                Echo::Begin(upload) => Some(self.store.number(upload)),
                Echo::Put { handle, .. } | Echo::Abort(handle) => self.store.owner(handle),
                Echo::Complete(completion) => self.store.owner(&completion.handle),
            };
            if let Some(number) = owner {
                self.inside().books[number].may_leave_bytes = true;
            }
            self.say(|| format!("late: {}", named(&echo)));
            self.store.echo(echo);
        }
    }
}

fn named(echo: &Echo) -> String {
    match echo {
        Echo::Begin(upload) => format!("begin {}", upload.transfer),
        Echo::Put { handle, index, range, .. } => format!("put of chunk {}, {range:?} of {}", index.get(), handle.0),
        Echo::Complete(completion) => format!("complete {}", completion.handle.0),
        Echo::Abort(handle) => format!("abort {}", handle.0),
    }
}

impl Inside {
    fn due_echo(&mut self) -> Option<Echo> {
        let now = self.now();
        let first = self.echoes.first_entry().filter(|echo| echo.key().0 <= now)?;
        Some(first.remove())
    }

    /// What a call meets now.
    pub(crate) fn meet(&mut self, plan: &Plan, operation: Operation) -> Trouble {
        let now = self.now();
        let fair = plan.weather.fair(&mut self.chance);
        if self.calm {
            return fair;
        }
        let spell =
            self.spell.clone().filter(|(which, _, until)| which.is_none_or(|it| it == operation) && now < *until);
        match spell {
            Some((_, class, _)) => Trouble { lost: self.chance.random_bool(0.8), error: Some(class), ..fair },
            None => plan.weather.meet(operation, plan.able.checksums, &mut self.chance),
        }
    }
}
