//! Random histories: the map must agree with a model that keeps plain lists and scans them.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone)]
enum Act {
    Lease(Vec<ByteRange>),
    Ack(usize),
    Release { lease: usize, rest: Option<i64>, charged: bool },
    DropLeases,
    Reconcile(BTreeSet<u32>),
    Restore(u32),
    RetryNow(u32),
    Hasten(u32),
    Ease,
    Pass(i64),
}

#[derive(Debug, Default)]
struct Model {
    count: u32,
    now: i64,
    acked: BTreeSet<u32>,
    leased: BTreeMap<u32, u64>,
    rest: BTreeMap<u32, i64>,
    attempts: BTreeMap<u32, u32>,
    /// The last click first.
    hastened: Vec<u32>,
    first_valid: u64,
    issued: Vec<Lease>,
}

impl Model {
    fn may_go(&self, chunk: u32) -> bool {
        !self.acked.contains(&chunk)
            && !self.leased.contains_key(&chunk)
            && self.rest.get(&chunk).is_none_or(|until| *until <= self.now)
    }

    fn next(&self, layout: &ChunkLayout, wishes: &[ByteRange], order: Order) -> Option<u32> {
        let wished = wishes.iter().flat_map(|wish| layout.touching(*wish)).map(ChunkIndex::get);
        let wanted = self.hastened.iter().copied().chain(wished);
        match order {
            Order::AnyOrder => {
                wanted.chain(self.count.checked_sub(1)).chain(0..self.count).find(|chunk| self.may_go(*chunk))
            }
            Order::Sequential => self.head(0..self.count),
            Order::Lanes(lanes) => {
                let lanes = self.lanes(lanes.get());
                let holds = |chunk: u32| lanes.iter().find(|lane| lane.contains(&chunk)).expect("every chunk has one");
                let wanted = wanted.filter(|chunk| !self.acked.contains(chunk));
                wanted.map(holds).chain(&lanes).find_map(|lane| self.head(lane.clone()))
            }
        }
    }

    fn head(&self, mut sequence: std::ops::Range<u32>) -> Option<u32> {
        sequence.find(|chunk| !self.acked.contains(chunk)).filter(|chunk| self.may_go(*chunk))
    }

    fn lanes(&self, lanes: u32) -> Vec<std::ops::Range<u32>> {
        let lanes = lanes.min(self.count);
        (0..lanes).map(|lane| lane * self.count / lanes..(lane + 1) * self.count / lanes).collect()
    }

    fn settle(&mut self, chunk: u32) {
        self.acked.insert(chunk);
        self.leased.remove(&chunk);
        self.rest.remove(&chunk);
        self.attempts.remove(&chunk);
        self.hastened.retain(|clicked| *clicked != chunk);
    }
}

fn act(map: &mut ChunkMap, model: &mut Model, act: Act, order: Order) {
    let layout = *map.layout();
    let chunk = |number: u32| layout.index(number % layout.count().max(1));
    match act {
        Act::Lease(wishes) => lease(map, model, &wishes, order),
        Act::Ack(at) => ack(map, model, at),
        Act::Release { lease, rest, charged } => release(map, model, lease, rest, charged),
        Act::DropLeases => {
            map.drop_leases();
            model.leased.clear();
        }
        Act::Reconcile(there) => reconcile(map, model, there),
        Act::Restore(number) => {
            if let Some(index) = chunk(number) {
                map.restore([index]);
                model.settle(index.get());
            }
        }
        Act::RetryNow(number) => {
            if let Some(index) = chunk(number) {
                map.retry_now(index);
                model.rest.remove(&index.get());
            }
        }
        Act::Hasten(number) => {
            if let Some(index) = chunk(number) {
                map.hasten(index);
                hasten(model, index.get());
            }
        }
        Act::Ease => {
            map.ease();
            model.attempts.clear();
        }
        Act::Pass(millis) => model.now += millis,
    }
}

fn lease(map: &mut ChunkMap, model: &mut Model, wishes: &[ByteRange], order: Order) {
    let expected = model.next(map.layout(), wishes, order);
    let given = map.lease(Timestamp(model.now), wishes, order);
    assert_eq!(given.as_ref().map(|lease| lease.index.get()), expected, "the order of sending is promised");
    let Some(given) = given else { return };
    let (chunk, range) = (given.index.get(), map.layout().range(given.index));
    assert_eq!(given.range, range, "without a known head the whole chunk goes");
    assert_eq!(given.attempt, model.attempts.get(&chunk).unwrap_or(&0) + 1, "every charged failure is one try more");
    assert!(model.issued.iter().all(|old| old.serial != given.serial), "a serial names one lease");
    model.leased.insert(chunk, given.serial);
    model.rest.remove(&chunk);
    model.issued.push(given);
}

fn hasten(model: &mut Model, chunk: u32) {
    if model.acked.contains(&chunk) {
        return;
    }
    model.rest.remove(&chunk);
    model.hastened.retain(|clicked| *clicked != chunk);
    model.hastened.insert(0, chunk);
    model.hastened.truncate(32);
}

fn ack(map: &mut ChunkMap, model: &mut Model, at: usize) {
    let Some(lease) = model.issued.get(at % model.issued.len().max(1)).cloned() else { return };
    let chunk = lease.index.get();
    let expected = match (lease.serial < model.first_valid, model.acked.contains(&chunk)) {
        (true, _) => Ack::Stale,
        (false, true) => Ack::Duplicate,
        (false, false) => Ack::Fresh,
    };
    assert_eq!(map.ack(&lease), expected, "what is durable counts once, and the remote's last word goes before");
    if expected == Ack::Fresh {
        model.settle(chunk);
    }
}

fn release(map: &mut ChunkMap, model: &mut Model, at: usize, rest: Option<i64>, charged: bool) {
    let Some(lease) = model.issued.get(at % model.issued.len().max(1)).cloned() else { return };
    let (chunk, until) = (lease.index.get(), rest.map(|millis| model.now + millis));
    map.release(&lease, until.map(Timestamp), charged);
    if model.leased.get(&chunk) == Some(&lease.serial) {
        model.leased.remove(&chunk);
        *model.attempts.entry(chunk).or_default() += u32::from(charged);
        until.map(|until| model.rest.insert(chunk, until));
    }
}

fn reconcile(map: &mut ChunkMap, model: &mut Model, there: BTreeSet<u32>) {
    let there: BTreeSet<u32> = there.into_iter().filter(|chunk| *chunk < model.count).collect();
    let indices: Vec<_> = there.iter().filter_map(|chunk| map.layout().index(*chunk)).collect();
    let said = map.reconcile(&indices, &[]);
    let numbers = |list: &[ChunkIndex]| list.iter().map(|index| index.get()).collect::<BTreeSet<_>>();
    assert_eq!(numbers(&said.lost), &model.acked - &there, "lost is what we had and the remote has not");
    assert_eq!(numbers(&said.found), &there - &model.acked, "found is what the remote has and we had not");
    model.leased.clear();
    model.first_valid = model.issued.last().map_or(0, |lease| lease.serial + 1);
    model.acked.clear();
    there.into_iter().for_each(|chunk| model.settle(chunk));
}

fn check(map: &ChunkMap, model: &Model) {
    let chunks = || map.layout().indices();
    let leased: BTreeSet<_> = map.leases().map(|lease| lease.index.get()).collect();
    assert!(leased.iter().all(|chunk| !model.acked.contains(chunk)), "an acknowledged chunk is never under way");
    assert_eq!(leased, model.leased.keys().copied().collect(), "one lease a chunk, and the model knows each");
    assert_eq!(map.leased_count() as usize, leased.len(), "counted right");
    assert_eq!(map.acked().map(ChunkIndex::get).collect::<BTreeSet<_>>(), model.acked, "the same acknowledged set");
    assert_eq!(map.acked_count() as usize, model.acked.len(), "counted right");
    let bytes: u64 = map.acked().map(|index| map.layout().range(index).len()).sum();
    assert_eq!(map.acked_bytes(), bytes, "the last chunk of an odd size counts what it has");
    assert!(chunks().all(|index| map.is_leased(index) == leased.contains(&index.get())), "the question agrees");
    let hastened: Vec<_> = map.hastened().map(ChunkIndex::get).collect();
    assert_eq!(hastened, model.hastened, "a click holds until its chunk is acknowledged, and the last is the first");
    let soonest = model.rest.values().copied().filter(|until| *until > model.now).min();
    assert_eq!(map.next_rest(Timestamp(model.now)), soonest.map(Timestamp), "the alarm rings for the first to go");
}

/// Whatever happened before: with time and a remote that says yes, everything arrives.
fn finish(map: &mut ChunkMap, order: Order) {
    map.drop_leases();
    while let Some(lease) = map.lease(Timestamp(i64::MAX), &[], order) {
        assert_eq!(map.ack(&lease), Ack::Fresh, "only what is missing is leased");
    }
    assert!(map.all_acked(), "no chunk is ever forgotten");
    assert_eq!(map.acked_bytes(), map.layout().size(), "and not a byte of it");
}

fn orders() -> impl Strategy<Value = Order> {
    prop_oneof![Just(Order::Sequential), Just(Order::AnyOrder), (1u32..9).prop_map(lanes)]
}

fn acts() -> impl Strategy<Value = Act> {
    let wish = (0..80 * MIB, 0..30 * MIB).prop_map(|(start, len)| ByteRange::at(start, len));
    prop_oneof![
        8 => prop::collection::vec(wish, 0..3).prop_map(Act::Lease),
        5 => any::<usize>().prop_map(Act::Ack),
        4 => (any::<usize>(), prop::option::of(-5..500i64), any::<bool>())
            .prop_map(|(lease, rest, charged)| Act::Release { lease, rest, charged }),
        1 => Just(Act::DropLeases),
        1 => prop::collection::btree_set(0..80u32, 0..70).prop_map(Act::Reconcile),
        1 => any::<u32>().prop_map(Act::Restore),
        1 => any::<u32>().prop_map(Act::RetryNow),
        3 => any::<u32>().prop_map(Act::Hasten),
        1 => Just(Act::Ease),
        2 => (1..400i64).prop_map(Act::Pass),
    ]
}

proptest! {
    #[test]
    fn every_history_agrees_with_the_model(
        size in prop_oneof![0..4 * MIB, 0..70 * MIB],
        order in orders(),
        history in prop::collection::vec(acts(), 0..150),
    ) {
        let mut map = ChunkMap::new(ChunkLayout::new(size, MIB).expect("a layout"));
        let mut model = Model { count: map.layout().count(), ..Model::default() };
        for next in history {
            act(&mut map, &mut model, next, order);
            check(&map, &model);
        }
        finish(&mut map, order);
    }
}
