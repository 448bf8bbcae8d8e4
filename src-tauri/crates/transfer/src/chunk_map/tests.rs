//! The map against a naive model that scans lists, and the promises that a model would not show.

use super::*;
use crate::units::MIB;

mod against_model;

const NOW: Timestamp = Timestamp(1_000);

fn map(chunks: u64) -> ChunkMap {
    ChunkMap::new(ChunkLayout::new(chunks * MIB, MIB).expect("a layout"))
}

fn order_of(map: &mut ChunkMap, wishes: &[ByteRange], order: Order) -> Vec<u32> {
    std::iter::from_fn(|| map.lease(NOW, wishes, order)).map(|lease| lease.index.get()).collect()
}

fn lanes(count: u32) -> Order {
    Order::Lanes(count.try_into().expect("not zero"))
}

#[test]
fn wishes_go_first_newest_before_older_then_the_ends_then_the_file_order() {
    let mut map = map(10);
    let wishes = [ByteRange::at(6 * MIB + 5, MIB), ByteRange::at(3 * MIB, 1)];
    let order = order_of(&mut map, &wishes, Order::AnyOrder);
    assert_eq!(order, [6, 7, 3, 9, 0, 1, 2, 4, 5, 8], "a viewer waits for 6, 7 and 3; players need both ends to begin");
}

#[test]
fn a_clicked_chunk_goes_before_every_wish_and_the_last_click_before_the_others() {
    let mut map = map(8);
    let chunk = |number| ChunkLayout::new(8 * MIB, MIB).expect("a layout").index(number).expect("a chunk");
    [2, 5, 2, 4].into_iter().for_each(|number| map.hasten(chunk(number)));
    let order = order_of(&mut map, &[ByteRange::at(6 * MIB, 1)], Order::AnyOrder);
    assert_eq!(order, [4, 2, 5, 6, 7, 0, 1, 3], "a person looks at it now: 4, then 2 and 5, then the viewer's");
}

#[test]
fn a_click_ends_a_rest_and_holds_until_the_chunk_is_acknowledged() {
    let mut map = map(3);
    let lease = map.lease(NOW, &[], Order::AnyOrder).expect("the last one");
    map.release(&lease, Some(Timestamp(9_000)), true);
    map.hasten(lease.index);
    let again = map.lease(NOW, &[], Order::AnyOrder).expect("its rest is over");
    assert_eq!((again.index, again.attempt), (lease.index, 2), "at once, and its failure is not forgotten");
    map.release(&again, Some(Timestamp(2_000)), true);
    let other = map.lease(NOW, &[], Order::AnyOrder).expect("another");
    assert_ne!(other.index, lease.index, "a chunk that fails again rests again, and the others go on");
    let rested = map.lease(Timestamp(2_000), &[], Order::AnyOrder).expect("its rest is over");
    assert_eq!(rested.index, lease.index, "then it is the first again");
    assert!(map.is_wanted(lease.index, &[]), "one sees that somebody waits for it");
    map.ack(&rested);
    assert!(!map.is_wanted(lease.index, &[]) && map.hastened().next().is_none(), "there it is: nobody waits any more");
    map.hasten(lease.index);
    assert!(map.hastened().next().is_none(), "what is there cannot be hastened");
}

#[test]
fn a_click_survives_an_upload_that_begins_again_with_the_same_chunks() {
    let mut map = map(4);
    map.hasten(map.layout().index(2).expect("a chunk"));
    map.begin_again(*map.layout());
    assert_eq!(order_of(&mut map, &[], Order::AnyOrder)[0], 2, "the person still waits for it");
    map.hasten(map.layout().index(1).expect("a chunk"));
    map.begin_again(ChunkLayout::new(4 * MIB, 2 * MIB).expect("a layout"));
    assert!(map.hastened().next().is_none(), "chunk 1 of another layout is another chunk");
}

#[test]
fn a_remote_that_wants_one_sequence_gets_one_chunk_at_a_time_whatever_is_wished() {
    let mut map = map(3);
    let wishes = [ByteRange::at(2 * MIB, 1)];
    let first = map.lease(NOW, &wishes, Order::Sequential).expect("the first");
    assert_eq!(first.index.get(), 0, "the remote takes nothing else");
    assert_eq!(map.lease(NOW, &wishes, Order::Sequential), None, "the second must wait for the first");
    map.ack(&first);
    let second = map.lease(NOW, &wishes, Order::Sequential).expect("the second");
    assert_eq!(second.index.get(), 1, "in order");
    map.release(&second, Some(Timestamp(2_000)), true);
    assert_eq!(map.lease(NOW, &wishes, Order::Sequential), None, "what rests holds up what follows");
}

#[test]
fn lanes_go_side_by_side_and_the_wanted_lane_first() {
    let mut map = map(10);
    let wishes = [ByteRange::at(8 * MIB, 1)];
    assert_eq!(order_of(&mut map, &wishes, lanes(3)), [6, 0, 3], "one of each lane; 6 stands before the wanted 8");
    assert_eq!(
        order_of(&mut super::ChunkMap::new(*map.layout()), &[], lanes(u32::MAX)).len(),
        10,
        "lanes end at chunks"
    );
}

#[test]
fn an_acknowledgement_of_a_lease_that_was_taken_back_is_still_true() {
    let mut map = map(2);
    let late = map.lease(NOW, &[], Order::Sequential).expect("a lease");
    map.drop_leases();
    let again = map.lease(NOW, &[], Order::Sequential).expect("the same chunk again");
    assert_eq!((late.index, map.ack(&late)), (again.index, Ack::Fresh), "the remote said that it is durable");
    assert_eq!(map.leased_count(), 0, "nothing is left to send under the second lease");
    assert_eq!(map.ack(&again), Ack::Duplicate, "it was counted already");
    assert_eq!(map.acked_bytes(), MIB, "each byte counts once");
}

#[test]
fn an_acknowledgement_from_before_the_last_reconciliation_counts_for_nothing() {
    let mut map = map(2);
    let old = map.lease(NOW, &[], Order::Sequential).expect("a lease");
    map.reconcile(&[], &[]);
    assert_eq!(map.ack(&old), Ack::Stale, "the remote said later that it has nothing");
    let older = map.lease(NOW, &[], Order::Sequential).expect("a lease");
    map.begin_again(ChunkLayout::new(0, MIB).expect("a layout"));
    assert_eq!(map.ack(&older), Ack::Stale, "another upload, where this chunk does not even exist");
    assert!(map.all_acked(), "an empty file has nothing to send");
}

#[test]
fn the_rest_of_a_partial_chunk_is_leased_from_its_middle() {
    let mut map = ChunkMap::new(ChunkLayout::new(2 * MIB + 7, MIB).expect("a layout"));
    let index = |number| map.layout().index(number).expect("a chunk");
    let (there, heads) = ([index(1)], [(index(0), 300), (index(2), 7), (index(1), 5)]);
    map.reconcile(&there, &heads);
    let tail = map.lease(NOW, &[], Order::AnyOrder).expect("the tail");
    assert_eq!(tail.range, ByteRange::at(2 * MIB, 7), "nobody called it whole, so nothing of it is taken for granted");
    let first = map.lease(NOW, &[], Order::AnyOrder).expect("the first");
    assert_eq!((first.range.start(), first.range.end()), (300, MIB), "the remote has its first 300 bytes");
    map.reconcile(&[], &[]);
    let whole = map.lease(NOW, &[], Order::Sequential).expect("the first");
    assert_eq!(whole.range.len(), MIB, "the remote's last word counts: it has nothing of it");
}

#[test]
fn a_chunk_that_grows_is_progress_and_one_that_goes_back_and_forth_is_none() {
    let mut map = map(2);
    let first = map.layout().index(0).expect("a chunk");
    for (there, advances) in [(300, true), (300, false), (100, false), (300, false), (301, true)] {
        let lease = map.lease(NOW, &[], Order::Sequential).expect("a lease");
        map.release(&lease, None, true);
        let before = map.attempts(first);
        assert_eq!(map.reconcile(&[], &[(first, there)]).advanced, advances, "the remote has {there} bytes of it");
        assert_eq!(map.attempts(first), if advances { 0 } else { before }, "failures count until more is there");
    }
}

#[test]
fn reconciling_says_what_was_lost_and_what_was_found() {
    let mut map = map(5);
    let chunks: Vec<_> = map.layout().indices().collect();
    map.restore([chunks[0], chunks[1]]);
    let longer = ChunkLayout::new(9 * MIB, MIB).expect("a layout").index(8).expect("a chunk");
    let differences = map.reconcile(&[chunks[4], chunks[1], chunks[1], longer], &[]);
    assert_eq!(differences.lost, [chunks[0]], "acknowledged here, not there");
    assert_eq!(differences.found, [chunks[4]], "there, not known here; a chunk that we do not have is none");
    assert_eq!(map.acked().collect::<Vec<_>>(), [chunks[1], chunks[4]], "the remote is the truth");
}

#[test]
fn progress_forgives_lost_packets_and_not_damaged_chunks() {
    let mut map = map(2);
    let lease = map.lease(NOW, &[], Order::Sequential).expect("a lease");
    assert_eq!(map.note_corrupt(lease.index), 1, "once");
    map.release(&lease, None, true);
    let lease = map.lease(NOW, &[], Order::Sequential).expect("a lease");
    assert_eq!((lease.attempt, map.attempts(lease.index)), (2, 1), "one failure was charged");
    map.ease();
    assert_eq!(map.attempts(lease.index), 0, "the link works");
    assert_eq!(map.note_corrupt(lease.index), 2, "that other chunks arrive says nothing of this one");
    map.forgive();
    assert_eq!(map.corrupt_in_a_row(lease.index), 0, "a person wants it tried afresh");
}

#[test]
fn on_another_way_nothing_rests_and_only_damage_is_remembered() {
    let mut map = map(3);
    let leases: Vec<_> = std::iter::from_fn(|| map.lease(NOW, &[], Order::AnyOrder)).collect();
    let damaged = leases[0].index;
    map.note_corrupt(damaged);
    leases.iter().for_each(|lease| map.release(lease, Some(Timestamp(9_000)), true));
    map.retry_all_now();
    assert_eq!(map.next_rest(NOW), None, "no chunk rests any more");
    assert!(leases.iter().all(|lease| map.attempts(lease.index) == 0), "the old way's failures are not theirs");
    assert_eq!(map.corrupt_in_a_row(damaged), 1, "damage is no matter of the way");
    assert_eq!(order_of(&mut map, &[], Order::AnyOrder).len(), 3, "all may go at once");
}

#[test]
fn a_rest_ends_by_the_clock_or_by_a_person() {
    let mut map = map(1);
    let lease = map.lease(NOW, &[], Order::AnyOrder).expect("a lease");
    map.release(&lease, Some(Timestamp(5_000)), true);
    assert_eq!(map.lease(Timestamp(4_999), &[], Order::AnyOrder), None, "not yet");
    assert_eq!(map.next_rest(NOW), Some(Timestamp(5_000)), "whoever waits sets the alarm to this");
    let lease = map.lease(Timestamp(5_000), &[], Order::AnyOrder).expect("the rest is over");
    map.release(&lease, Some(Timestamp(9_000)), true);
    map.retry_now(lease.index);
    assert_eq!((map.rest_until(lease.index), map.next_rest(NOW)), (None, None), "nothing rests any more");
    assert!(map.lease(NOW, &[], Order::AnyOrder).is_some(), "it may go at once");
    map.release(&lease, Some(Timestamp(9_000)), true);
    assert!(map.is_leased(lease.index), "a lease that ended long ago takes nothing back");
}

#[test]
fn a_chunk_is_wanted_only_while_it_is_missing() {
    let mut map = map(2);
    let chunks: Vec<_> = map.layout().indices().collect();
    let wishes = [ByteRange::at(MIB - 1, 2)];
    map.restore([chunks[1]]);
    assert!(map.is_wanted(chunks[0], &wishes), "its last byte is waited for");
    assert!(!map.is_wanted(chunks[1], &wishes), "it is there already");
    assert!(!map.is_wanted(chunks[0], &[ByteRange::at(5, 0)]), "an empty wish waits for nothing");
}

/// A map that looked at every chunk for each lease would look thirty billion times.
#[test]
fn a_quarter_of_a_million_chunks_pass_through_each_once() {
    let mut map = map(1 << 18);
    let wish = [ByteRange::at(200_000 * MIB, u64::MAX)];
    let mut passed = 0u32;
    while let Some(lease) = map.lease(NOW, &wish, Order::AnyOrder) {
        map.ack(&lease);
        passed += 1;
    }
    assert_eq!(passed, map.layout().count(), "every chunk goes exactly once");
    assert!(map.all_acked(), "and all of them arrived");
}
