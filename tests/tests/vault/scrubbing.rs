//! A vault that is in use is read again: while films come, go and are renamed.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};
use async_trait::async_trait;
use bytes::Bytes;
use server::ports::{Catalogue, Ending, Ledger, Owner, Rename, UploadId};
use server::vault::{Allowance, AppendBody, Finding, Harm, NewAppend, NewRole, ScrubCourse, ScrubReport, scrub};
use transfer::body::SourceStopped;
use transfer::layout::ByteRange;
use transfer::name::FileName;
use transfer::testing::{Film, bytes, root_of};
use transfer::units::MIB;

use super::{film, site, with_upload};

#[tokio::test(flavor = "multi_thread")]
async fn films_and_what_still_arrives_are_right_until_a_byte_is_another() -> Result<()> {
    let (_folder, site, open, unfinished, handle) = with_upload(1, &[0, 2]).await?;
    let finished = film(&open, 2);
    let completed = finished.deliver(&open.vault).await?;
    let course = ScrubCourse::default();
    let report = open.vault.scrub(&course).await?;
    assert_eq!((report.films, report.unfinished, report.findings.len()), (1, 1, 0), "all is right: {report:?}");
    assert_eq!((report.bytes, report.ended), (finished.layout.size(), true), "all of the film, to its end");
    let step = *course.steps.borrow();
    assert_eq!(step.done, step.total, "progress ends where it must");

    let name = finished.name.clone();
    let mut bytes = finished.bytes.to_vec();
    bytes[5] ^= 1;
    fs::write(site.film(&name.shown()), &bytes)?;
    let mut part = fs::read(site.part(&handle))?;
    part[2 * MIB as usize + 3] ^= 1;
    part[MIB as usize] ^= 1;
    fs::write(site.part(&handle), &part)?;
    let report = open.vault.scrub(&ScrubCourse::default()).await?;
    let last = unfinished.layout.range(unfinished.chunk(2));
    let Some(Finding::Upload { object: becomes, .. }) = report.findings.last() else { bail!("{:?}", report.findings) };
    let expected = [
        Finding::Film { object: completed.object, name, harm: Harm::Content },
        Finding::Upload {
            id: UploadId(handle.0.clone()),
            object: becomes.clone(),
            name: unfinished.name.clone(),
            harm: Harm::Chunks(vec![ByteRange::at(2 * MIB, last.len())]),
        },
    ];
    assert_eq!(report.findings, expected, "the film, and the one chunk that was acknowledged");
    open.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_renames_or_takes_out_is_no_damage() -> Result<()> {
    let (_folder, site) = site()?;
    let open = site.open().await?;
    let films: Vec<Film> = (1..=20).map(|seed| film(&open, seed)).collect();
    let mut objects = Vec::new();
    for film in &films {
        objects.push(film.deliver(&open.vault).await?.object);
    }
    let (vault, changing) = (open.vault.clone(), objects.clone());
    let busy = tokio::spawn(async move {
        for (number, object) in changing.iter().enumerate() {
            vault.rename(object, FileName::new(format!("renamed-{number}.mp4"))?).await?;
            if number % 2 == 0 {
                vault.take_out(object, |path| fs::remove_file(path)).await?;
            }
        }
        anyhow::Ok(())
    });
    while !busy.is_finished() {
        let report = open.vault.scrub(&ScrubCourse::default()).await?;
        assert_eq!(report.findings, [], "a film on its way to another name is not missing");
    }
    busy.await??;
    let report = open.vault.scrub(&ScrubCourse::default()).await?;
    assert_eq!((report.films, report.findings.len()), (10, 0), "and each is found under its new name: {report:?}");
    fs::remove_file(site.film("renamed-1.mp4"))?;
    let report = open.vault.scrub(&ScrubCourse::default()).await?;
    let gone = matches!(report.findings.as_slice(), [Finding::Film { harm: Harm::Missing, .. }]);
    assert!(gone, "one that nobody took out is: {:?}", report.findings);
    open.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_that_is_stopped_claims_nothing_of_what_it_did_not_read() -> Result<()> {
    let (_folder, site) = site()?;
    let open = site.open().await?;
    film(&open, 1).deliver(&open.vault).await?;
    let course = ScrubCourse::default();
    course.cancel.cancel();
    let report = open.vault.scrub(&course).await?;
    assert_eq!((report.ended, report.films, report.bytes), (false, 0, 0), "nothing was read: {report:?}");
    assert_eq!(report.findings, [], "and nothing is called damaged for that");
    open.close().await;
    Ok(())
}

/// Bytes in one piece.
#[derive(Debug)]
struct Ready(Option<Bytes>);

#[async_trait]
impl AppendBody for Ready {
    async fn next(&mut self) -> Result<Option<Bytes>, SourceStopped> {
        Ok(self.0.take())
    }

    fn expected(&self) -> Option<u64> {
        self.0.as_ref().map(|bytes| bytes.len() as u64)
    }

    fn is_vouched_for(&self) -> bool {
        false
    }

    fn is_right(&self) -> bool {
        true
    }
}

/// Of a file of one chunk that chunk's digest is the root, and of bytes whose end is not known it is not.
#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_come_in_order_are_held_against_the_digests_of_their_kind() -> Result<()> {
    const CHUNK: u64 = 4 * MIB;
    let (_folder, site) = site()?;
    let open = site.open().await?;
    let owned = open.vault.of(Owner("anna".to_owned()), Allowance::default());
    for (len, length) in [(CHUNK, None), (CHUNK + 9, None), (CHUNK, Some(2 * CHUNK)), (7, None)] {
        let name = FileName::new(format!("film-{len}.mp4"))?;
        let new =
            NewAppend { name, length, metadata: None, role: NewRole::Whole, ending: Ending::WithLength, most: None };
        let id = owned.begin_append(new).await?.told.id;
        let body = Box::new(Ready(Some(bytes(len, len))));
        owned.append(&id, 0, None, None, body).await?;
    }
    let report = open.vault.scrub(&ScrubCourse::default()).await?;
    assert_eq!((report.unfinished, report.findings.len()), (4, 0), "all of it is what came: {report:?}");
    for part in site.parts()? {
        let mut bytes = fs::read(&part)?;
        bytes[3] ^= 1;
        fs::write(&part, bytes)?;
    }
    let report = open.vault.scrub(&ScrubCourse::default()).await?;
    let chunks = |finding: &Finding| match finding {
        Finding::Upload { harm: Harm::Chunks(ranges), .. } => Some(ranges.clone()),
        Finding::Upload { .. } | Finding::Film { .. } | Finding::Stray(_) => None,
    };
    let named: Vec<_> = report.findings.iter().filter_map(chunks).collect();
    let first = vec![ByteRange::at(0, CHUNK)];
    assert_eq!(named, [first.clone(), first.clone(), first], "each whole chunk; of less nobody kept a digest");
    for part in site.parts()? {
        fs::OpenOptions::new().write(true).open(&part)?.set_len(2)?;
    }
    let report = open.vault.scrub(&ScrubCourse::default()).await?;
    let cut = report.findings.iter().filter(|one| matches!(one, Finding::Upload { harm: Harm::Length { .. }, .. }));
    assert_eq!(cut.count(), 4, "but its length is known: {:?}", report.findings);
    open.close().await;
    Ok(())
}

async fn at_rest(folder: &Path, site: &support::vaults::Site) -> Result<ScrubReport> {
    let store = site.store().await?;
    let report = scrub(folder, store.as_ref(), store.as_ref(), &ScrubCourse::default()).await?;
    store.close().await;
    Ok(report)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_crash_left_half_way_is_no_damage() -> Result<()> {
    let (folder, site, open, arriving, handle) = with_upload(1, &[0, 1, 2]).await?;
    let finished = film(&open, 2);
    let completed = finished.deliver(&open.vault).await?;
    open.close().await;
    let store = site.store().await?;
    let claimed = FileName::new("claimed.mp4")?;
    store.claim_complete(&UploadId(handle.0.clone()), &claimed, &root_of(&arriving.bytes)).await?;
    let rename = Rename { object: completed.object, name: FileName::new("another.mp4")? };
    store.begin_rename(&rename).await?;
    store.close().await;
    fs::rename(site.part(&handle), site.film("claimed.mp4"))?;
    fs::rename(site.film(&finished.name.shown()), site.film("another.mp4"))?;
    let report = at_rest(folder.path(), &site).await?;
    assert_eq!((report.films, report.unfinished), (1, 1), "both were found where they had come to");
    assert_eq!(report.findings, [], "and the next opening brings them to their end");
    Ok(())
}
