//! What axe-core finds in the page: the rules of WCAG, on the real page with its real colours.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::json;

use super::Window;

/// One broken rule.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Finding {
    /// Its name: `color-contrast`.
    pub rule: String,
    /// The elements, as selectors, and what is wrong with them.
    pub where_: Vec<String>,
}

impl Window {
    /// Everything that axe finds on the page as it is now.
    pub async fn findings(&self) -> Result<Vec<Finding>> {
        let axe = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/node_modules/axe-core/axe.min.js");
        let axe = fs::read_to_string(axe).context("axe-core is among the page's development packages")?;
        self.script(&format!("{axe}; return true"), &[]).await?;
        let run = "const [tags, done] = arguments;
            axe.run(document, { runOnly: tags, resultTypes: ['violations'] }).then(
                ({ violations }) => done(violations.map(({ id, nodes }) => ({
                    rule: id,
                    where_: nodes.map(({ target, failureSummary }) => `${target}: ${failureSummary}`),
                }))),
                (error) => done([{ rule: 'axe itself', where_: [String(error)] }]),
            )";
        let tags = json!(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]);
        Ok(serde_json::from_value(self.script_async(run, &[tags]).await?)?)
    }

    /// Asserts that axe finds nothing; `screen` names the place for whoever reads the failure.
    pub async fn assert_accessible(&self, screen: &str) -> Result<()> {
        self.settled().await?;
        let findings = self.findings().await?;
        ensure!(findings.is_empty(), "axe finds on {screen}: {findings:#?}");
        Ok(())
    }
}
