//! Being written.

/// Opens regular files of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct FileSources;
