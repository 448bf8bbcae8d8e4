//! Which call of a [`super::FaultyRemote`] meets which fault: pure, and the same for the same seed however the calls
//! of different chunks interleave.

use std::fmt;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use crate::error::{Class, Operation};

/// Something that goes wrong with one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The request is lost: the call fails and had no effect.
    Before(Class),
    /// The reply is lost: the call fails and had its effect.
    After(Class),
    /// A bit of a chunk's body flips on its way. Other calls pass unharmed.
    Corrupt,
    /// A chunk's body breaks off in its middle. Other calls pass unharmed.
    Cut,
    /// The call goes through, so much later.
    Delay(Duration),
    /// The call goes through, and is answered so much later.
    Late(Duration),
    /// The call never ends and has no effect.
    Stall,
}

/// One call, counted from 1: the n-th of its operation, or the n-th put of one chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// Which operation.
    pub operation: Operation,
    /// The chunk's number; none counts the puts of all chunks together.
    pub chunk: Option<u32>,
    /// Its place in the count.
    pub nth: u32,
}

/// One line of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    call: Call,
    fault: Fault,
}

/// What goes wrong, and when.
#[derive(Debug, Clone)]
pub struct Faults(Plan);

#[derive(Debug, Clone)]
enum Plan {
    Seeded { seed: u64, probability: f64, classes: Vec<Class> },
    Script(Vec<Step>),
}

impl Step {
    /// The `nth` call of `operation` (from 1) meets `fault`; puts of all chunks are counted together.
    pub fn of(operation: Operation, nth: u32, fault: Fault) -> Self {
        Self { call: Call { operation, chunk: None, nth }, fault }
    }

    /// The `nth` put of this chunk (from 1) meets `fault`.
    pub fn put(chunk: u32, nth: u32, fault: Fault) -> Self {
        Self { call: Call { operation: Operation::Put, chunk: Some(chunk), nth }, fault }
    }
}

impl Faults {
    /// Nothing goes wrong.
    pub fn none() -> Self {
        Self::script([])
    }

    /// Each call meets a fault with this probability: any class before or after the effect, a flipped bit, a cut body,
    /// a delay of up to 200 ms; a stall only by script.
    pub fn seeded(seed: u64, probability: f64) -> Self {
        Self(Plan::Seeded { seed, probability, classes: every_class() })
    }

    /// Just these faults.
    pub fn script(steps: impl IntoIterator<Item = Step>) -> Self {
        Self(Plan::Script(steps.into_iter().collect()))
    }

    /// Of errors, only these classes by chance. A script keeps its own.
    #[must_use]
    pub fn of_classes(self, only: impl IntoIterator<Item = Class>) -> Self {
        match self.0 {
            Plan::Seeded { seed, probability, .. } => {
                Self(Plan::Seeded { seed, probability, classes: only.into_iter().collect() })
            }
            script @ Plan::Script(_) => Self(script),
        }
    }

    /// The fault of a call that is the one named by any of `names`, the narrowest first.
    pub(super) fn meet(&self, names: &[Call]) -> Option<Fault> {
        match &self.0 {
            Plan::Seeded { seed, probability, classes } => {
                names.first().and_then(|call| drawn(&mut call.chance(*seed), *probability, classes, call.operation))
            }
            Plan::Script(steps) => steps.iter().find(|step| names.contains(&step.call)).map(|step| step.fault.clone()),
        }
    }
}

impl Call {
    /// A generator of this call's own, so that no other call's timing changes what it meets.
    fn chance(&self, seed: u64) -> StdRng {
        StdRng::from_seed(*blake3::hash(format!("{seed} {self}").as_bytes()).as_bytes())
    }
}

fn drawn(chance: &mut StdRng, probability: f64, classes: &[Class], operation: Operation) -> Option<Fault> {
    if !chance.random_bool(probability) {
        return None;
    }
    let class = classes.choose(chance).cloned();
    let kinds = if operation == Operation::Put { 7 } else { 5 };
    match chance.random_range(0..kinds) {
        0 => Some(Fault::Delay(Duration::from_millis(chance.random_range(1..=200)))),
        1 | 2 => class.map(Fault::Before),
        3 | 4 => class.map(Fault::After),
        5 => Some(Fault::Corrupt),
        _ => Some(Fault::Cut),
    }
}

/// One of every class.
fn every_class() -> Vec<Class> {
    let after = Some(Duration::from_millis(50));
    vec![
        Class::Transient,
        Class::Throttled { after },
        Class::Throttled { after: None },
        Class::Offline,
        Class::Portal,
        Class::Desync,
        Class::Expired,
        Class::Denied,
        Class::Corrupt,
        Class::TooLarge,
        Class::NoSpace { needed: Some(2), free: Some(1) },
        Class::Fatal,
    ]
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, chunk, nth } = self;
        chunk.map_or(Ok(()), |chunk| write!(f, "chunk {chunk}: "))?;
        write!(f, "{operation} #{nth}")
    }
}
