//! What happens to names: look up, list, create, link, unlink, rename, and the sync of a directory.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use super::content::Content;
use super::{Attributes, Body, Disk, Ino, Inode, Refusal, Stat};

/// The longest name in bytes.
pub(crate) const LONGEST_NAME: usize = 255;

/// Who creates a file, and with which permissions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Creator {
    pub(crate) permissions: u16,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

impl Disk {
    pub(crate) fn lookup(&self, directory: Ino, name: &OsStr) -> Result<Stat, Refusal> {
        self.stat(self.entry(directory, name)?.ok_or(Refusal::NoEntry)?)
    }

    /// The entries of a directory, without `.` and `..`.
    pub(crate) fn list(&self, directory: Ino) -> Result<Vec<(OsString, Stat)>, Refusal> {
        let entries = self.entries(directory)?;
        entries.iter().map(|(name, ino)| Ok((name.clone(), self.stat(*ino)?))).collect()
    }

    /// Whether a name of this file ends with `ending`.
    pub(crate) fn is_named(&self, ino: Ino, ending: &str) -> bool {
        let mut entries = self.names.volatile.values().flatten();
        entries.any(|(name, named)| *named == ino && name.as_encoded_bytes().ends_with(ending.as_bytes()))
    }

    /// The directory above; the root's is the root.
    pub(crate) fn parent(&self, directory: Ino) -> Ino {
        self.names.parent(directory)
    }

    pub(crate) fn create(&mut self, directory: Ino, name: &OsStr, creator: Creator) -> Result<Ino, Refusal> {
        self.vacant(directory, name)?;
        let ino = self.add(Body::File(Content::default()), creator);
        self.names.link(directory, name, ino);
        self.touch(directory);
        Ok(ino)
    }

    pub(crate) fn make_directory(&mut self, parent: Ino, name: &OsStr, creator: Creator) -> Result<Ino, Refusal> {
        self.vacant(parent, name)?;
        let ino = self.add(Body::Directory, creator);
        self.names.link_directory(parent, name, ino);
        self.touch(parent);
        Ok(ino)
    }

    /// Gives a file one more name.
    pub(crate) fn link(&mut self, ino: Ino, directory: Ino, name: &OsStr) -> Result<Stat, Refusal> {
        self.vacant(directory, name)?;
        match self.inode_mut(ino)? {
            Inode { body: Body::Directory, .. } => return Err(Refusal::IsDirectory),
            Inode { links: 0, .. } => return Err(Refusal::NoEntry),
            Inode { links, .. } => *links += 1,
        }
        self.names.link(directory, name, ino);
        self.touch(directory);
        self.stat(ino)
    }

    pub(crate) fn unlink(&mut self, directory: Ino, name: &OsStr) -> Result<(), Refusal> {
        let Stat { ino, is_directory, .. } = self.lookup(directory, name)?;
        if is_directory {
            return Err(Refusal::IsDirectory);
        }
        self.names.unlink(directory, name);
        self.touch(directory);
        self.drop_link(ino)
    }

    pub(crate) fn remove_directory(&mut self, parent: Ino, name: &OsStr) -> Result<(), Refusal> {
        let ino = self.lookup(parent, name)?.ino;
        self.require_empty(ino)?;
        self.names.unlink_directory(parent, name);
        self.touch(parent);
        self.drop_link(ino)
    }

    /// Moves a name; what had the new name loses it in the same instant, unless `replace` forbids that.
    pub(crate) fn rename(&mut self, from: (Ino, &OsStr), to: (Ino, &OsStr), replace: bool) -> Result<(), Refusal> {
        let moved = self.lookup(from.0, from.1)?;
        let replaced = self.entry(to.0, to.1)?;
        match replaced {
            Some(ino) if ino == moved.ino => return Ok(()),
            Some(_) if !replace => return Err(Refusal::Exists),
            Some(ino) if moved.is_directory => self.require_empty(ino)?,
            Some(ino) if self.stat(ino)?.is_directory => return Err(Refusal::IsDirectory),
            Some(_) => {}
            None => self.vacant(to.0, to.1)?,
        }
        if moved.is_directory && self.names.path(to.0).any(|above| above == moved.ino) {
            return Err(Refusal::Invalid);
        }
        self.names.rename(from, to, moved.ino);
        self.touch(from.0);
        self.touch(to.0);
        replaced.map_or(Ok(()), |ino| self.drop_link(ino))
    }

    /// What fsync of a directory promises.
    pub(crate) fn sync_directory(&mut self, directory: Ino) -> Result<(), Refusal> {
        self.entries(directory)?;
        self.names.sync(directory);
        Ok(())
    }

    fn entries(&self, directory: Ino) -> Result<&BTreeMap<OsString, Ino>, Refusal> {
        self.inode(directory)?;
        self.names.volatile.get(&directory).ok_or(Refusal::NotDirectory)
    }

    fn entry(&self, directory: Ino, name: &OsStr) -> Result<Option<Ino>, Refusal> {
        Ok(self.entries(directory)?.get(name).copied())
    }

    /// Whether `name` can be given in `directory`.
    fn vacant(&self, directory: Ino, name: &OsStr) -> Result<(), Refusal> {
        if name.len() > LONGEST_NAME {
            return Err(Refusal::NameTooLong);
        }
        if self.inode(directory)?.links == 0 {
            return Err(Refusal::NoEntry);
        }
        self.entry(directory, name)?.map_or(Ok(()), |_| Err(Refusal::Exists))
    }

    fn require_empty(&self, directory: Ino) -> Result<(), Refusal> {
        if self.entries(directory)?.is_empty() { Ok(()) } else { Err(Refusal::NotEmpty) }
    }

    fn add(&mut self, body: Body, Creator { permissions, uid, gid }: Creator) -> Ino {
        let (ino, now) = (Ino(self.next), self.now);
        let attributes = Attributes { permissions, uid, gid, accessed: now, modified: now, changed: now };
        self.inodes.insert(ino, Inode { body, attributes, links: 1, opens: 0 });
        self.next += 1;
        ino
    }

    fn drop_link(&mut self, ino: Ino) -> Result<(), Refusal> {
        let now = self.now;
        let inode = self.inode_mut(ino)?;
        inode.links -= 1;
        inode.attributes.changed = now;
        self.free_if_dead(ino);
        Ok(())
    }

    fn touch(&mut self, directory: Ino) {
        let now = self.now;
        if let Some(inode) = self.inodes.get_mut(&directory) {
            (inode.attributes.modified, inode.attributes.changed) = (now, now);
        }
    }
}
