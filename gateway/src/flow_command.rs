//! `voxdesk flow check|run|test|import`: flows without a phone.
//!
//! Promises: the flow and its interpreter are those of live calls; the clock is virtual and moves when it is told to.
//! Leaves to others: the flow (`ivr`), its validation against queues and agents (`voxdesk check`).

use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use clap::Subcommand;
use ivr::{Fetched, Flow, Happened, In, Known, Problem, Rehearsal, Start};
use kernel::{Lang, Time};

use crate::command_line::{say, say_error, say_problems};
use crate::config::Files;

/// What can be done with flows.
#[derive(Debug, Subcommand)]
pub enum FlowCommand {
    /// Check a flow. Queues and agents that it names are taken as existing; `voxdesk check` checks them too.
    Check {
        /// The file.
        file: PathBuf,
    },
    /// Play a flow in the terminal: type digits or words; an empty line lets time pass.
    Run {
        /// The file.
        file: PathBuf,
        /// The entry; the first without it.
        #[arg(long)]
        entry: Option<String>,
        /// `en` or `zh`.
        #[arg(long, default_value = "en")]
        lang: String,
        /// The number that calls.
        #[arg(long, default_value = "+493012345678")]
        caller: String,
        /// As a chat.
        #[arg(long)]
        text: bool,
    },
    /// Have the recorded conversations beside a flow (FILE.test.toml for FILE.toml) with it.
    Test {
        /// The flow's file.
        file: PathBuf,
    },
    /// Make a flow of the menus in an Asterisk extensions.conf or a FreeSWITCH ivr.conf.xml; what could not be taken is told.
    Import {
        /// The file.
        file: PathBuf,
    },
}

/// Runs what the arguments say.
#[must_use]
pub fn run(command: &FlowCommand) -> ExitCode {
    let result = match command {
        FlowCommand::Check { file } => check(file),
        FlowCommand::Run { file, entry, lang, caller, text } => {
            let lang = Lang::from_code(lang).unwrap_or_default();
            play(file, entry.as_deref(), lang, caller, *text)
        }
        FlowCommand::Test { file } => test(file),
        FlowCommand::Import { file } => import(file),
    };
    result.unwrap_or_else(|problems| say_problems(&problems))
}

fn read(file: &Path) -> Result<String, Vec<Problem>> {
    Files::Disk(file.to_path_buf()).main_text().map_err(|found| {
        let right = "a readable text file under 1 MiB".to_owned();
        vec![Problem { file: file.display().to_string(), line: 1, column: 1, found, right }]
    })
}

fn flow_of(file: &Path) -> Result<Arc<Flow>, Vec<Problem>> {
    let text = read(file)?;
    Flow::parse(&file.display().to_string(), &text, &Known::anything()).map(Arc::new)
}

fn check(file: &Path) -> Result<ExitCode, Vec<Problem>> {
    let flow = flow_of(file)?;
    let (steps, prompts) = (flow.step_count(), flow.prompts().count());
    say(&format!(
        "{}: ok, {} entries, {steps} steps, {prompts} prompts",
        file.display(),
        flow.entries().count()
    ));
    Ok(ExitCode::SUCCESS)
}

fn test(file: &Path) -> Result<ExitCode, Vec<Problem>> {
    let flow = flow_of(file)?;
    let beside = file.with_extension("test.toml");
    let text = read(&beside)?;
    let outcomes = ivr::conversations(&beside.display().to_string(), &text, &flow)?;
    let mut failed = 0;
    for outcome in &outcomes {
        match &outcome.problem {
            None => say(&format!("ok      {}", outcome.name)),
            Some(problem) => {
                failed += 1;
                say(&format!("FAILED  {}", outcome.name));
                say_error(&problem.to_string());
            }
        }
    }
    say(&format!("{} conversations, {failed} failed", outcomes.len()));
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn import(file: &Path) -> Result<ExitCode, Vec<Problem>> {
    let imported = ivr::import(&file.display().to_string(), &read(file)?);
    say(imported.flow.trim_end());
    for note in &imported.notes {
        say_error(&format!("{note} (not taken)"));
    }
    Ok(ExitCode::SUCCESS)
}

const HELP: &str = "digits are keys; other words are said (or written); an empty line lets time pass; \
!connect, !part, !fail busy: somebody is connected, hangs up, cannot be had; !answer {JSON} or !answer 404: a server answers; \
!find NAME: a person is found (without a name: nobody); !quit";

fn play(
    file: &Path,
    entry: Option<&str>,
    lang: Lang,
    caller: &str,
    text: bool,
) -> Result<ExitCode, Vec<Problem>> {
    let flow = flow_of(file)?;
    let entry =
        entry.map(str::to_owned).or_else(|| flow.entries().next().map(str::to_owned)).unwrap_or_default();
    let start = Start { called: entry.clone(), entry, lang, text, caller: caller.to_owned() };
    let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    let mut customer = match Rehearsal::begin(flow, start, Time::ZERO + since) {
        Ok(customer) => customer,
        Err(error) => {
            say_error(&error.to_string());
            return Ok(ExitCode::FAILURE);
        }
    };
    say(HELP);
    show(&mut customer);
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        if line.trim() == "!quit" || customer.is_over() {
            break;
        }
        obey(&mut customer, line.trim());
        show(&mut customer);
        if customer.is_over() {
            break;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn obey(customer: &mut Rehearsal, line: &str) {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    match word {
        "" => match customer.next() {
            Some(span) => {
                say(&format!("  … {:.0} s", span.as_secs_f64()));
                customer.waits(span + Duration::from_millis(1));
            }
            None => say("  … nothing happens by itself here"),
        },
        "!connect" => customer.tell(In::Connected),
        "!part" => customer.tell(In::Parted),
        "!fail" => customer.tell(In::Failed(if rest.is_empty() { "no_answer" } else { rest }.to_owned())),
        "!answer" => {
            let status = rest.parse::<u16>().ok();
            let body = if status.is_some() { String::new() } else { rest.to_owned() };
            if !customer.answers(Fetched::Answer { status: status.unwrap_or(200), body: body.into() }) {
                say("  nobody was asked");
            }
        }
        "!find" => {
            if !customer.finds(Some(rest).filter(|name| !name.is_empty())) {
                say("  nobody was looked for");
            }
        }
        _ if !customer.is_text() && line.chars().all(|c| "0123456789*#".contains(c)) => {
            line.chars().for_each(|key| customer.presses(key));
        }
        _ => customer.says(line),
    }
}

fn show(customer: &mut Rehearsal) {
    for one in customer.take() {
        say(&match one {
            Happened::Step(step) => format!("[{step}]"),
            Happened::Heard { name: Some(name), text } => format!("  \"{text}\" ({name})"),
            Happened::Heard { name: None, text } => format!("  \"{text}\""),
            Happened::Tone(tone) => format!("  ♪ {tone:?}").to_lowercase(),
            Happened::Queue(queue) => format!("  waits in the queue {queue}"),
            Happened::Agent(agent) => format!("  rings {agent}"),
            Happened::Dialled(to) => format!("  dials {to}"),
            Happened::Asked(url) => format!("  asks {url}"),
            Happened::LookedFor => "  looks for the person".to_owned(),
            Happened::Callback(queue) => format!("  will be called back from the queue {queue}"),
            Happened::Recording(on) => format!("  recording: {}", if on { "begins" } else { "is complete" }),
            Happened::Secret(on) => {
                format!("  what is typed {} secret", if on { "is" } else { "is no longer" })
            }
            Happened::Listening(on) => {
                format!("  {} to", if on { "is listened" } else { "is no longer listened" })
            }
            Happened::Language(lang) => format!("  language: {}", lang.code()),
            Happened::Noted(code, detail) => format!("  recorded: {code} {detail}"),
            Happened::Line(what) => format!("  {what}"),
            Happened::Ended(end) => format!("  ends: {end:?}").to_lowercase(),
        });
    }
}
