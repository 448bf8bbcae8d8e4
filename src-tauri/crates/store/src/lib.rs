//! The two SQLite databases: `journal.db` keeps what a transfer must not forget, `vault.db` what a vault has received.
//!
//! [`SqliteJournal`] implements the port of `transfer`, [`SqliteVault`] those of `server`. Of each database one thread
//! owns the only connection that writes; callers wait without blocking theirs, and several queued writes share one
//! commit. A second thread reads.
//!
//! What holds at every start: a database that cannot be trusted is never written to. It is set aside under another
//! name, the user is told where ([`SetAside`]), and an empty one begins. A disk that is full, read-only or failing is
//! an error instead ([`OpenError`]), and nothing is touched.
//!
//! Nothing outside this crate knows SQL, and nothing in it knows a protocol, a chunk's bytes or a window.

mod aside;
mod candidate;
mod columns;
mod copy;
mod database;
mod desk;
mod error;
mod fault;
mod folder_lock;
mod journal;
mod obstacle;
mod open;
mod place;
mod schema;
mod vault;
mod wholeness;

pub use aside::{SetAside, Why};
pub use copy::VaultCopy;
pub use error::OpenError;
pub use folder_lock::FolderLock;
pub use journal::SqliteJournal;
pub use open::Opened;
pub use vault::SqliteVault;
