//! `voxdesk models`: which speech models are known, where they lie, and fetching them. Also finds them for `serve`.
//!
//! Promises: a name that is not known gets the names that are; progress goes to standard error, results to standard out.
//! Leaves to others: fetching, converting and checking (`asr_whisper::models`).

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow, bail};
use asr_whisper::models::{self, Model, Progress};
use clap::{Args, Subcommand};

use crate::command_line::{say, say_problems};
use crate::config::{Config, Files, Flags, Speech};

/// Arguments of `voxdesk models`.
#[derive(Clone, Debug, Args)]
pub struct ModelsArgs {
    #[command(subcommand)]
    command: ModelsCommand,
}

#[derive(Clone, Debug, Subcommand)]
enum ModelsCommand {
    /// List the models that can be used, and whether they are here.
    List(Place),
    /// Fetch a model, check and convert it. Does nothing when it is here already.
    Pull {
        /// Its name, as `voxdesk models list` shows it.
        name: String,
        #[command(flatten)]
        place: Place,
    },
}

/// Where models lie, and which configuration adds some.
#[derive(Clone, Debug, Args)]
struct Place {
    /// Where speech models are kept [default: voxdesk/models in the user's cache].
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
    /// Configuration file whose models (with a URL) are known as well.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Runs `voxdesk models …`.
///
/// # Errors
/// When a model cannot be had.
pub fn run(args: ModelsArgs) -> Result<ExitCode> {
    let (place, name) = match args.command {
        ModelsCommand::List(place) => (place, None),
        ModelsCommand::Pull { name, place } => (place, Some(name)),
    };
    let dir = dir(place.models.as_deref())?;
    let speech = match place.config.map(|file| Config::read(&Files::Disk(file), &Flags::default())) {
        Some(Ok(config)) => Some(config.speech),
        Some(Err(problems)) => return Ok(say_problems(&problems)),
        None => None,
    };
    let known = known(speech.as_ref())?;
    match name {
        None => list(&known, &dir),
        Some(name) => pull(pick(&known, &name)?, &dir)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The file of the configured model; it must be there.
///
/// # Errors
/// When it is not, or its name is not known.
pub fn find(speech: &Speech, models: Option<&Path>) -> Result<PathBuf> {
    let known = known(Some(speech))?;
    present(pick(&known, &speech.model)?, models)
}

/// The file of a model that we know without a configuration; it must be there.
///
/// # Errors
/// When it is not, or its name is not known.
pub fn find_known(name: &str, models: Option<&Path>) -> Result<PathBuf> {
    present(pick(&known(None)?, name)?, models)
}

/// Every model that is here, with its file.
///
/// # Errors
/// When the folder of models is not known.
pub fn present_models(speech: &Speech, models: Option<&Path>) -> Result<Vec<(String, PathBuf)>> {
    let dir = dir(models)?;
    let files = known(Some(speech))?.into_iter().map(|model| (model.name.to_string(), model.path(&dir)));
    Ok(files.filter(|(_, file)| file.is_file()).collect())
}

fn present(model: &Model, models: Option<&Path>) -> Result<PathBuf> {
    let file = model.path(&dir(models)?);
    if !file.is_file() {
        let place = models.map(|dir| format!(" --models {}", dir.display())).unwrap_or_default();
        bail!(
            "the speech model {} is not at {}; `voxdesk models pull {}{place}` fetches it",
            model.name,
            file.display(),
            model.name
        );
    }
    Ok(file)
}

/// The folder of models.
fn dir(given: Option<&Path>) -> Result<PathBuf> {
    if let Some(dir) = given {
        return Ok(dir.to_path_buf());
    }
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    models::default_dir(variable("XDG_CACHE_HOME"), variable("HOME"))
        .context("neither XDG_CACHE_HOME nor HOME is set; --models DIR says where models are kept")
}

/// Models of the configuration, then those that ship; the configuration's win.
fn known(speech: Option<&Speech>) -> Result<Vec<Model>> {
    let mut known = Vec::new();
    for entry in speech.iter().flat_map(|speech| &speech.models) {
        known.push(Model::at_url(&entry.name, &entry.url, &entry.sha256)?);
    }
    for model in models::known() {
        if known.iter().all(|own| own.name != model.name) {
            known.push(model);
        }
    }
    Ok(known)
}

fn pick<'a>(known: &'a [Model], name: &str) -> Result<&'a Model> {
    known.iter().find(|model| model.name == name).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|model| model.name.as_str()).collect();
        anyhow!(
            "no speech model is called {name:?}; {} would be right, or one that a configuration adds",
            names.join(", ")
        )
    })
}

fn list(known: &[Model], dir: &Path) {
    for model in known {
        let file = model.path(dir);
        let place = if file.is_file() { file.display().to_string() } else { "not here".to_owned() };
        say(&format!("{:<10} {}\n{:<10} {place}", model.name, model.about, ""));
    }
}

/// On a thread with a runtime of its own, so that it can be called from anywhere.
fn pull(model: &Model, dir: &Path) -> Result<()> {
    let work = || -> Result<PathBuf> {
        let _already_installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut told = String::new();
        let path = runtime.block_on(models::pull(model, dir, &mut |progress| show(&progress, &mut told)))?;
        Ok(path)
    };
    let joined = std::thread::scope(|scope| scope.spawn(work).join());
    let path = joined.map_err(|_| anyhow!("pulling {} died", model.name))??;
    say(&format!("{}", path.display()));
    Ok(())
}

/// One line a change; bytes only every tenth part.
fn show(progress: &Progress, told: &mut String) {
    let line = match progress {
        Progress::Checking => "checking".to_owned(),
        Progress::Converting => "converting".to_owned(),
        Progress::Fetching { what, bytes: 0, .. } => format!("fetching {what}"),
        Progress::Fetching { what, bytes, of: Some(of) } if *of > 0 => {
            format!("fetching {what}: {} % of {} MB", bytes * 10 / of * 10, of / 1_000_000)
        }
        Progress::Fetching { what, bytes, .. } => format!("fetching {what}: {} MB", bytes / 10_000_000 * 10),
    };
    if line != *told {
        // A closed pipe is no reason to fail.
        let _closed = writeln!(std::io::stderr().lock(), "{line}");
        *told = line;
    }
}
