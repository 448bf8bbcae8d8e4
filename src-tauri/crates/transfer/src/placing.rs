//! Where an object shall stand at its destination: in which folders, under which name, and what to do where that name
//! is taken.
//!
//! A person writes a [`Template`] once for a destination; it is filled in when a film is added, so that what was
//! promised then holds, whatever is changed later.

mod template;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::name::{FileName, NameError};

pub use template::{Template, TemplateError};

/// What to do where the name of a film is taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Taken {
    /// Send it under the next free name: `film (2).mov`.
    #[default]
    KeepBoth,
    /// Put it in the place of the other, once it is there whole.
    Replace,
    /// Do not send it.
    Skip,
}

/// Folders below a destination's own, from the outermost on. Each is a name, so that none leads upwards.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Folders(Vec<FileName>);

impl Folders {
    /// From the outermost on.
    pub fn names(&self) -> &[FileName] {
        &self.0
    }

    /// Whether the film stands in the destination's own folder.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<FileName> for Folders {
    fn from_iter<I: IntoIterator<Item = FileName>>(names: I) -> Self {
        Self(names.into_iter().collect())
    }
}

/// Where a film shall stand beside its name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Placing {
    /// In which folders.
    pub folders: Folders,
    /// And where its name is taken.
    pub taken: Taken,
}

/// When files were added, in the words of the person's own calendar and clock.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Occasion {
    /// `2026-11-25`.
    pub date: String,
    /// `20.36.19`: without colons, which not every file system takes.
    pub time: String,
}

/// How the files of an order are named and placed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placement {
    /// What a name is made of.
    pub template: Template,
    /// What to do where it is taken.
    pub taken: Taken,
    /// The folder in which the dropped folder lies: what is below it is the structure to keep. None: no structure.
    pub base: Option<PathBuf>,
    /// When they were added.
    pub occasion: Occasion,
}

impl Placement {
    /// Name and place of the file at `path`.
    ///
    /// # Errors
    /// When what the template gives cannot be a name.
    pub fn of(&self, path: &Path) -> Result<(FileName, Placing), NameError> {
        let (folders, name) = self.template.fill(&FileName::of(path)?, &self.below(path)?, &self.occasion)?;
        Ok((name, Placing { folders, taken: self.taken }))
    }

    /// The folders of `path` below the base.
    fn below(&self, path: &Path) -> Result<Vec<FileName>, NameError> {
        let folders = self.base.as_ref().and_then(|base| path.strip_prefix(base).ok()?.parent());
        let names = folders.unwrap_or(Path::new("")).components().filter_map(named);
        names.map(|name| FileName::new(name.as_bytes())).collect()
    }
}

fn named(component: Component<'_>) -> Option<&OsStr> {
    match component {
        Component::Normal(name) => Some(name),
        Component::Prefix(_) | Component::RootDir | Component::CurDir | Component::ParentDir => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(template: &str, base: Option<&str>, path: &str) -> (String, String) {
        let placement = Placement {
            template: template.parse().expect("a template"),
            taken: Taken::Skip,
            base: base.map(PathBuf::from),
            occasion: Occasion { date: "2026-11-25".into(), time: "20.36.19".into() },
        };
        let (name, placing) = placement.of(Path::new(path)).expect("a name");
        assert_eq!(placing.taken, Taken::Skip, "what a person chose goes with every film");
        let folders: Vec<_> = placing.folders.names().iter().map(FileName::shown).collect();
        (folders.join("/"), name.shown())
    }

    #[test]
    fn the_structure_of_a_dropped_folder_is_kept_where_the_template_says_so() {
        let (base, path) = (Some("/cards"), "/cards/A001/day 2/clip.mov");
        assert_eq!(placed("{folder}/{name}", base, path), ("A001/day 2".into(), "clip.mov".into()), "as on the card");
        assert_eq!(placed("{name}", base, path), (String::new(), "clip.mov".into()), "flat, where nothing is said");
        assert_eq!(placed("{folder}/{name}", None, path), (String::new(), "clip.mov".into()), "a file came alone");
        assert_eq!(
            placed("{date}/{time}/{folder}/{name}", base, path),
            ("2026-11-25/20.36.19/A001/day 2".into(), "clip.mov".into()),
            "every part in its place"
        );
    }

    #[test]
    fn a_file_that_is_not_below_the_base_has_no_structure() {
        assert_eq!(placed("{folder}/{name}", Some("/cards/A"), "/elsewhere/b.mov").0, "", "it came another way");
    }
}
