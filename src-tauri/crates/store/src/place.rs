//! Where a folder lies: on this machine, or on another.
//!
//! SQLite's log must not be shared over a network file system, for its index is shared memory. Ours is never shared
//! ([`crate::candidate`]), so a database works there; but nothing there is certain to keep a second computer out.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Where a folder lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A disk of this machine.
    Local,
    /// Another machine's, over a file system of this name.
    Network(&'static str),
}

/// `f_type` of statfs(2) and what it stands for.
const NETWORK_TYPES: [(u32, &str); 9] = [
    (0x6969, "NFS"),
    (0x517b, "SMB"),
    (0xff53_4d42, "CIFS"),
    (0xfe53_4d42, "SMB"),
    (0x0102_1997, "9P"),
    (0x5346_414f, "AFS"),
    (0x6b41_4653, "AFS"),
    (0x00c3_6400, "Ceph"),
    (0x7375_7245, "Coda"),
];
const FUSE: u32 = 0x6573_5546;
/// What FUSE file systems over a network call themselves. Every other one counts as a disk.
const NETWORK_FUSE: [(&str, &str); 7] = [
    ("fuse.sshfs", "SSHFS"),
    ("fuse.rclone", "rclone"),
    ("fuse.glusterfs", "GlusterFS"),
    ("fuse.s3fs", "S3FS"),
    ("fuse.davfs2", "WebDAV"),
    ("fuse.curlftpfs", "FTP"),
    ("fuse.gvfsd-fuse", "GVfs"),
];

impl Place {
    /// Where `folder` lies; local when the system does not say.
    pub(crate) fn of(folder: &Path) -> Self {
        let Ok(found) = rustix::fs::statfs(folder) else { return Self::Local };
        // The numbers are 32 bits wide; the field is wider on some machines and signed on most.
        let network = match found.f_type as u32 {
            FUSE => fuse_name(folder).and_then(|name| known(&NETWORK_FUSE, name.as_str())),
            number => known(&NETWORK_TYPES, number),
        };
        network.map_or(Self::Local, Self::Network)
    }

    /// What the user should know of it.
    pub(crate) fn caution(self, folder: &Path) -> Option<String> {
        match self {
            Self::Local => None,
            Self::Network(name) => Some(format!(
                "{} is on a network file system ({name}): use it from one computer at a time; two could damage what is stored",
                folder.display()
            )),
        }
    }
}

fn known<K, Q: PartialEq<K>>(table: &[(K, &'static str)], wanted: Q) -> Option<&'static str> {
    table.iter().find(|(key, _)| wanted == *key).map(|(_, name)| *name)
}

fn fuse_name(folder: &Path) -> Option<String> {
    let device = fs::metadata(folder).ok()?.dev();
    let mounts = fs::read_to_string("/proc/self/mountinfo").ok()?;
    let number = format!("{}:{}", rustix::fs::major(device), rustix::fs::minor(device));
    type_of_mount(&mounts, &number).map(str::to_owned)
}

/// The file system type of the device in the table of mounts (proc_pid_mountinfo(5)).
fn type_of_mount<'t>(mounts: &'t str, device: &str) -> Option<&'t str> {
    let of_device = mounts.lines().find(|line| line.split(' ').nth(2) == Some(device))?;
    of_device.split_once(" - ")?.1.split(' ').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn network_file_systems_are_known_by_number() {
        assert_eq!(known(&NETWORK_TYPES, 0x6969), Some("NFS"), "another computer may reach it");
        assert_eq!(known(&NETWORK_TYPES, 0xef53), None, "ext4 is a disk");
        assert_eq!(known(&NETWORK_TYPES, FUSE), None, "FUSE alone says nothing about where the bytes are");
    }

    #[test]
    fn a_fuse_mount_is_known_by_its_name() {
        let mounts = "36 25 0:52 / /mnt/far rw,nosuid shared:3 - fuse.sshfs user@host:/ rw,user_id=0\n\
                      37 25 0:53 / /mnt/near rw - fuse disk rw\n";
        let name = |device| type_of_mount(mounts, device).and_then(|name| known(&NETWORK_FUSE, name));
        assert_eq!(name("0:52"), Some("SSHFS"), "its bytes are on another machine");
        assert_eq!(name("0:53"), None, "a plain FUSE file system is a disk");
        assert_eq!(name("0:54"), None, "what is not in the table is taken for a disk");
    }

    #[test]
    fn a_network_folder_is_told_of() {
        let sentence = Place::Network("NFS").caution(Path::new("/far")).expect("a caution");
        assert!(sentence.contains("/far") && sentence.contains("NFS"), "the user must know which folder and why");
        assert_eq!(Place::of(Path::new("/nowhere at all")), Place::Local, "what cannot be asked is opened as usual");
    }
}
