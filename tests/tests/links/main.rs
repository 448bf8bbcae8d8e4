//! `pawl-upload` over bad links to each kind of server: real programs, and a link between them that is slow, breaks, lies
//! or says nothing. Whatever it does, the film arrives whole, little of it travels twice, and the wait is told rightly.

mod answers;
mod kills;
mod lies;
mod scene;
mod silence;
mod spoilt;
