//! What `pawl-server` does besides serving: who may come in, which public links hold, whether a vault is still right.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Subcommand;
use server::http::{LinkKeys, Scope, TokenFile};

use super::scrub::Scrub;

/// What there is besides serving.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Who may come in.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Public links.
    #[command(subcommand)]
    Link(LinkCommand),
    /// Reads everything again, to see whether it is still what arrived.
    Scrub(Scrub),
}

/// Tokens. A running server knows of a change at once.
#[derive(Debug, Subcommand)]
pub(super) enum TokenCommand {
    /// Makes a token and prints it, once.
    Add {
        /// What it is called; films that it brings are under this name.
        name: String,
        /// The vault's folder.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// What it permits: read (all films), upload (and what is one's own of it), admin (everything).
        #[arg(long, value_name = "SCOPE", value_delimiter = ',', default_value = "read,upload", value_parser = scope)]
        scopes: Vec<Scope>,
    },
    /// Lists names and what each permits.
    List {
        /// The vault's folder.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
    },
    /// Takes a token away. What it brought stays.
    Remove {
        /// What it is called.
        name: String,
        /// The vault's folder.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
    },
}

/// Public links. A running server knows of a change at once.
#[derive(Debug, Subcommand)]
pub(super) enum LinkCommand {
    /// Ends every link to films of one owner that was given before.
    Revoke {
        /// The name of the token that the films are under.
        owner: String,
        /// The vault's folder.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
    },
}

fn scope(word: &str) -> Result<Scope, String> {
    let all = [Scope::Read, Scope::Upload, Scope::Admin];
    let known = all.into_iter().find(|scope| scope.word() == word);
    known.ok_or_else(|| "the scopes are read, upload and admin".to_owned())
}

impl Command {
    pub(super) async fn run(self) -> Result<ExitCode> {
        match self {
            Self::Token(command) => token(command)?,
            Self::Link(LinkCommand::Revoke { owner, data }) => {
                LinkKeys::in_folder(&own_folder(&data)?).revoke(&owner)?;
            }
            Self::Scrub(scrub) => return Ok(scrub.run().await),
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn token(command: TokenCommand) -> Result<()> {
    match command {
        TokenCommand::Add { name, data, scopes } => println!("{}", tokens(&data)?.add(&name, &scopes)?),
        TokenCommand::Remove { name, data } => tokens(&data)?.remove(&name)?,
        TokenCommand::List { data } => {
            for token in tokens(&data)?.all()? {
                let scopes: Vec<_> = token.scopes.iter().map(|scope| scope.word()).collect();
                println!("{}\t{}", token.name, scopes.join(","));
            }
        }
    }
    Ok(())
}

/// The tokens of the vault in `folder`, which is made when it is missing.
pub(super) fn tokens(folder: &Path) -> Result<TokenFile> {
    Ok(TokenFile::in_folder(&own_folder(folder)?))
}

fn own_folder(folder: &Path) -> Result<PathBuf> {
    let own = folder.join(".pawl");
    std::fs::create_dir_all(&own).with_context(|| format!("cannot make the vault's folder {}", own.display()))?;
    Ok(own)
}
