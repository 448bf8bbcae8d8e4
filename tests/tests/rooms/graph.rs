//! Who depends on whom, as cargo itself resolves it. Read only; the rules stand in the parent.

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId};
use std::collections::{BTreeSet, HashMap};

/// The workspace's packages and everything below them.
pub(crate) struct Graph(Metadata);

impl Graph {
    /// Asks cargo; the lock file must already fit the manifests.
    pub(crate) fn read() -> Self {
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
        let metadata = MetadataCommand::new().manifest_path(manifest).other_options(vec!["--locked".into()]).exec();
        Self(metadata.expect("cargo can read its own workspace"))
    }

    /// The names of our crates.
    pub(crate) fn rooms(&self) -> Vec<&str> {
        self.0.workspace_packages().into_iter().map(|package| package.name.as_str()).collect()
    }

    /// Our crates among a crate's dependencies of any kind. A crate may ask itself for a feature in its own tests.
    pub(crate) fn ours_of(&self, room: &str) -> Vec<&str> {
        let rooms = self.rooms();
        self.direct_of(room).into_iter().filter(|name| *name != room && rooms.contains(name)).collect()
    }

    /// What a crate's manifest names, of any kind and for any platform.
    pub(crate) fn direct_of(&self, room: &str) -> Vec<&str> {
        self.room(room).into_iter().flat_map(|package| &package.dependencies).map(|d| d.name.as_str()).collect()
    }

    /// The names of all packages that a crate's normal dependencies reach; empty for a crate that is not built yet.
    pub(crate) fn reached_from(&self, room: &str) -> BTreeSet<&str> {
        let nodes = &self.0.resolve.as_ref().expect("cargo resolved the workspace").nodes;
        let below: HashMap<&PackageId, _> = nodes.iter().map(|node| (&node.id, &node.deps)).collect();
        let mut seen = BTreeSet::new();
        let mut open: Vec<&PackageId> = self.room(room).into_iter().map(|package| &package.id).collect();
        while let Some(id) = open.pop() {
            let normal = |kind: &cargo_metadata::DepKindInfo| kind.kind == DependencyKind::Normal;
            let next = below[id].iter().filter(|dep| dep.dep_kinds.iter().any(normal)).map(|dep| &dep.pkg);
            open.extend(next.filter(|pkg| seen.insert(*pkg)));
        }
        seen.into_iter().map(|id| self.0[id].name.as_str()).collect()
    }

    fn room(&self, name: &str) -> Option<&Package> {
        self.0.workspace_packages().into_iter().find(|package| package.name.as_str() == name)
    }
}
