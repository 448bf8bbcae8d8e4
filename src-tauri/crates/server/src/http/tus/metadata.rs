//! `Upload-Metadata` (tus 1.0.0, "Creation"): keys, each with its value in Base64.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The bytes of the film's name, if one is told. Half a sentence where the whole cannot be understood.
pub(super) fn name(said: &str) -> Result<Option<Vec<u8>>, String> {
    let (mut keys, mut name, mut title) = (BTreeSet::new(), None, None);
    for pair in said.split(',').map(str::trim) {
        let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
        if key.is_empty() || !keys.insert(key) {
            return Err(format!("Upload-Metadata has a key that is empty or there twice: {pair:?}"));
        }
        let value = STANDARD.decode(value.trim()).map_err(|_| format!("the value of {key:?} is no Base64"))?;
        match key {
            "filename" => name = Some(value),
            // Uppy's word.
            "name" => title = Some(value),
            _ => {}
        }
    }
    Ok(name.or(title).filter(|name| !name.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_found_among_other_keys() {
        let said = "filename d29ybGRfZG9taW5hdGlvbl9wbGFuLnBkZg==,is_confidential";
        assert_eq!(name(said), Ok(Some(b"world_domination_plan.pdf".to_vec())), "the example of the protocol's text");
        assert_eq!(name("name YS5tcDQ=, type "), Ok(Some(b"a.mp4".to_vec())), "a title does where there is no name");
        assert_eq!(name("is_confidential"), Ok(None), "a value may be left out");
        assert_eq!(name("filename "), Ok(None), "an empty name is none");
    }

    #[test]
    fn what_the_protocol_forbids_is_refused() {
        for said in ["", "a YQ==,", "a YQ==,a YQ==", "filename a.mp4", "a  b c"] {
            assert!(name(said).is_err(), "{said:?}");
        }
    }
}
