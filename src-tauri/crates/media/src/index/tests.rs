use std::io::Cursor;

use proptest::prelude::*;

use super::*;

/// A box with a short length and so many bytes in it.
fn short(kind: &[u8; 4], inside: usize) -> Vec<u8> {
    let len = u32::try_from(8 + inside).expect("a small box");
    [&len.to_be_bytes()[..], kind, &vec![0; inside]].concat()
}

/// The same with its length in 64 bits.
fn long(kind: &[u8; 4], inside: usize) -> Vec<u8> {
    [&1u32.to_be_bytes()[..], kind, &(16 + inside as u64).to_be_bytes(), &vec![0; inside]].concat()
}

fn of(film: &[Vec<u8>]) -> Index {
    index(&mut Cursor::new(film.concat())).expect("memory can be read")
}

#[test]
fn the_index_is_at_the_end_when_the_pictures_come_first() {
    assert_eq!(of(&[short(b"ftyp", 12), long(b"mdat", 99), short(b"moov", 5)]), Index::AtEnd, "as cameras write");
    assert_eq!(of(&[short(b"ftyp", 12), short(b"moov", 5), short(b"mdat", 99)]), Index::InFront, "as the web wants it");
    assert_eq!(of(&[b"plain words, no boxes".to_vec()]), Index::Foreign, "words have no index");
}

#[test]
fn an_index_that_is_cut_off_is_missing() {
    let (head, index) = ([short(b"ftyp", 12), short(b"mdat", 99)].concat(), short(b"moov", 50));
    assert_eq!(of(std::slice::from_ref(&head)), Index::Missing, "nothing of it is there");
    for there in 1..index.len() {
        assert_eq!(of(&[head.clone(), index[..there].to_vec()]), Index::Missing, "{there} bytes of it are there");
    }
    assert_eq!(of(&[head, index]), Index::AtEnd, "all of it is there");
}

#[test]
fn a_box_shorter_than_its_head_ends_the_walk() {
    let film = [short(b"ftyp", 0), 7u32.to_be_bytes().to_vec(), b"mdat".to_vec(), short(b"moov", 0)].concat();
    let boxes = top_boxes(&mut Cursor::new(film)).expect("memory can be read");
    assert_eq!(boxes.len(), 1, "nothing behind a length that cannot be is believed");
}

proptest! {
    #[test]
    fn any_bytes_end_the_walk_with_boxes_that_follow_each_other(bytes in prop::collection::vec(any::<u8>(), 0..4096)) {
        let boxes = top_boxes(&mut Cursor::new(&bytes)).expect("memory can be read");
        prop_assert!(boxes.len() <= MAX_BOXES, "the walk is bounded");
        for pair in boxes.windows(2) {
            prop_assert_eq!(Some(pair[1].start), pair[0].len.map(|len| pair[0].start + len), "no gap, no step back");
        }
    }

    #[test]
    fn every_film_of_boxes_is_walked_whole(inside in prop::collection::vec((0usize..300, any::<bool>()), 0..40)) {
        let film: Vec<_> = inside.iter().map(|&(n, far)| if far { long(b"free", n) } else { short(b"free", n) }).collect();
        let boxes = top_boxes(&mut Cursor::new(film.concat())).expect("memory can be read");
        prop_assert_eq!(boxes.len(), film.len(), "each box is met once");
    }

    #[test]
    fn small_lengths_never_turn_the_walk_around(len in 0u64..64, far in any::<bool>()) {
        let mut film = short(b"ftyp", 0);
        film.extend(if far { 1u32 } else { len as u32 }.to_be_bytes());
        film.extend(b"mdat");
        film.extend(len.to_be_bytes());
        let boxes = top_boxes(&mut Cursor::new(&film)).expect("memory can be read");
        prop_assert!(boxes.len() <= 4, "it goes forward or ends");
    }
}
