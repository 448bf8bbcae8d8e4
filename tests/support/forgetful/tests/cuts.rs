//! Power cuts seen from outside: what is promised survives, the rest may not.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::time::Duration;

use super::{cut_and_mount, mounted, power_on, sync_directory};

#[test]
fn synced_bytes_under_a_synced_name_survive_every_seed() {
    let place = tempfile::tempdir().unwrap();
    let disk = mounted(place.path());
    let mut file = File::create(disk.path().join("film")).unwrap();
    file.write_all(&[7; 10_000]).unwrap();
    file.sync_data().unwrap();
    sync_directory(disk.path());
    file.write_all(&[8; 10_000]).unwrap();
    let survivors: Vec<_> = (0..20).map(|seed| disk.would_survive(seed)).collect();
    drop(disk);
    let mut sizes = BTreeSet::new();
    for survivor in survivors {
        let disk = power_on(&survivor, place.path());
        let left = fs::read(disk.path().join("film")).expect("the name is durable");
        assert!(left[..10_000] == [7; 10_000], "fdatasync keeps the bytes and the size to read them");
        sizes.insert(left.len());
    }
    assert!(
        sizes.contains(&10_000) && sizes.contains(&20_000),
        "some seeds keep the unsynced size, some not: {sizes:?}"
    );
}

#[test]
fn a_synced_file_without_a_synced_name_is_gone_by_some_seed() {
    let place = tempfile::tempdir().unwrap();
    let disk = mounted(place.path());
    File::create(disk.path().join("film")).unwrap().sync_all().unwrap();
    let survivors: Vec<_> = (0..30).map(|seed| disk.would_survive(seed)).collect();
    drop(disk);
    let there: BTreeSet<bool> =
        survivors.iter().map(|image| power_on(image, place.path()).path().join("film").exists()).collect();
    assert_eq!(there, BTreeSet::from([false, true]), "only the directory's fsync would settle it");
}

#[test]
fn a_replacing_rename_shows_the_old_or_the_new_file_whole() {
    let place = tempfile::tempdir().unwrap();
    let disk = mounted(place.path());
    let (path, draft) = (disk.path().join("film"), disk.path().join("film.part"));
    for (content, path) in [(b"old", &path), (b"new", &draft)] {
        let mut file = File::create(path).unwrap();
        file.write_all(content).unwrap();
        file.sync_all().unwrap();
    }
    sync_directory(disk.path());
    fs::rename(&draft, &path).unwrap();
    let unsynced: Vec<_> = (0..30).map(|seed| disk.would_survive(seed)).collect();
    sync_directory(disk.path());
    let synced: Vec<_> = (0..30).map(|seed| disk.would_survive(seed)).collect();
    drop(disk);
    let contents = |images: Vec<super::SurvivingImage>| -> BTreeSet<Vec<u8>> {
        images.iter().map(|image| fs::read(power_on(image, place.path()).path().join("film")).unwrap()).collect()
    };
    assert_eq!(contents(unsynced), BTreeSet::from([b"old".to_vec(), b"new".to_vec()]), "either, and whole");
    assert_eq!(contents(synced), BTreeSet::from([b"new".to_vec()]), "the fsync of the directory settles it");
}

#[test]
fn handles_of_the_old_world_are_dead_after_a_cut() {
    let place = tempfile::tempdir().unwrap();
    let disk = mounted(place.path());
    let path = disk.path().join("film");
    let file = File::create(&path).unwrap();
    file.sync_all().unwrap();
    sync_directory(disk.path());
    let disk = cut_and_mount(disk, 1);
    file.write_at(b"ghost", 0).expect_err("a process that outlives the cut writes nowhere");
    assert_eq!(fs::read(disk.path().join("film")).unwrap(), b"", "and the new world knows nothing of it");
}

#[test]
fn an_armed_cut_comes_with_its_operation_and_everything_fails_after_it() {
    let place = tempfile::tempdir().unwrap();
    let disk = mounted(place.path());
    let path = disk.path().join("film");
    let file = File::options().create_new(true).read(true).write(true).open(&path).unwrap();
    sync_directory(disk.path());
    disk.cut_at(disk.operations() + 3, 5);
    file.write_all_at(b"kept", 0).unwrap();
    file.sync_all().expect("the second operation still happens");
    assert!(!disk.wait_cut(Duration::ZERO), "the third has not come yet");
    let cut = file.write_all_at(b"lost", 0).unwrap_err();
    assert_eq!(cut.raw_os_error(), Some(libc::EIO), "the third operation meets the cut");
    assert!(disk.wait_cut(Duration::ZERO), "whoever waits learns of it");
    for dead in [file.sync_all(), fs::metadata(&path).map(drop), fs::write(disk.path().join("other"), b"x")] {
        assert_eq!(dead.unwrap_err().raw_os_error(), Some(libc::EIO), "a disk without power answers nothing");
    }
    let mut bytes = [0; 4];
    file.read_exact_at(&mut bytes, 0).expect("an open file is readable to the end: mapped pages must not raise SIGBUS");
    assert_eq!(&bytes, b"kept", "as it was before the cut");
    let disk = cut_and_mount(disk, 99);
    assert_eq!(fs::read(disk.path().join("film")).unwrap(), b"kept", "what was synced before it is there");
}

#[test]
fn whoever_waits_for_the_cut_is_woken() {
    let place = tempfile::tempdir().unwrap();
    let disk = mounted(place.path());
    disk.cut_at(disk.operations() + 1, 0);
    let path = disk.path().join("film");
    let program = std::thread::spawn(move || File::create(path).map(drop));
    assert!(disk.wait_cut(Duration::from_secs(60)), "the creation of a file is an operation");
    program.join().unwrap().expect_err("and it failed");
}
