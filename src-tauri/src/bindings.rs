//! The TypeScript of [`crate::view`], kept beside the page that uses it: written by `make bindings`, compared by the
//! tests.

use std::path::PathBuf;

use ts_rs::{Config, TS};

use crate::view::*;

const HEAD: &str = "// Generated from src-tauri/src/view by `make bindings`. Do not edit.\n";

fn declaration<T: TS + 'static>(config: &Config) -> String {
    format!("\n{}export {}\n", T::docs().unwrap_or_default(), T::decl(config))
}

macro_rules! declarations {
    ($config:expr, $($name:ident),+ $(,)?) => { [$(declaration::<$name>($config)),+].concat() };
}

/// Every type, in the order of the module.
fn bindings() -> String {
    // Sizes and times stay below 2^53, and `bigint` does not survive JSON.
    let config = Config::new().with_large_int("number");
    let types = declarations!(
        &config,
        StateView,
        WaitView,
        FailureView,
        ProofView,
        PriorityView,
        TransferView,
        ComparingView,
        VideoView,
        FeedView,
        StatusView,
        NearView,
        NoticeView,
        LevelView,
        AddedView,
        CommandView,
        ChunkNoteView,
        ChunkMapView,
        DetailsView,
        LogLineView,
        LogView,
        VoucherView,
        MediaView,
        MediaRequest,
        FactsView,
        TrackView,
        TrackKindView,
        CaptionsView,
        OpenedView,
        SettingsView,
        ThemeView,
        SettingChange,
        QuitView,
        KindView,
        PlaceView,
        StyleView,
        TakenView,
        DestinationForm,
        SecretForm,
        SecretPlaceView,
        DestinationView,
        ReportView,
        CheckView,
        CheckedView,
        VerdictView,
        RecognisedView,
        OrphanView,
        OrphansView,
        LinkView,
        DroppedView,
        ScrubStepView,
        ScrubView,
        HarmedView,
        HarmView,
        ErrorView,
        ErrorCode,
    );
    format!("{HEAD}{types}")
}

#[test]
fn the_windows_types_are_those_of_the_shell() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../ui/src/ipc/bindings.ts");
    if std::env::var_os("UPDATE_BINDINGS").is_some() {
        std::fs::write(&path, bindings()).expect("the file can be written");
    }
    let checked_in = std::fs::read_to_string(&path).expect("the file is checked in");
    assert!(checked_in == bindings(), "ui/src/ipc/bindings.ts is not what view says: run `make bindings`");
}
