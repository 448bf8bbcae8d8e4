//! The power cut: from a disk in two states to a disk that holds one survivor.

use std::collections::BTreeMap;

use super::content::Content;
use super::names::{Names, Tree};
use super::whim::Whim;
use super::{Body, Disk, Ino, Inode};

impl Disk {
    /// What a power cut at this instant leaves when fate is `seed`. The same disk and seed give the same survivor.
    pub(crate) fn cut(&self, seed: u64) -> Self {
        let mut whim = Whim::new(seed);
        let tree = reachable(self.names.cut(&mut whim));
        let links = links(&tree);
        let inodes: BTreeMap<Ino, Inode> =
            links.into_iter().map(|(ino, links)| (ino, self.inodes[&ino].survivor(links, &mut whim))).collect();
        let used = inodes.values().map(Inode::allocated).sum();
        Self { now: self.now, names: Names::settled(tree), inodes, next: self.next, capacity: self.capacity, used }
    }
}

impl Inode {
    fn survivor(&self, links: u32, whim: &mut Whim) -> Self {
        let body = match &self.body {
            Body::File(content) => Body::File(Content::settled(content.cut(whim))),
            Body::Directory => Body::Directory,
        };
        Self { body, attributes: self.attributes.clone(), links, opens: 0 }
    }

    fn allocated(&self) -> u64 {
        match &self.body {
            Body::File(content) => content.allocated(),
            Body::Directory => 0,
        }
    }
}

/// The part of the tree that can be reached from the root.
fn reachable(mut tree: Tree) -> Tree {
    let mut reached = Tree::new();
    let mut found = vec![Ino::ROOT];
    while let Some(directory) = found.pop() {
        if let Some(entries) = tree.remove(&directory) {
            found.extend(entries.values());
            reached.insert(directory, entries);
        }
    }
    reached
}

/// How many names each file and directory has.
fn links(tree: &Tree) -> BTreeMap<Ino, u32> {
    let mut links = BTreeMap::from([(Ino::ROOT, 1)]);
    for ino in tree.values().flat_map(BTreeMap::values) {
        *links.entry(*ino).or_default() += 1;
    }
    links
}
