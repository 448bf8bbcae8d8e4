//! The directory tree in its two states, and the changes on the way from one to the other.
//!
//! A change (create, link, unlink, rename, mkdir, rmdir) becomes durable when its *home* directory is synced: the
//! directory that gains or loses the name; of a rename, the one it moves to. What a cut keeps of the unsynced changes
//! is a subset under four rules, all of which real file systems give:
//!
//! 1. A change is atomic. A rename never leaves both names, nor neither when the old one was durable.
//! 2. Changes of one name keep their order: a later one survives only with the earlier ones.
//! 3. Removing a directory, and moving one, survives only with every change before it.
//! 4. A rename from one directory to another survives only together with the creation of the target's path. It is
//!    also not durable before that path is, though the target was synced: a file with a durable name keeps one.
//!
//! Invariant: applying all pending changes to the durable tree gives the volatile tree.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};

use super::Ino;
use super::whim::Whim;

/// For each directory its entries.
pub(super) type Tree = BTreeMap<Ino, BTreeMap<OsString, Ino>>;

/// A name in a directory.
type Slot = (Ino, OsString);

/// The volatile tree, the durable tree and what lies between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) volatile: Tree,
    durable: Tree,
    pending: Vec<Change>,
    parents: BTreeMap<Ino, Ino>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Change {
    entries: Vec<(Slot, Option<Ino>)>,
    home: Ino,
    kind: Kind,
    /// Its home was synced, and it waits for the path to its home (rule 4).
    synced: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Concerns the entries of one directory only.
    Local,
    /// Moves a file from one directory to another.
    Crossing,
    /// Removes or moves a directory.
    Barrier,
}

impl Names {
    /// A tree that is durable as it is.
    pub(super) fn settled(tree: Tree) -> Self {
        let directories = tree.iter().flat_map(|(parent, entries)| entries.values().map(|ino| (*ino, *parent)));
        let parents = directories.filter(|(ino, _)| tree.contains_key(ino)).collect();
        Self { volatile: tree.clone(), durable: tree, pending: Vec::new(), parents }
    }

    /// The directory that holds `directory`; the root is its own.
    pub(super) fn parent(&self, directory: Ino) -> Ino {
        self.parents.get(&directory).copied().unwrap_or(Ino::ROOT)
    }

    /// `directory` and all directories above it, upwards, without the root.
    pub(super) fn path(&self, directory: Ino) -> impl Iterator<Item = Ino> {
        let mut next = directory;
        std::iter::from_fn(move || {
            let current = (next != Ino::ROOT).then_some(next)?;
            next = self.parent(current);
            Some(current)
        })
    }

    pub(super) fn link(&mut self, directory: Ino, name: &OsStr, ino: Ino) {
        self.change(vec![((directory, name.to_owned()), Some(ino))], directory, Kind::Local);
    }

    pub(super) fn link_directory(&mut self, parent: Ino, name: &OsStr, ino: Ino) {
        self.volatile.insert(ino, BTreeMap::new());
        self.durable.insert(ino, BTreeMap::new());
        self.parents.insert(ino, parent);
        self.link(parent, name, ino);
    }

    pub(super) fn unlink(&mut self, directory: Ino, name: &OsStr) {
        self.change(vec![((directory, name.to_owned()), None)], directory, Kind::Local);
    }

    pub(super) fn unlink_directory(&mut self, parent: Ino, name: &OsStr) {
        self.change(vec![((parent, name.to_owned()), None)], parent, Kind::Barrier);
    }

    pub(super) fn rename(&mut self, from: (Ino, &OsStr), to: (Ino, &OsStr), ino: Ino) {
        let kind = match (self.volatile.contains_key(&ino), from.0 == to.0) {
            (true, _) => Kind::Barrier,
            (false, false) => Kind::Crossing,
            (false, true) => Kind::Local,
        };
        if kind == Kind::Barrier {
            self.parents.insert(ino, to.0);
        }
        let slot = |(directory, name): (Ino, &OsStr)| (directory, name.to_owned());
        self.change(vec![(slot(from), None), (slot(to), Some(ino))], to.0, kind);
    }

    /// What fsync of a directory promises: its entries as they are now survive.
    pub(super) fn sync(&mut self, directory: Ino) {
        self.pending.iter_mut().filter(|change| change.home == directory).for_each(|change| change.synced = true);
        while self.pending.iter().any(|change| self.is_ready(change)) {
            self.commit_ready();
        }
    }

    /// What a power cut leaves of the tree.
    pub(super) fn cut(&self, whim: &mut Whim) -> Tree {
        let mood = whim.mood();
        let mut tree = self.durable.clone();
        let mut lost = Needs::default();
        for change in &self.pending {
            let possible = match change.kind {
                Kind::Local => true,
                Kind::Crossing => !self.path(change.home).any(|directory| lost.linked.contains(&directory)),
                Kind::Barrier => lost.is_empty(),
            };
            let kept = possible && !lost.shares_name(change) && (change.synced || whim.keeps(mood));
            if kept {
                change.apply(&mut tree);
            } else {
                lost.add(change);
            }
        }
        tree
    }

    fn change(&mut self, entries: Vec<(Slot, Option<Ino>)>, home: Ino, kind: Kind) {
        let change = Change { entries, home, kind, synced: false };
        change.apply(&mut self.volatile);
        self.pending.push(change);
    }

    fn is_ready(&self, change: &Change) -> bool {
        let anchored = || !self.path(change.home).any(|directory| self.pending.iter().any(|c| c.links(directory)));
        change.synced && (change.kind != Kind::Crossing || anchored())
    }

    /// Makes every ready change durable, and with it those that rules 2 to 4 demand: found from the newest back.
    fn commit_ready(&mut self) {
        let mut needs = Needs::default();
        let mut durable = vec![false; self.pending.len()];
        for (change, durable) in self.pending.iter().zip(&mut durable).rev() {
            let linked = change.entries.iter().any(|(_, ino)| ino.is_some_and(|ino| needs.linked.contains(&ino)));
            *durable = needs.all || linked || needs.shares_name(change) || self.is_ready(change);
            if *durable {
                needs.slots.extend(change.slots().cloned());
                needs.all |= change.kind == Kind::Barrier;
                needs.linked.extend(self.path(change.home).filter(|_| change.kind == Kind::Crossing));
            }
        }
        let mut durable = durable.into_iter();
        let (now, later) = std::mem::take(&mut self.pending).into_iter().partition(|_| durable.next() == Some(true));
        self.pending = later;
        let now: Vec<Change> = now;
        now.iter().for_each(|change| change.apply(&mut self.durable));
    }
}

/// A growing set of names and directories that decides over further changes.
#[derive(Default)]
struct Needs {
    slots: BTreeSet<Slot>,
    linked: BTreeSet<Ino>,
    all: bool,
}

impl Needs {
    fn add(&mut self, change: &Change) {
        self.slots.extend(change.slots().cloned());
        self.linked.extend(change.entries.iter().filter_map(|(_, ino)| *ino));
    }

    fn shares_name(&self, change: &Change) -> bool {
        change.slots().any(|slot| self.slots.contains(slot))
    }

    fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }
}

impl Change {
    fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.entries.iter().map(|(slot, _)| slot)
    }

    fn links(&self, ino: Ino) -> bool {
        self.entries.iter().any(|(_, linked)| *linked == Some(ino))
    }

    fn apply(&self, tree: &mut Tree) {
        for ((directory, name), ino) in &self.entries {
            let entries = tree.entry(*directory).or_default();
            match ino {
                Some(ino) => entries.insert(name.clone(), *ino),
                None => entries.remove(name),
            };
        }
    }
}
