//! kill -9 of either side while the link between them breaks too.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use support::bad_link::{After, BadLink, Conditions, How};
use support::far::{Far, Kind, torment_over};
use support::killing::Torment;
use tempfile::TempDir;

use super::scene::{MIB, PARALLEL};

#[test]
fn kills_of_both_sides_over_a_link_that_breaks_lose_nothing() -> Result<()> {
    let seed = SystemTime::now().duration_since(UNIX_EPOCH)?.subsec_nanos().into();
    for kind in Kind::ALL {
        let folder = TempDir::new()?;
        let mut far = Far::of(kind, folder.path())?;
        let conditions = Conditions::default().ending(After::Mean(16 * MIB), How::Reset);
        let link = BadLink::to(far.socket()?, seed, conditions)?;
        let torment = Torment { seed, bytes: 64 * MIB, kills: 3, limit: "30M", longest_ms: 1500 };
        torment_over(folder.path(), &mut far, Some(&link), PARALLEL * kind.chunk_len(), torment)?;
    }
    Ok(())
}
