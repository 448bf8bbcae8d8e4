//! Every requirement of tus 1.0.0 names a test that holds us to it (`tus_requirements.md`), and that test is there.

const TABLE: &str = include_str!("../tus_requirements.md");
const SECTIONS: [&str; 10] = [
    "Core Protocol: Headers",
    "Core Protocol: HEAD",
    "Core Protocol: PATCH",
    "Core Protocol: OPTIONS",
    "Creation",
    "Creation With Upload",
    "Expiration",
    "Checksum",
    "Termination",
    "Concatenation",
];
const MODULES: [(&str, &str); 8] = [
    ("cancelling", include_str!("cancelling.rs")),
    ("checksums", include_str!("checksums.rs")),
    ("concatenation", include_str!("concatenation.rs")),
    ("core", include_str!("core.rs")),
    ("creation", include_str!("creation.rs")),
    ("doors", include_str!("doors.rs")),
    ("durable", include_str!("durable.rs")),
    ("rivals", include_str!("rivals.rs")),
];

/// The lines of a section's table that name a requirement: it, and its test.
fn rows(section: &str) -> Vec<(&str, &str)> {
    let after = TABLE.split(&format!("\n## {section}\n")).nth(1).unwrap_or_default();
    let lines = after.split("\n## ").next().unwrap_or_default().lines();
    let cells = |line: &'static str| line.strip_prefix("| ")?.strip_suffix(" |")?.rsplit_once(" | ");
    lines.filter_map(cells).filter(|(requirement, _)| *requirement != "requirement").collect()
}

fn is_there(test: &str) -> bool {
    let Some((module, function)) = test.trim_matches('`').split_once("::") else { return false };
    let source = MODULES.iter().find(|(name, _)| *name == module).map_or("", |(_, source)| source);
    source.contains(&format!("#[tokio::test]\nasync fn {function}() -> Result<()> {{"))
}

#[test]
fn every_requirement_names_a_test_that_is_there() {
    for section in SECTIONS {
        let rows = rows(section);
        assert!(rows.len() >= 2, "the section {section:?} has its requirements: {rows:?}");
        for (requirement, test) in rows {
            assert!(is_there(test), "{section}: {requirement}: there is no test {test}");
        }
    }
}

#[test]
fn a_test_that_is_not_there_would_be_missed() {
    assert!(!is_there("`core::a_test_that_nobody_wrote`"), "the check can fail");
    assert!(!is_there("core"), "and a name that is none is none");
}
