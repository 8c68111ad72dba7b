//! `voxdesk import`: customers and tickets out of a file, by the API of the running program.
//!
//! Promises: each row that cannot be used is a line `FILE:ROW: FIELD: what was found; what would be right` on standard error;
//! ends with 1 when there was one. Leaves to others: everything else (`api`): it is the same import.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};
use serde_json::Value;

use crate::command_line::{say, say_error};

/// The variable with the API key: on a command line others would read it.
const KEY: &str = "VOXDESK_KEY";

/// Arguments of `voxdesk import`.
#[derive(Clone, Debug, Args)]
pub struct ImportArgs {
    /// What the rows are.
    #[arg(value_enum)]
    kind: Kind,
    /// The file: CSV or JSON, told by its ending.
    file: PathBuf,
    /// Whose names the fields have.
    #[arg(long, value_enum, default_value = "voxdesk")]
    source: Source,
    /// Only say what would happen.
    #[arg(long)]
    dry_run: bool,
    /// The running program. The key of an administrator, or one with the scope `imports:write`, is in VOXDESK_KEY.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    server: String,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    Customers,
    Tickets,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Source {
    Voxdesk,
    Chatwoot,
    Zammad,
}

/// Runs `voxdesk import …`.
///
/// # Errors
/// When the file cannot be read, or the program does not answer.
pub fn run(args: &ImportArgs) -> Result<ExitCode> {
    let key = std::env::var(KEY)
        .with_context(|| format!("{KEY} must hold an API key with the scope imports:write"))?;
    let format = match args.file.extension().and_then(|ending| ending.to_str()) {
        Some("csv") => "csv",
        Some("json") => "json",
        _ => bail!("{}: a file that ends with .csv or .json is needed", args.file.display()),
    };
    let bytes = std::fs::read(&args.file).with_context(|| args.file.display().to_string())?;
    let name = |value: Option<clap::builder::PossibleValue>| {
        value.map(|value| value.get_name().to_owned()).unwrap_or_default()
    };
    let url = format!(
        "{}/api/v1/imports/{}?format={format}&source={}&dry_run={}",
        args.server.trim_end_matches('/'),
        name(args.kind.to_possible_value()),
        name(args.source.to_possible_value()),
        args.dry_run
    );
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (status, answer) = runtime.block_on(asked(&url, &key, bytes))?;
    if status != 200 {
        bail!("{}: {}", status, answer["error"]["message"].as_str().unwrap_or("no answer that can be read"));
    }
    Ok(told(args, &answer))
}

async fn asked(url: &str, key: &str, bytes: Vec<u8>) -> Result<(u16, Value)> {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    let sent = client
        .post(url)
        .bearer_auth(key)
        .header("content-type", "application/octet-stream")
        .body(bytes)
        .send();
    let answer = sent.await.with_context(|| format!("{url}: no answer; is Voxdesk running there?"))?;
    let status = answer.status().as_u16();
    let text = answer.text().await?;
    Ok((status, serde_json::from_str(&text).unwrap_or_default()))
}

fn told(args: &ImportArgs, answer: &Value) -> ExitCode {
    let file = args.file.display();
    for fault in answer["faults"].as_array().into_iter().flatten() {
        let text = |name: &str| fault[name].as_str().unwrap_or_default().to_owned();
        let field = Some(text("field"))
            .filter(|field| !field.is_empty())
            .map_or_else(String::new, |field| format!("{field}: "));
        say_error(&format!("{file}:{}: {field}{}; expected {}", fault["row"], text("found"), text("right")));
    }
    let would = if args.dry_run { "nothing was changed: " } else { "" };
    say(&format!(
        "{would}{} new, {} there already, {} that cannot be used",
        answer["new"], answer["there"], answer["bad"]
    ));
    if answer["bad"] == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
