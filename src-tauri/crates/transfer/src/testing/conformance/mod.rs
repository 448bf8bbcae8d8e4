//! The suite that every driver must pass: what the engine relies on, one case a promise.
//!
//! A case asks for nothing that the driver's [`Capabilities`](crate::remote::Capabilities) do not promise. Cases share
//! no state: each gets a world of its own, so that a driver's test may also run them one by one.

mod amending;
mod checks;
mod chunks;
mod durable;
mod ending;
mod names;
mod reading;
mod rivals;
mod whole;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::future::BoxFuture;

use crate::remote::Remote;

/// How long one case may take: far more than any needs, so that a driver which hangs is told by name.
const DEADLINE: Duration = Duration::from_secs(180);

/// A driver's surroundings, as far as a test commands them.
#[async_trait]
pub trait World: Send + Sync {
    /// The remote as it runs now.
    fn remote(&self) -> Arc<dyn Remote>;

    /// Ends the remote and starts it again from what it stored. A remote out of reach stays as it is.
    async fn reopen(&self);

    /// Whether the client names the upload, so that beginning twice gives one handle.
    fn client_names_uploads(&self) -> bool {
        true
    }

    /// Whether calls travel, so that one that was given up may reach the remote after the next.
    fn is_far(&self) -> bool {
        false
    }

    /// Whether the remote may hang up on a chunk that it refuses, so that its answer is lost now and then.
    fn hangs_up(&self) -> bool {
        false
    }

    /// Whether a finished upload is begun again under the very handle that it had. Where it is not (S3 forgets an
    /// upload's id when it is finished), the new handle must still lead to the object.
    fn finished_handles_stay(&self) -> bool {
        self.client_names_uploads()
    }
}

/// One promise, and the test of it.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// The promise as a name.
    pub name: &'static str,
    run: fn(Arc<dyn World>) -> BoxFuture<'static, ()>,
}

/// A promise that a driver broke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The case's name.
    pub case: &'static str,
    /// What was seen.
    pub reason: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.case, self.reason)
    }
}

impl Case {
    /// Runs it in a fresh world. The clock must run: a paused one would take waiting for a disk for hanging.
    pub async fn run(&self, world: Arc<dyn World>) -> Result<(), Broken> {
        let broken = |reason| Broken { case: self.name, reason };
        // A task of its own: a panic in it is an answer and not the end of the suite.
        let mut task = tokio::spawn((self.run)(world));
        match tokio::time::timeout(DEADLINE, &mut task).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(ended)) => Err(broken(reason(ended))),
            Err(_) => {
                task.abort();
                Err(broken(format!("it hangs: no end after {} s", DEADLINE.as_secs())))
            }
        }
    }
}

fn reason(ended: tokio::task::JoinError) -> String {
    let Ok(panic) = ended.try_into_panic() else { return "the task was cancelled".to_owned() };
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

/// Runs every case, each in a world that `make` makes fresh, and gives the promises that were broken.
pub async fn broken(make: impl AsyncFn() -> Arc<dyn World>) -> Vec<Broken> {
    let mut broken = Vec::new();
    for case in CASES {
        broken.extend(case.run(make().await).await.err());
    }
    broken
}

/// Runs every case, each in a world that `make` makes fresh.
///
/// # Panics
/// When a promise is broken; the message names every one of them and what was seen.
pub async fn conform(make: impl AsyncFn() -> Arc<dyn World>) {
    let broken = broken(make).await;
    let lines: Vec<String> = broken.iter().map(Broken::to_string).collect();
    assert!(lines.is_empty(), "the driver breaks {} promises:\n{}", lines.len(), lines.join("\n"));
}

macro_rules! cases {
    ($($module:ident::$name:ident),* $(,)?) => {
        /// Every case, in the order in which they run.
        pub const CASES: &[Case] =
            &[$(Case { name: stringify!($name), run: |world| Box::pin($module::$name(world)) }),*];
    };
}

cases![
    whole::every_size_arrives_in_order,
    whole::every_size_arrives_backwards,
    whole::every_size_arrives_shuffled,
    whole::every_size_arrives_many_chunks_at_once,
    whole::a_file_of_too_many_chunks_is_refused_at_planning,
    chunks::status_names_just_what_was_acknowledged,
    chunks::the_same_chunk_twice_does_no_harm,
    chunks::a_corrupt_duplicate_leaves_acknowledged_bytes_alone,
    chunks::another_content_of_an_acknowledged_chunk_is_not_taken,
    chunks::a_corrupt_chunk_is_refused_and_can_be_sent_again,
    chunks::a_body_that_ends_early_is_not_acknowledged,
    chunks::a_chunk_that_was_cut_can_be_sent_again_at_once,
    chunks::a_chunk_of_an_unknown_upload_is_refused_as_expired,
    rivals::two_senders_of_one_upload_do_no_harm,
    rivals::a_corrupt_rival_of_a_chunk_does_no_harm,
    amending::an_amended_upload_keeps_what_it_was_told_and_takes_the_rest_anew,
    amending::a_file_that_became_longer_or_shorter_goes_on,
    amending::amending_twice_changes_nothing_more,
    amending::an_amendment_survives_a_restart,
    amending::what_is_finished_or_unknown_is_not_amended,
    amending::an_amended_upload_is_given_up_by_the_handle_of_before,
    ending::beginning_twice_loses_nothing,
    ending::completing_twice_gives_one_object,
    ending::completing_at_the_same_time_gives_one_object,
    ending::completing_too_early_is_refused_and_does_no_harm,
    ending::a_wrong_root_gives_no_object,
    ending::an_aborted_upload_is_unknown,
    ending::an_unknown_upload_cannot_be_completed,
    durable::acknowledged_chunks_survive_a_restart,
    durable::a_finished_upload_survives_a_restart,
    durable::an_aborted_upload_stays_unknown_after_a_restart,
    names::any_name_is_taken,
    names::two_uploads_of_one_name_are_two_objects,
    names::a_taken_name_is_skipped_where_that_was_chosen,
    names::an_object_takes_the_place_of_its_namesake_where_that_was_chosen,
    reading::any_range_reads_back,
    reading::a_range_outside_is_refused,
    reading::the_validator_of_an_object_is_constant,
    reading::an_unknown_object_cannot_be_opened,
    reading::wishes_are_offered_as_promised,
];
