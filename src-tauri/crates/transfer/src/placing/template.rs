//! How names are made: words between slashes, with parts to fill in. Each part between slashes becomes one folder, the
//! last one the name.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Folders, Occasion};
use crate::name::{FileName, NameError};

/// What may stand in braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Name,
    Stem,
    Extension,
    Folder,
    Date,
    Time,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Part(Part),
}

/// A name to fill in: `{name}`, or `{date}/{folder}/{name}`. The parts: `{name}`, or `{stem}` and `{extension}` (with
/// its dot) apart; `{folder}`, the structure of a dropped folder; `{date}` and `{time}` of adding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Template {
    text: String,
    /// What lies between the slashes, the name's own last.
    steps: Vec<Vec<Piece>>,
}

/// Why a text is no template.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum TemplateError {
    /// Something else stands in braces, or a brace alone.
    #[error(
        "{{{0}}} is nothing to fill in: {{name}}, {{stem}}, {{extension}}, {{folder}}, {{date}} and {{time}} are there"
    )]
    Unknown(String),
    /// Every film would have the same name.
    #[error("the last part must hold {{name}} or {{stem}}, or every film would be called the same")]
    Nameless,
    /// A folder structure cannot be part of a name.
    #[error("{{folder}} stands alone between slashes, before the name")]
    Folder,
    /// Two slashes in a row, or one at an end.
    #[error("there is nothing between two slashes, or before or after one")]
    Empty,
    /// `.` or `..`, or a zero byte.
    #[error("a folder cannot be called so: {0}")]
    Name(#[from] NameError),
}

impl Template {
    /// Whether it makes folders.
    pub fn has_folders(&self) -> bool {
        self.steps.len() > 1
    }

    pub(super) fn fill(
        &self,
        name: &FileName,
        folders: &[FileName],
        occasion: &Occasion,
    ) -> Result<(Folders, FileName), NameError> {
        let filled = |step: &[Piece]| {
            FileName::new(step.iter().flat_map(|piece| piece.fill(name, occasion)).collect::<Vec<u8>>())
        };
        let mut made = Vec::new();
        let (last, before) = self.steps.split_last().ok_or(NameError::Empty)?;
        for step in before {
            match step.as_slice() {
                [Piece::Part(Part::Folder)] => made.extend_from_slice(folders),
                step => made.push(filled(step)?),
            }
        }
        Ok((made.into_iter().collect(), filled(last)?))
    }
}

impl Piece {
    fn fill(&self, name: &FileName, occasion: &Occasion) -> Vec<u8> {
        let (stem, extension) = name.stem_and_extension();
        match self {
            Self::Text(text) => text.as_bytes().to_vec(),
            Self::Part(Part::Name) => name.as_bytes().to_vec(),
            Self::Part(Part::Stem) => stem.to_vec(),
            Self::Part(Part::Extension) => extension.to_vec(),
            Self::Part(Part::Date) => occasion.date.clone().into_bytes(),
            Self::Part(Part::Time) => occasion.time.clone().into_bytes(),
            // It stands alone, which parsing sees to.
            Self::Part(Part::Folder) => Vec::new(),
        }
    }
}

impl Default for Template {
    fn default() -> Self {
        Self { text: "{name}".to_owned(), steps: vec![vec![Piece::Part(Part::Name)]] }
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<Template> for String {
    fn from(template: Template) -> Self {
        template.text
    }
}

impl TryFrom<String> for Template {
    type Error = TemplateError;

    fn try_from(text: String) -> Result<Self, TemplateError> {
        text.parse()
    }
}

impl FromStr for Template {
    type Err = TemplateError;

    fn from_str(text: &str) -> Result<Self, TemplateError> {
        let steps = text.split('/').map(pieces).collect::<Result<Vec<_>, _>>()?;
        for step in &steps {
            check(step)?;
        }
        let last = steps.last().map(Vec::as_slice).unwrap_or_default();
        if !last.iter().any(|piece| matches!(piece, Piece::Part(Part::Name | Part::Stem))) {
            return Err(TemplateError::Nameless);
        }
        Ok(Self { text: text.to_owned(), steps })
    }
}

/// One step between slashes.
fn check(step: &[Piece]) -> Result<(), TemplateError> {
    match step {
        [] => Err(TemplateError::Empty),
        [Piece::Text(text)] => Ok(FileName::new(text.as_bytes()).map(drop)?),
        several if several.len() > 1 && several.contains(&Piece::Part(Part::Folder)) => Err(TemplateError::Folder),
        _ => Ok(()),
    }
}

fn pieces(step: &str) -> Result<Vec<Piece>, TemplateError> {
    let (mut pieces, mut rest) = (Vec::new(), step);
    while let Some((text, after)) = rest.split_once('{') {
        let (word, after) = after.split_once('}').ok_or_else(|| TemplateError::Unknown(after.to_owned()))?;
        pieces.extend((!text.is_empty()).then(|| Piece::Text(text.to_owned())));
        pieces.push(Piece::Part(part(word)?));
        rest = after;
    }
    pieces.extend((!rest.is_empty()).then(|| Piece::Text(rest.to_owned())));
    Ok(pieces)
}

fn part(word: &str) -> Result<Part, TemplateError> {
    Ok(match word {
        "name" => Part::Name,
        "stem" => Part::Stem,
        "extension" => Part::Extension,
        "folder" => Part::Folder,
        "date" => Part::Date,
        "time" => Part::Time,
        other => return Err(TemplateError::Unknown(other.to_owned())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str, name: &[u8]) -> Result<FileName, NameError> {
        let occasion = Occasion { date: "2026-11-25".into(), time: "20.36.19".into() };
        let template: Template = template.parse().expect("a template");
        template.fill(&FileName::new(name).expect("a name"), &[], &occasion).map(|(_, name)| name)
    }

    #[test]
    fn a_name_is_made_of_its_parts_to_the_byte() {
        let made = |template, name| filled(template, name).expect("a name").as_bytes().to_vec();
        assert_eq!(made("{name}", b"\xff a.mov"), b"\xff a.mov", "names need not be UTF-8");
        assert_eq!(made("{stem} {date}{extension}", b"a.mov"), b"a 2026-11-25.mov", "the extension stays last");
        assert_eq!(made("archive-{name}", b"a"), b"archive-a", "words stand as they are");
        assert_eq!(filled("{name}-copy", &[b'a'; 255]), Err(NameError::TooLong(260)), "it must still be a name");
    }

    #[test]
    fn what_would_lose_films_or_leave_the_folder_is_no_template() {
        let refused = |text: &str| text.parse::<Template>().expect_err("it cannot be one");
        assert_eq!(refused("{date}/film.mov"), TemplateError::Nameless, "all films would be one");
        assert_eq!(refused("{nmae}"), TemplateError::Unknown("nmae".into()), "a slip is told");
        assert_eq!(refused("{name"), TemplateError::Unknown("name".into()), "an open brace is a slip");
        assert_eq!(refused("../{name}"), TemplateError::Name(NameError::Empty), "no way leads upwards");
        assert_eq!(refused("/{name}"), TemplateError::Empty, "it begins in the destination's own folder");
        assert_eq!(refused("{name}/"), TemplateError::Empty, "the last part is the name");
        assert_eq!(refused("{folder} {name}"), TemplateError::Folder, "folders are no part of a name");
    }

    #[test]
    fn a_template_reads_back_as_it_was_written() {
        let text = "{date}/{folder}/{stem} b{extension}";
        let template: Template = text.parse().expect("a template");
        assert_eq!(template.to_string(), text, "a form shows what was typed");
        assert!(template.has_folders() && !Template::default().has_folders(), "slashes make folders");
    }
}
