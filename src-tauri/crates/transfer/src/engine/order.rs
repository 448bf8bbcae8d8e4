//! The order of the line, as the user wants it: priorities, and places between others.

use std::collections::HashSet;

use super::actor::Actor;
use super::docket::Written;
use super::sabotage::Sabotage;
use super::words::EngineError;
use crate::ids::TransferId;
use crate::state::Priority;

/// So far apart are places when the line is numbered anew: room for many moves between two.
const APART: i64 = 1 << 16;

impl Actor {
    pub(super) fn set_priority(&mut self, id: TransferId, priority: Priority) -> Result<Written, EngineError> {
        let position = self.transfers.get(&id).ok_or(EngineError::UnknownTransfer(id))?.record.position;
        self.put_at(id, priority, position);
        Ok(self.docket.written())
    }

    /// Moves transfers to just before `before`, or to the end.
    pub(super) fn reorder(&mut self, ids: &[TransferId], before: Option<TransferId>) -> Result<Written, EngineError> {
        let unknown = ids.iter().chain(&before).find(|id| !self.transfers.contains_key(id));
        if let Some(id) = unknown {
            return Err(EngineError::UnknownTransfer(*id));
        }
        let line = moved(&self.by_position(), ids, before);
        for (id, position) in numbered(&line, ids) {
            if let Some(priority) = self.transfers.get(&id).map(|transfer| transfer.record.priority) {
                self.put_at(id, priority, position);
            }
        }
        Ok(self.docket.written())
    }

    /// Everybody, by their places alone.
    fn by_position(&self) -> Vec<(TransferId, i64)> {
        let mut line: Vec<_> = self.transfers.iter().map(|(id, transfer)| (*id, transfer.record.position)).collect();
        line.sort_unstable_by_key(|(id, position)| (*position, *id));
        line
    }

    fn put_at(&mut self, id: TransferId, priority: Priority, position: i64) {
        let Some(transfer) = self.transfers.get_mut(&id) else { return };
        let before = transfer.place();
        (transfer.record.priority, transfer.record.position) = (priority, position);
        if transfer.place() == before {
            return;
        }
        let place = transfer.place();
        self.line.moved(before, place);
        self.next_position = self.next_position.max(position.saturating_add(1));
        if self.sabotaged(Sabotage::ForgetPlace) {
            return;
        }
        self.save(id);
    }
}

/// The line with `ids`, in their order, just before `before` (or at the end). One that is among `ids` itself stands for
/// who comes after it.
fn moved(line: &[(TransferId, i64)], ids: &[TransferId], before: Option<TransferId>) -> Vec<(TransferId, i64)> {
    let moving: HashSet<_> = ids.iter().copied().collect();
    let at = before.and_then(|before| line.iter().position(|(id, _)| *id == before)).unwrap_or(line.len());
    let stays = |(id, _): &&(TransferId, i64)| !moving.contains(id);
    let head = line[..at].iter().filter(stays).copied();
    let tail = line[at..].iter().filter(stays).copied();
    let mut seen = HashSet::new();
    let middle = ids.iter().filter(|id| seen.insert(**id)).map(|id| (*id, 0));
    head.chain(middle).chain(tail).collect()
}

/// The new places of those that need one: the moved ones where there is room between their neighbours, else everybody.
fn numbered(line: &[(TransferId, i64)], ids: &[TransferId]) -> Vec<(TransferId, i64)> {
    let moving: HashSet<_> = ids.iter().copied().collect();
    let Some(first) = line.iter().position(|(id, _)| moving.contains(id)) else { return Vec::new() };
    let count = line[first..].iter().take_while(|(id, _)| moving.contains(id)).count();
    let low = if first == 0 { None } else { line.get(first - 1).map(|(_, position)| *position) };
    let high = line.get(first + count).map(|(_, position)| *position);
    let places = between(low, high, count).unwrap_or_default();
    if places.len() < count {
        return (0..).zip(line).map(|(nth, (id, _))| (*id, nth * APART)).collect();
    }
    line[first..].iter().zip(places).map(|((id, _), place)| (*id, place)).collect()
}

/// So many places between two others, evenly apart; none where there is no room.
fn between(low: Option<i64>, high: Option<i64>, count: usize) -> Option<Vec<i64>> {
    let count = i64::try_from(count).ok()?;
    let span = APART.checked_mul(count.checked_add(1)?)?;
    let (low, high) = match (low, high) {
        (Some(low), Some(high)) => (low, high),
        (Some(low), None) => (low, low.checked_add(span)?),
        (None, Some(high)) => (high.checked_sub(span)?, high),
        (None, None) => (0, span),
    };
    let apart = high.checked_sub(low)? / (count + 1);
    (apart > 0).then(|| (1..=count).map(|nth| low + nth * apart).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(positions: &[i64]) -> Vec<(TransferId, i64)> {
        positions.iter().map(|position| (TransferId::random(), *position)).collect()
    }

    /// The line's names after the moves, by their new places, and how many places changed.
    fn order(line: &[(TransferId, i64)], ids: &[usize], before: Option<usize>) -> (Vec<usize>, usize) {
        let ids: Vec<_> = ids.iter().map(|nth| line[*nth].0).collect();
        let moved = moved(line, &ids, before.map(|nth| line[nth].0));
        let new = numbered(&moved, &ids);
        let place =
            |(id, old): &(TransferId, i64)| new.iter().find(|(it, _)| it == id).map_or(*old, |(_, place)| *place);
        let mut names: Vec<_> = (0..).zip(line).map(|(nth, it)| (place(it), nth)).collect();
        names.sort_unstable();
        (names.into_iter().map(|(_, nth)| nth).collect(), new.len())
    }

    #[test]
    fn who_is_moved_stands_before_the_other_and_nobody_else_moves() {
        let line = line(&[0, 100, 200, 300]);
        assert_eq!(order(&line, &[3], Some(0)), (vec![3, 0, 1, 2], 1), "to the front");
        assert_eq!(order(&line, &[0], None), (vec![1, 2, 3, 0], 1), "to the end");
        assert_eq!(order(&line, &[3, 0], Some(2)), (vec![1, 3, 0, 2], 2), "two together, in the order given");
        assert_eq!(order(&line, &[2], Some(2)), (vec![0, 1, 2, 3], 1), "before itself: where it is");
        assert_eq!(order(&line, &[1, 2], Some(2)), (vec![0, 1, 2, 3], 2), "before one of them: where they are");
    }

    #[test]
    fn without_room_between_two_the_line_is_numbered_anew() {
        let line = line(&[0, 1, 2, 3]);
        assert_eq!(order(&line, &[3], Some(1)), (vec![0, 3, 1, 2], 4), "places in a row leave no room");
    }

    #[test]
    fn no_place_overflows() {
        let line = line(&[i64::MIN, i64::MAX]);
        assert_eq!(order(&line, &[0], None).0, [1, 0], "a journal that somebody wrote into is no reason to stop");
        assert_eq!(order(&line, &[1], Some(0)).0, [1, 0], "at neither end");
    }
}
