//! One history from its number to its verdict.

use std::sync::Arc;

use transfer::engine::Sabotage;
use transfer::ids::{BatchId, DestinationId, TransferId};
use transfer::journal::{Change, Journal, TransferRecord};
use transfer::placing::Placing;
use transfer::state::{Intent, Priority, TransferState};
use transfer::units::Timestamp;
use uuid::Uuid;

use crate::books::Book;
use crate::plan::Plan;
use crate::ports::path_of;
use crate::ports::store::name_of;
use crate::script::{End, live};
use crate::world::World;

/// The mistake that the engine makes, if it shall make one.
pub(crate) type Sabotaged = Option<Sabotage>;

/// More lives than any history has.
const LIVES: u32 = 100;

/// Plays the history with this number: the law that was broken, if one was, and the story where it is told.
pub(crate) fn play(seed: u64, sabotaged: Sabotaged, tells: bool) -> (Option<String>, Vec<String>) {
    let world = World::new(Plan::draw(seed), tells);
    world.say(|| format!("{:?}", world.plan));
    drop_films(&world);
    for _ in 0..LIVES {
        if a_life(&world, live(&world, sabotaged)) == End::Over || world.is_broken() {
            break;
        }
    }
    world.end()
}

/// A life is a runtime of its own: what dies with it is dropped with it, wherever it waits.
pub(crate) fn a_life<T>(world: &World, life: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime without I/O").block_on(async {
        world.wake();
        let end = life.await;
        world.sleep();
        end
    })
}

/// Where all of them go.
pub(crate) fn destination() -> DestinationId {
    DestinationId("simulated:".to_owned())
}

/// The films were added in an earlier life: their names follow from the history's number, which an engine's own would
/// not.
fn drop_films(world: &World) {
    let journal = Arc::clone(&world.inside().journal);
    for (number, film) in world.plan.films.iter().enumerate() {
        let record = TransferRecord {
            id: TransferId(Uuid::from_u128(u128::from(world.plan.seed) << 64 | (number as u128 + 1))),
            batch: BatchId(Uuid::nil()),
            position: number as i64,
            priority: Priority::Normal,
            path: path_of(number),
            name: name_of(number),
            placing: Placing::default(),
            destination: destination(),
            fingerprint: film.fingerprint(),
            layout: None,
            amending: false,
            max_chunk_len: None,
            handle: None,
            intent: Intent::Run,
            state: TransferState::Queued,
            root: None,
            bytes_sent: 0,
            created_at: Timestamp(0),
            ended_at: None,
        };
        let create = [Change::Create(vec![record.clone()])];
        let created = futures::FutureExt::now_or_never(journal.write(&create));
        created.expect("a journal in memory waits for nothing").expect("the journal takes it");
        world.inside().books.push(Book::new(record));
    }
}
