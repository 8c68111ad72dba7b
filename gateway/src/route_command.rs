//! `voxdesk route`: why a conversation went where it went, and what would happen if.
//!
//! Promises: `explain` reads the record only, beside a running process too; `test` runs the real router on a virtual clock and ends
//! with status 1 when an expectation fails, told as `FILE:LINE:COLUMN: what was found; what would be right`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};
use clap::{Args, Subcommand};
use ivr::Problem;
use kernel::{AgentName, Context, InteractionId, Lang, Rng, Time};
use routing::{In, Medium, Out, Router, SkillWish, Sticky, Target, Wants, Wishes, words};
use serde::Deserialize;
use toml::Spanned;

use crate::command_line::{say, say_problems};
use crate::config::{Config, Files, Flags};

/// Arguments of `voxdesk route`.
#[derive(Clone, Debug, Args)]
pub struct RouteArgs {
    #[command(subcommand)]
    command: RouteCommand,
}

#[derive(Clone, Debug, Subcommand)]
enum RouteCommand {
    /// Why a conversation waited, who was asked for it, and why.
    Explain {
        /// Its id, as the pages and the API show it.
        id: String,
        /// Where the record is kept.
        #[arg(long, value_name = "DIR", default_value = ".voxdesk")]
        data_dir: PathBuf,
        /// The configuration, when it names another database.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// In which language: en or zh.
        #[arg(long, default_value = "en", value_parser = lang)]
        lang: Lang,
    },
    /// What would happen if: runs the steps of a file with the agents and queues of a configuration (docs/routing.md).
    Test {
        /// The file.
        case: PathBuf,
        /// In which language: en or zh.
        #[arg(long, default_value = "en", value_parser = lang)]
        lang: Lang,
    },
}

fn lang(text: &str) -> Result<Lang, String> {
    Lang::from_code(text).ok_or_else(|| "expected en or zh".to_owned())
}

/// Runs `voxdesk route …`.
///
/// # Errors
/// When the record or a file cannot be read.
pub fn run(args: RouteArgs) -> Result<ExitCode> {
    match args.command {
        RouteCommand::Explain { id, data_dir, config, lang } => explain(&id, &data_dir, config, lang),
        RouteCommand::Test { case, lang } => test(&case, lang),
    }
}

/// The database that a configuration or a data directory means; it must be there already.
pub(crate) fn database(data_dir: &Path, config: Option<PathBuf>) -> Result<String> {
    let named = match config.map(|file| Config::read(&Files::Disk(file), &Flags::default())) {
        Some(Ok(config)) => config.store,
        Some(Err(problems)) => {
            let text = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
            return Err(anyhow!(text));
        }
        None => None,
    };
    let file = data_dir.join("voxdesk.db");
    match named {
        Some(url) => Ok(url),
        None if file.exists() => Ok(format!("sqlite:{}", file.display())),
        None => Err(anyhow!("{}: there is no record; name its directory with --data-dir", file.display())),
    }
}

fn explain(id: &str, data_dir: &Path, config: Option<PathBuf>, lang: Lang) -> Result<ExitCode> {
    let id: InteractionId = id.parse().with_context(|| format!("\"{id}\""))?;
    let url = database(data_dir, config)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let entries = runtime.block_on(async {
        let store = store::open(&url).await.context("cannot open the record")?;
        store.conversation(id).await.with_context(|| format!("conversation {id}"))?;
        let mut all = Vec::new();
        loop {
            let page =
                store.entries(id, all.last().map_or(0, |entry: &desk::Entry| entry.seq), 1_000).await?;
            if page.is_empty() {
                return anyhow::Ok(all);
            }
            all.extend(page);
        }
    })?;
    for line in api::story(&entries, None, 0) {
        let at = chrono_like(line.at);
        say(&format!("{at}  {}", if lang == Lang::Zh { line.zh } else { line.en }));
    }
    Ok(ExitCode::SUCCESS)
}

/// Time of day, UTC.
fn chrono_like(at: i64) -> String {
    let seconds = at.div_euclid(1000).rem_euclid(86_400);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{hours:02}:{minutes:02}:{seconds:02}.{:03}Z", at.rem_euclid(1000))
}

/// A what-if: which configuration, and what happens.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// The configuration, relative to this file.
    config: PathBuf,
    step: Vec<Spanned<Step>>,
}

/// Something that happens, in the order of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    /// Seconds from the beginning.
    #[serde(default)]
    at: f64,
    /// An agent does something …
    agent: Option<String>,
    /// … `comes`, `goes`, `ready`, `break`, `accepts`, `declines`, `releases`, `wraps_up`.
    does: Option<String>,
    /// Work, by any name, comes …
    work: Option<String>,
    /// … to this queue (without it: it leaves) …
    queue: Option<String>,
    medium: Option<String>,
    #[serde(default)]
    priority: i32,
    tier: Option<String>,
    #[serde(default)]
    skills: BTreeMap<String, u8>,
    /// … and should have this agent for so many seconds.
    sticky: Option<String>,
    #[serde(default)]
    patience: f64,
    /// `work` must ring at this agent now; empty: at nobody.
    expect: Option<String>,
}

struct Stage {
    router: Router,
    rng: Rng,
    now: Time,
    works: BTreeMap<String, InteractionId>,
    rings: BTreeMap<InteractionId, Vec<AgentName>>,
    holds: BTreeMap<AgentName, Vec<InteractionId>>,
    lang: Lang,
}

const START: u64 = 1_000_000_000;

fn test(file: &Path, lang: Lang) -> Result<ExitCode> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file).with_context(|| name.clone())?;
    let problem = |span: std::ops::Range<usize>, found: String, right: &str| {
        let before = text.get(..span.start).unwrap_or(&text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Problem { file: name.clone(), line, column, found, right: right.to_owned() }
    };
    let case: Case = match toml::from_str(&text) {
        Ok(case) => case,
        Err(error) => {
            let found = error.message().replace('\n', " ");
            let right = "the fields of docs/routing.md, \"What if\"";
            return Ok(say_problems(&[problem(error.span().unwrap_or(0..0), found, right)]));
        }
    };
    let config = file.parent().unwrap_or(Path::new(".")).join(&case.config);
    let config = match Config::read(&Files::Disk(config), &Flags::default()) {
        Ok(config) => config,
        Err(problems) => return Ok(say_problems(&problems)),
    };
    let mut stage = Stage::new(config.routing(), lang);
    let mut problems = Vec::new();
    for step in case.step {
        let span = step.span();
        if let Err((found, right)) = stage.step(step.into_inner()) {
            problems.push(problem(span, found, right));
        }
    }
    if problems.is_empty() { Ok(ExitCode::SUCCESS) } else { Ok(say_problems(&problems)) }
}

impl Stage {
    fn new(setup: routing::Setup, lang: Lang) -> Self {
        Self {
            router: Router::new(setup),
            rng: Rng::seeded(1),
            now: Time::from_millis(START),
            works: BTreeMap::new(),
            rings: BTreeMap::new(),
            holds: BTreeMap::new(),
            lang,
        }
    }

    fn step(&mut self, step: Step) -> Result<(), (String, &'static str)> {
        self.pass_until(step.at)?;
        if let Some(expected) = step.expect {
            return self.expect(step.work.as_deref().unwrap_or_default(), &expected);
        }
        match (step.agent, step.does, step.work) {
            (Some(agent), Some(does), work) => self.agent_does(agent.as_str().into(), &does, work),
            (None, None, Some(work)) => {
                let known = self.works.len() as u64 + 1;
                let id = *self.works.entry(work).or_insert(InteractionId { node: 0, serial: known });
                let Some(queue) = step.queue else {
                    self.tell(In::Withdrawn { work: id });
                    return Ok(());
                };
                let medium = step.medium.unwrap_or_else(|| "voice".to_owned());
                let right = "one of voice, video, chat, mail, wechat, task";
                let medium = Medium::named(&medium).ok_or((format!("the medium \"{medium}\""), right))?;
                let skills = step.skills.into_iter().map(|(skill, at_least)| SkillWish { skill, at_least });
                let patience = Duration::from_secs_f64(step.patience.clamp(0.0, 86_400.0));
                let wishes = Wishes {
                    skills: skills.collect(),
                    tier: step.tier,
                    sticky: step.sticky.map(|agent| Sticky { agent: agent.as_str().into(), patience }),
                    ..Wishes::default()
                };
                let target = Target::Queue(queue.as_str().into());
                let (since, wishes) = (self.now, Box::new(wishes));
                self.tell(In::Enqueued { work: id, target, medium, priority: step.priority, since, wishes });
                Ok(())
            }
            _ => Err(("a step that says neither".to_owned(), "agent and does, or work")),
        }
    }

    fn pass_until(&mut self, at: f64) -> Result<(), (String, &'static str)> {
        if !(0.0..=1e6).contains(&at) {
            return Err((format!("at {at}"), "seconds from 0 to a million"));
        }
        let end = Time::from_millis(START) + Duration::from_secs_f64(at);
        while let Some(due) = self.router.next_timeout().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            self.tell(In::Elapsed);
        }
        self.now = self.now.max(end);
        self.tell(In::Elapsed);
        Ok(())
    }

    fn agent_does(
        &mut self,
        agent: AgentName,
        does: &str,
        work: Option<String>,
    ) -> Result<(), (String, &'static str)> {
        if self.router.agent(&agent).is_none() {
            return Err((format!("the agent \"{agent}\""), "an agent of the configuration"));
        }
        let named = work.and_then(|work| self.works.get(&work).copied());
        let rings = || self.rings.iter().find(|(_, agents)| agents.contains(&agent)).map(|(work, _)| *work);
        let rung = named.or_else(rings);
        let held = named.or_else(|| self.holds.get(&agent).and_then(|works| works.first().copied()));
        let nothing =
            |what: &str| (format!("{agent} {what} nothing"), "work that rings or is held there then");
        let input = match does {
            "comes" => In::Reachable { agent, desk: true, phone: false },
            "goes" => In::Reachable { agent, desk: false, phone: false },
            "ready" => In::Ready { agent, wants: Wants::Work },
            "break" => In::Ready { agent, wants: Wants::Break(String::new()) },
            "wraps_up" => In::WrappedUp { agent },
            "accepts" => {
                let work = rung.ok_or_else(|| nothing("accepts"))?;
                self.rings.remove(&work);
                self.holds.entry(agent.clone()).or_default().push(work);
                In::Accepted { work, agent }
            }
            "declines" => In::Declined { work: rung.ok_or_else(|| nothing("declines"))?, agent },
            "releases" => {
                let work = held.ok_or_else(|| nothing("releases"))?;
                self.holds.entry(agent.clone()).or_default().retain(|known| *known != work);
                In::Released { work, agent }
            }
            other => {
                let right = "comes, goes, ready, break, accepts, declines, releases or wraps_up";
                return Err((format!("does \"{other}\""), right));
            }
        };
        self.tell(input);
        Ok(())
    }

    fn expect(&self, work: &str, agent: &str) -> Result<(), (String, &'static str)> {
        let rings = self.works.get(work).and_then(|work| self.rings.get(work)).cloned().unwrap_or_default();
        let right =
            if agent.is_empty() { rings.is_empty() } else { rings.iter().any(|one| one.as_str() == agent) };
        if right {
            return Ok(());
        }
        let names: Vec<_> = rings.iter().map(AgentName::as_str).collect();
        let found = if names.is_empty() { "nobody".to_owned() } else { names.join(", ") };
        Err((
            format!("{work} rings at {found}, not at \"{agent}\""),
            "what is expected, or another expectation",
        ))
    }

    fn tell(&mut self, input: In) {
        let mut out = Vec::new();
        self.router.handle(&mut Context { now: self.now, rng: &mut self.rng }, input, &mut out);
        let seconds = self.now.since(Time::from_millis(START)).as_secs_f64();
        for order in out {
            let line = match order {
                Out::Offer { work, agent, why, .. } => {
                    self.rings.entry(work).or_default().push(agent.clone());
                    format!("{}: {}", self.name(work), words::offer(&agent, &why, self.lang))
                }
                Out::OfferOver { work, agent, end } => {
                    self.rings.entry(work).or_default().retain(|one| *one != agent);
                    let code = format!("{end:?}").chars().fold(String::new(), snake);
                    format!("{}: {agent}: {}", self.name(work), words::code(&code, self.lang))
                }
                Out::Unavailable { work, why } => {
                    format!("{}: {}", self.name(work), words::code(&why, self.lang))
                }
                Out::Moved { work, queue, why } => {
                    format!("{} → {queue}: {}", self.name(work), words::code(&why, self.lang))
                }
                _ => continue,
            };
            say(&format!("{seconds:>8.1} s  {line}"));
        }
    }

    fn name(&self, work: InteractionId) -> &str {
        self.works.iter().find(|(_, id)| **id == work).map_or("?", |(name, _)| name.as_str())
    }
}

fn snake(mut text: String, letter: char) -> String {
    if letter.is_ascii_uppercase() && !text.is_empty() {
        text.push('_');
    }
    text.push(letter.to_ascii_lowercase());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(steps: &str) -> ExitCode {
        let dir = std::env::temp_dir().join(format!("voxdesk-route-{}-{}", std::process::id(), steps.len()));
        std::fs::create_dir_all(&dir).expect("a directory");
        std::fs::write(
            dir.join("c.toml"),
            "[[queues]]\nname = \"q\"\n[[users]]\nname = \"alice\"\nrole = \"agent\"\nskills = { q = 5 }\n",
        )
        .expect("written");
        let file = dir.join("case.toml");
        std::fs::write(&file, format!("config = \"c.toml\"\n{steps}")).expect("written");
        let code = test(&file, Lang::En).expect("readable");
        std::fs::remove_dir_all(&dir).expect("removed");
        code
    }

    #[test]
    fn a_case_passes_or_fails_by_what_rings() {
        let steps = "[[step]]\nagent = \"alice\"\ndoes = \"comes\"\n[[step]]\nagent = \"alice\"\ndoes = \"ready\"\n\
            [[step]]\nat = 3\nwork = \"w\"\nqueue = \"q\"\n[[step]]\nat = 3\nwork = \"w\"\nexpect = ";
        assert_eq!(case(&format!("{steps}\"alice\"")), ExitCode::SUCCESS);
        assert_eq!(case(&format!("{steps}\"\"")), ExitCode::FAILURE);
    }

    #[test]
    fn times_of_day_are_told_in_utc() {
        assert_eq!(chrono_like(1_763_828_400_123), "16:20:00.123Z");
    }
}
