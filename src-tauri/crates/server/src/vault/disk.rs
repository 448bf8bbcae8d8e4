//! Blocking calls away from the runtime, and reading a piece of a file the fast way.

use std::fs::File;
use std::io::{self, IoSliceMut};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use bytes::Bytes;
use rustix::io::{Errno, ReadWriteFlags, preadv2};
use transfer::layout::ByteRange;

/// The most bytes of one piece: few enough to hold for a slow client, enough to make the call cheap.
pub(super) const PIECE: u64 = 256 << 10;

/// Runs a call that may wait for the disk where it holds nobody up.
pub(super) async fn blocking<T: Send + 'static>(call: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(call).await.map_err(io::Error::other)
}

/// The same for a call that gives an `io::Result` itself.
pub(super) async fn blocking_io<T: Send + 'static>(
    call: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    blocking(call).await?
}

/// The first bytes of `range`: at least one, at most [`PIECE`]; empty at the end of the file.
///
/// What is in the page cache is read here and now, for a hop to another thread costs more than the copy; what is not
/// is waited for elsewhere. (Always hopping gave 0.67 of nginx's rate on small hot ranges, this 0.84.)
pub(super) async fn piece(file: &Arc<File>, range: ByteRange) -> io::Result<Bytes> {
    let mut buffer = vec![0; range.len().min(PIECE) as usize];
    match preadv2(file, &mut [IoSliceMut::new(&mut buffer)], range.start(), ReadWriteFlags::NOWAIT) {
        Ok(read) if read > 0 => return Ok(filled(buffer, read)),
        // Not cached, or a file system that cannot tell, or the end of the file: ask again, patiently.
        Ok(_) | Err(Errno::AGAIN | Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL | Errno::INTR) => {}
        Err(error) => return Err(error.into()),
    }
    let file = file.clone();
    blocking_io(move || {
        let read = read_at(&file, &mut buffer, range.start())?;
        Ok(filled(buffer, read))
    })
    .await
}

fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    loop {
        match file.read_at(buffer, at) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

fn filled(mut buffer: Vec<u8>, len: usize) -> Bytes {
    buffer.truncate(len);
    buffer.into()
}
