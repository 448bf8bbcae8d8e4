use serde_json::{Value, json};

use super::*;
use crate::layout::{ByteRange, ChunkLayout, MIN_CHUNK_LEN};
use crate::tree::{self, ChunkHasher, Cv};

const CHUNK: u64 = MIN_CHUNK_LEN;
const SIZES: [u64; 7] = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 5 * CHUNK + 7];

fn film(len: u64) -> Vec<u8> {
    (0..len).map(|at| (at * 31 + at / 251) as u8).collect()
}

fn contents(film: &[u8], with_chunks: bool) -> Contents {
    let layout = ChunkLayout::new(film.len() as u64, CHUNK).expect("a layout");
    let cv = |index| {
        let (range, mut chunk) = (layout.range(index), ChunkHasher::new(&layout, index));
        chunk.update(&film[range.start() as usize..range.end() as usize]);
        chunk.cv().expect("all of it was taken")
    };
    let cvs: Vec<Cv> = layout.indices().map(cv).collect();
    let root = tree::root(&layout, &cvs);
    Contents::new(layout, root, with_chunks.then_some(cvs)).expect("they belong together")
}

fn receipt(len: u64) -> Receipt {
    let name = |text: &str| FileName::new(text).expect("a name");
    Receipt {
        name: name("film.mov"),
        folders: [name("A001"), name("day 2")].into_iter().collect(),
        source: name("clip.mov"),
        contents: contents(&film(len), true),
        destination: "The archive".into(),
        object: ObjectId("object-1".into()),
        proof: Proof::Root,
        added_at: Timestamp(1_700_000_000_123),
        finished_at: Timestamp(1_700_000_900_000),
        bytes_sent: len + 17,
    }
}

/// In pieces that fit no chunk.
fn held(contents: &Contents, file: &[u8]) -> Verdict {
    let mut checker = Checker::new(contents);
    file.chunks(70_001).for_each(|piece| checker.update(piece));
    checker.finish()
}

fn difference(contents: &Contents, file: &[u8]) -> Difference {
    match held(contents, file) {
        Verdict::Equal => panic!("it is not equal"),
        Verdict::Differs(difference) => difference,
    }
}

#[test]
fn the_file_that_was_sent_is_equal_whatever_its_size() {
    for len in SIZES {
        for with_chunks in [true, false] {
            let file = film(len);
            assert_eq!(
                held(&contents(&file, with_chunks), &file),
                Verdict::Equal,
                "{len} bytes, chunks: {with_chunks}"
            );
        }
    }
}

#[test]
fn changed_bytes_are_named_by_their_chunks_and_neighbours_are_one_range() {
    let file = film(5 * CHUNK + 7);
    let contents = contents(&file, true);
    let changed = |places: &[u64]| {
        let mut other = file.clone();
        places.iter().for_each(|at| other[*at as usize] ^= 1);
        let difference = difference(&contents, &other);
        assert_eq!((difference.promised, difference.found), (file.len() as u64, file.len() as u64), "of one length");
        assert_eq!(difference.untold, None, "every chunk could be told");
        difference.changed
    };
    assert_eq!(changed(&[0]), [ByteRange::at(0, CHUNK)], "the first byte");
    assert_eq!(changed(&[5 * CHUNK + 6]), [ByteRange::at(5 * CHUNK, 7)], "the last one");
    let ranges = [ByteRange::at(CHUNK, 2 * CHUNK), ByteRange::at(4 * CHUNK, CHUNK)];
    assert_eq!(changed(&[CHUNK, 3 * CHUNK - 1, 4 * CHUNK + 9]), ranges, "as few ranges as say it");
}

#[test]
fn a_file_of_another_length_says_which_and_what_of_it_is_right() {
    let file = film(3 * CHUNK);
    let contents = contents(&file, true);
    let cut = difference(&contents, &file[..CHUNK as usize + 5]);
    assert_eq!((cut.promised, cut.found), (3 * CHUNK, CHUNK + 5), "it was cut");
    assert_eq!(cut.changed, [], "what is there of whole chunks is right");
    assert_eq!(cut.untold, Some(ByteRange::at(CHUNK, 5)), "five bytes of a chunk have no digest");
    let even = difference(&contents, &file[..CHUNK as usize]);
    assert_eq!((even.changed, even.untold), (vec![], None), "cut between two chunks, nothing is left to doubt");
    let longer = difference(&contents, &[file.clone(), vec![0; 3]].concat());
    assert_eq!((longer.found, longer.changed, longer.untold), (3 * CHUNK + 3, vec![], None), "only longer");
    assert_eq!(difference(&contents, &[]).found, 0, "nothing at all is no film");
}

#[test]
fn without_digests_of_chunks_the_whole_is_suspected_or_right() {
    let file = film(2 * CHUNK);
    let contents = contents(&file, false);
    let mut other = file.clone();
    other[7] ^= 1;
    assert_eq!(difference(&contents, &other).untold, Some(ByteRange::at(0, 2 * CHUNK)), "it may be anywhere");
    let longer = difference(&contents, &[file.clone(), vec![1]].concat());
    assert_eq!((longer.untold, longer.found), (None, 2 * CHUNK + 1), "what was sent is there, and one byte more");
    assert_eq!(difference(&contents, &file[..9]).untold, Some(ByteRange::at(0, 9)), "nothing vouches for a part");
}

#[test]
fn a_receipt_reads_back_as_it_was_written() {
    for len in SIZES {
        let receipt = receipt(len);
        let read = Receipt::from_json(&receipt.to_json()).expect("our own");
        assert_eq!(read, receipt, "{len} bytes");
    }
    let odd = FileName::new(b"\xff\n.mov".as_slice()).expect("a name");
    let receipt = Receipt { name: odd.clone(), source: odd, ..receipt(1) };
    assert_eq!(Receipt::from_json(&receipt.to_json()).expect("our own"), receipt, "a name is kept to the byte");
    let bare = Receipt { contents: contents(&film(CHUNK + 1), false), ..receipt.clone() };
    assert_eq!(Receipt::from_json(&bare.to_json()).expect("our own").contents.cvs(), None, "the root alone");
}

#[test]
fn a_receipt_is_text_that_a_person_can_read() {
    let written: Value = serde_json::from_str(&receipt(CHUNK + 1).to_json()).expect("JSON");
    assert_eq!((&written["format"], &written["version"]), (&json!(FORMAT), &json!(1)), "it says what it is");
    assert_eq!((&written["name"], &written["folders"]), (&json!("film.mov"), &json!(["A001", "day 2"])), "where it is");
    assert_eq!(written["added_at"], "2023-11-14T22:13:20.123Z", "a time as one writes it");
    assert_eq!((&written["bytes_sent"], &written["bytes_resent"]), (&json!(CHUNK + 18), &json!(17)), "both counts");
    assert_eq!(written["blake3"].as_str().map(str::len), Some(64), "hex");
}

/// What is said of a receipt in which something is another.
fn refused(change: impl FnOnce(&mut Value)) -> ReceiptError {
    let mut written = serde_json::from_str(&receipt(3 * CHUNK).to_json()).expect("JSON");
    change(&mut written);
    Receipt::from_json(&written.to_string()).expect_err("it must be refused")
}

#[test]
fn a_receipt_that_was_changed_is_refused_with_what_is_wrong() {
    use ReceiptError::{Count, Damaged, Format, Instant, Layout, Resent, Root, Version};
    let other = json!("11".repeat(32));
    assert!(matches!(refused(|written| written["format"] = json!("invoice")), Format(_)), "something else");
    assert!(matches!(refused(|written| written["version"] = json!(2)), Version(2)), "a later Pawl's");
    assert!(matches!(refused(|written| written["chunks"][1] = other.clone()), Root), "a chunk's digest");
    assert!(matches!(refused(|written| written["blake3"] = other.clone()), Root), "the root");
    assert!(matches!(refused(|written| written["chunks"][1] = json!("no hex")), Damaged(_)), "no digest");
    assert!(matches!(refused(|written| written["chunks"] = json!([])), Count { expected: 3, found: 0 }), "too few");
    assert!(matches!(refused(|written| written["size"] = json!(9 * CHUNK)), Count { expected: 9, .. }), "the size");
    assert!(matches!(refused(|written| written["chunk_len"] = json!(1000)), Layout(_)), "no power of two");
    assert!(matches!(refused(|written| written["bytes_resent"] = json!(1)), Resent { .. }), "the counts");
    assert!(matches!(refused(|written| written["added_at"] = json!("yesterday")), Instant(_)), "no time");
    assert!(matches!(refused(|written| written["name"] = json!("a/b")), Damaged(_)), "no name");
    assert!(matches!(refused(|written| written["remark"] = json!("fine")), Damaged(_)), "an unknown word");
    let lacking = refused(|written| drop(written.as_object_mut().and_then(|fields| fields.remove("chunks"))));
    assert!(matches!(lacking, Damaged(_)), "digests are not merely left out: {lacking}");
    let film = Receipt::from_json("\u{0}\u{0}ftyp").expect_err("a film is none");
    assert!(matches!(film, ReceiptError::Foreign(_)), "{film}");
}
