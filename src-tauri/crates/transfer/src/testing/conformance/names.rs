//! Names that the system allows and people do not expect.

use std::sync::Arc;

use super::World;
use super::checks::{begin, finish, holds, send};
use crate::error::Class;
use crate::name::FileName;
use crate::placing::Taken;
use crate::remote::{Remote, UploadStatus};
use crate::testing::Film;

pub(super) async fn any_name_is_taken(world: Arc<dyn World>) {
    let remote = world.remote();
    let long = [b'n'; 255];
    let wide = "ä".repeat(127);
    let names = [
        &b"new\nline.mov"[..],
        "\u{202e}4pm.exe".as_bytes(),
        b"\xff\xfe\x80.mkv",
        b" spaces and 'quotes' \"too\" .mp4 ",
        b"%2e%2e%2f?a=b&c#d.mp4",
        b"-rf",
        b".hidden",
        b"back\\slash\r\t\x01\x7f",
        &long,
        wide.as_bytes(),
    ];
    let mut delivered = Vec::new();
    for (seed, name) in (50..).zip(names) {
        let name = FileName::new(name).expect("the system allows it");
        let film = Film::new(&*remote, seed, 1000).named(name);
        let completed = film.deliver(&*remote).await;
        let completed = completed.unwrap_or_else(|error| panic!("{:?} is a name: {error:?}", film.name.shown()));
        delivered.push((film, completed.object));
    }
    for (film, object) in delivered {
        holds(&*remote, &film, &object).await;
    }
}

pub(super) async fn two_uploads_of_one_name_are_two_objects(world: Arc<dyn World>) {
    let remote = world.remote();
    let [one, other] = [70, 71].map(|seed| {
        let name = FileName::new("the same.mp4").expect("a name");
        Film::new(&*remote, seed, 1000 + seed).named(name)
    });
    let (first, second) = (begin(&*remote, &one).await, begin(&*remote, &other).await);
    assert_ne!(first, second, "two transfers are two uploads, whatever they are called");
    let second_receipts = send(&*remote, &other, &second, other.layout.indices()).await;
    let first_receipts = send(&*remote, &one, &first, one.layout.indices()).await;
    let first = finish(&*remote, &one, &first, first_receipts).await;
    let second = finish(&*remote, &other, &second, second_receipts).await;
    assert_ne!(first.object, second.object, "neither takes the other's place");
    holds(&*remote, &one, &first.object).await;
    holds(&*remote, &other, &second.object).await;
}

/// Three films of one name.
fn namesakes(remote: &dyn Remote, seed: u64) -> [Film; 3] {
    let name = FileName::new(format!("namesake-{seed}.mp4")).expect("a name");
    [0, 1, 2].map(|more| Film::new(remote, seed + more, 1000 + more).named(name.clone()))
}

pub(super) async fn a_taken_name_is_skipped_where_that_was_chosen(world: Arc<dyn World>) {
    let remote = world.remote();
    if !remote.capabilities().names {
        return;
    }
    let [one, other, _] = namesakes(&*remote, 80).map(|film| film.where_taken(Taken::Skip));
    let first = one.deliver(&*remote).await.expect("the name is free");
    let refused = remote.begin(&other.upload()).await;
    assert_eq!(refused.err().map(|error| error.class), Some(Class::Taken), "a film of this name is there");
    assert!(remote.begin(&one.upload()).await.is_ok(), "its own film does not stand in its way");
    holds(&*remote, &one, &first.object).await;
}

pub(super) async fn an_object_takes_the_place_of_its_namesake_where_that_was_chosen(world: Arc<dyn World>) {
    let remote = world.remote();
    if !remote.capabilities().names {
        return;
    }
    let [one, other, third] = namesakes(&*remote, 90).map(|film| film.where_taken(Taken::Replace));
    let first = one.deliver(&*remote).await.expect("the name is free");
    let second = other.deliver(&*remote).await.expect("it takes the place");
    holds(&*remote, &other, &second.object).await;
    if remote.capabilities().ranged_read
        && let Ok(reader) = remote.open(&first.object).await
    {
        assert_eq!(reader.len(), other.bytes.len() as u64, "what was replaced is there no more");
    }
    let (handle, layout) = (begin(&*remote, &other).await, other.layout);
    let status = remote.status(&handle, &layout).await.expect("an answer");
    assert_eq!(status, UploadStatus::Completed(second), "by another name or not, its sender finds it again");
    let skipping = third.where_taken(Taken::Skip);
    let refused = remote.begin(&skipping.upload()).await;
    assert_eq!(refused.err().map(|error| error.class), Some(Class::Taken), "the name stayed the name");
}
