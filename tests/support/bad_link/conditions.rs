//! What a link does to what it carries, in each direction.

use std::time::Duration;

/// As much as is read at once where nothing holds it back.
const LONGEST_PIECE: usize = 256 << 10;
/// Under a rate a piece is so small a part of a second's bytes, so that connections take turns and the flow is even.
const PIECES_A_SECOND: u64 = 200;
/// The longest piece under a rate.
const LONGEST_UNDER_RATE: u64 = 64 << 10;
/// What is on its way on one connection at most where no rate bounds it.
const MOST_IN_FLIGHT: u64 = 64 << 20;
/// What a link without a delay holds of one connection.
const LEAST_IN_FLIGHT: u64 = 512 << 10;

/// How a link is at a time.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Conditions {
    /// Towards the server.
    pub up: Way,
    /// Towards the client.
    pub down: Way,
    /// Whether a new connection is swallowed: accepted, read from, and never answered. The server hears nothing of it.
    pub swallows: bool,
}

/// How one direction is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Way {
    /// How much later each byte comes out. It costs no throughput.
    pub delay: Duration,
    /// Bytes a second, over all connections together; none: as fast as they go.
    pub rate: Option<u64>,
    /// Where connections end, and how.
    pub end: Option<End>,
    /// Bits that come out wrong.
    pub flips: Option<Flips>,
}

/// The end of a connection.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct End {
    /// After which bytes of this direction, counted in each connection from when this began to hold.
    pub after: After,
    /// What its two sides see.
    pub how: How,
}

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum After {
    /// Just so many.
    Bytes(u64),
    /// So many on average, as chance has it (exponentially distributed).
    Mean(u64),
}

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Both sides see a reset (RST), and what was on its way is gone.
    Reset,
    /// What was on its way arrives, and then it is over (FIN) for whoever receives it.
    Fin,
}

/// Bits that come out wrong, within long bodies of requests alone: a wrong letter in a head is another fault.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flips {
    /// So many bytes of bodies pass between two of them on average.
    pub mean: u64,
    /// So many at most.
    pub most: u32,
}

impl Conditions {
    /// A link over which an answer takes `round_trip`, and that carries so many bytes a second in each direction.
    pub fn long(round_trip: Duration, rate: u64) -> Self {
        let way = Way { delay: round_trip / 2, rate: Some(rate), ..Way::default() };
        Self { up: way, down: way, swallows: false }
    }

    /// The same, and connections end so on their way up.
    #[must_use]
    pub fn ending(self, after: After, how: How) -> Self {
        Self { up: Way { end: Some(End { after, how }), ..self.up }, ..self }
    }

    /// The same, and answers end so.
    #[must_use]
    pub fn answers_ending(self, after: After, how: How) -> Self {
        Self { down: Way { end: Some(End { after, how }), ..self.down }, ..self }
    }

    pub(super) fn way(&self, direction: Direction) -> Way {
        match direction {
            Direction::Up => self.up,
            Direction::Down => self.down,
        }
    }

    /// What the two sides' greeting would take.
    pub(super) fn round_trip(&self) -> Duration {
        self.up.delay + self.down.delay
    }
}

impl Way {
    pub(super) fn piece_len(&self) -> usize {
        let under_rate = |rate: u64| (rate / PIECES_A_SECOND).clamp(1, LONGEST_UNDER_RATE) as usize;
        self.rate.map_or(LONGEST_PIECE, under_rate)
    }

    /// The bytes that may be on their way on one connection: more than fit into the delay, so that it costs nothing.
    pub(super) fn in_flight(&self) -> u64 {
        let fit = |rate: u64| (rate as f64 * self.delay.as_secs_f64() * 1.5) as u64 + LEAST_IN_FLIGHT;
        let without = if self.delay.is_zero() { LEAST_IN_FLIGHT } else { MOST_IN_FLIGHT };
        self.rate.map_or(without, fit)
    }
}

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Up,
    Down,
}
