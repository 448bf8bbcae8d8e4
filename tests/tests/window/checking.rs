//! Proof that lasts: a receipt that is saved, and a vault that is read again.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;
use std::process::Command;

use anyhow::Result;
use support::programs::program;
use support::window::{Launch, scene};

use super::{CHUNK, film};

#[test]
fn a_vault_names_the_film_that_was_damaged_and_a_receipt_vouches_for_the_original() -> Result<()> {
    scene("checking", async |scene| {
        let (good, bad) = (film(scene, "good.mov", 1)?, film(scene, "bad.mov", 2)?);
        let kept = scene.path("receipts");
        fs::create_dir(&kept)?;
        let saves_in = kept.to_str().expect("the scene's own folder has a plain name");
        let launch = Launch::on(&scene.state()).files([&good, &bad]).variable("PAWL_SAVES_IN", saves_in);
        let window = scene.launch(launch).await?;
        for name in ["good.mov", "bad.mov"] {
            window.until_row(name, &["done"]).await?;
        }

        window.act("bad.mov", "save-receipt").await?;
        window.says("[data-testid=toast]", "bad.mov.receipt.json").await?;
        window.open_details("good.mov").await?;
        window.press("[data-testid=receipt-of]").await?;
        window.says("[data-testid=toast]", "good.mov.receipt.json").await?;
        let verify = |name: &str, file: &std::path::Path| -> Result<Option<i32>> {
            let mut verify = Command::new(program("pawl-upload")?);
            let receipt = kept.join(format!("{name}.receipt.json"));
            Ok(verify.arg("verify").arg(receipt).arg(file).output()?.status.code())
        };
        assert_eq!(verify("bad.mov", &bad)?, Some(0), "the original is what the receipt says");
        assert_eq!(verify("good.mov", &bad)?, Some(1), "and no other film is");

        window.press("[data-testid=place-settings]").await?;
        window.press("[data-testid=check-vault]").await?;
        window.says("[data-testid=check-result]", "All 2 films").await?;
        let file = OpenOptions::new().read(true).write(true).open(scene.vault().join("bad.mov"))?;
        let mut byte = [0];
        file.read_exact_at(&mut byte, CHUNK + 7)?;
        file.write_all_at(&[byte[0] ^ 1], CHUNK + 7)?;
        window.press("[data-testid=check-vault]").await?;
        let said = window.says("[data-testid=check-result]", "1 film is not what arrived").await?;
        assert!(said.contains("bad.mov") && !said.contains("good.mov"), "the damaged one is named: {said}");
        assert_eq!(verify("bad.mov", &scene.vault().join("bad.mov"))?, Some(1), "and its receipt says the same");
        Ok(())
    })
}
