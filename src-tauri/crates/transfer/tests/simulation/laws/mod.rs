//! What must hold in every history, seen from outside: at what leaves, at what is heard, at what is written, at what
//! is shown, at the end.

pub(crate) mod answers;
pub(crate) mod departures;
pub(crate) mod end;
pub(crate) mod happenings;
pub(crate) mod looks;
pub(crate) mod writes;
