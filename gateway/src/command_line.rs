//! The command line: a contract, since other people's scripts use it.
//!
//! Promises: mistakes in files are printed as `FILE:LINE:COLUMN: what was found; what would be right`, one a line, and end
//! with status 1; mistakes in arguments end with status 2. Leaves to others: the work (`serve`, `models_command`, …).

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use ivr::Problem;

use crate::config::{Config, Files, Flags, RtpRange, rtp_range};
use crate::flow_command::{self, FlowCommand};
use crate::{
    bench_command, import_command, models_command, route_command, serve, simulate_command, transcribe_command,
};

/// Voxdesk, an open contact center: phone calls, web chats, live transcripts and tickets in one program.
#[derive(Debug, Parser)]
#[command(name = "voxdesk", version, about, long_about = None)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the contact center.
    Serve(ServeArgs),
    /// Check a configuration file, with the flows that it names.
    Check {
        /// The file.
        file: PathBuf,
    },
    /// Work on flows.
    Flow {
        #[command(subcommand)]
        command: FlowCommand,
    },
    /// Take in customers or tickets of another system.
    Import(import_command::ImportArgs),
    /// Speech models.
    Models(models_command::ModelsArgs),
    /// Why conversations were routed as they were, and what would happen if.
    Route(route_command::RouteArgs),
    /// A day with other agents, skills or rules, beside Erlang C and A.
    Simulate(simulate_command::SimulateArgs),
    /// Measure this machine.
    Bench {
        #[command(subcommand)]
        command: bench_command::BenchCommand,
    },
    /// Transcribe recordings with the recogniser of live calls.
    Transcribe(transcribe_command::TranscribeArgs),
}

/// Flags of `voxdesk serve`; they win over the file, and the file over the defaults.
#[derive(Clone, Debug, Args)]
pub struct ServeArgs {
    /// Configuration file (TOML).
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where the record, prompts and credentials are kept.
    #[arg(long, value_name = "DIR", default_value = ".voxdesk")]
    pub data_dir: PathBuf,
    /// Where speech models are kept [default: voxdesk/models in the user's cache].
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,
    /// Use the demonstration that ships with the program as the configuration.
    #[arg(long, conflicts_with = "config")]
    pub demo: bool,
    /// Address for SIP over UDP and TCP; may be repeated, IPv6 as in [::1]:5060.
    #[arg(long, value_name = "ADDR:PORT")]
    pub sip: Vec<SocketAddr>,
    /// Address for SIP over TLS; may be repeated.
    #[arg(long, value_name = "ADDR:PORT")]
    pub sips: Vec<SocketAddr>,
    /// Address of the web pages and the API, and of SIP over WebSocket (at /sip).
    #[arg(long, value_name = "ADDR:PORT")]
    pub http: Option<SocketAddr>,
    /// The same over TLS. Without a configured certificate a self-signed one is made in the data directory.
    #[arg(long, value_name = "ADDR:PORT")]
    pub https: Option<SocketAddr>,
    /// Address and ports of RTP.
    #[arg(long, value_name = "ADDR:FIRST-LAST", value_parser = parse_rtp)]
    pub rtp: Option<RtpRange>,
}

fn parse_rtp(text: &str) -> Result<RtpRange, String> {
    rtp_range(text).ok_or_else(|| {
        "expected an address and two ports, the first lower, as in 127.0.0.1:20000-29999".to_owned()
    })
}

impl ServeArgs {
    /// The configuration that the flags choose.
    #[must_use]
    pub fn files(&self) -> Files {
        match &self.config {
            Some(path) => Files::Disk(path.clone()),
            None if self.demo => Files::DEMO,
            None => Files::DEFAULT,
        }
    }

    /// What the flags set.
    #[must_use]
    pub fn flags(&self) -> Flags {
        Flags {
            sip: self.sip.clone(),
            sips: self.sips.clone(),
            http: self.http,
            https: self.https,
            rtp: self.rtp,
        }
    }
}

/// Runs what the arguments say.
#[must_use]
pub fn run() -> ExitCode {
    let line = CommandLine::parse();
    let result = match line.command {
        Command::Serve(args) => serve::run(&args),
        Command::Check { file } => return check(&file),
        Command::Flow { command } => return flow_command::run(&command),
        Command::Import(args) => import_command::run(&args),
        Command::Models(args) => models_command::run(args),
        Command::Route(args) => route_command::run(args),
        Command::Simulate(args) => simulate_command::run(&args),
        Command::Bench { command } => bench_command::run(command),
        Command::Transcribe(args) => transcribe_command::run(args),
    };
    result.unwrap_or_else(|error| {
        say_error(&format!("{error:#}"));
        ExitCode::FAILURE
    })
}

fn check(file: &std::path::Path) -> ExitCode {
    match Config::read(&Files::Disk(file.to_path_buf()), &Flags::default()) {
        Ok(config) => {
            say(&format!(
                "{}: ok, {} numbers, {} flows",
                file.display(),
                config.numbers.len(),
                config.flows.len()
            ));
            ExitCode::SUCCESS
        }
        Err(problems) => say_problems(&problems),
    }
}

/// Prints problems, one a line, on standard error.
pub fn say_problems(problems: &[Problem]) -> ExitCode {
    for problem in problems {
        say_error(&problem.to_string());
    }
    ExitCode::FAILURE
}

/// Prints a line on standard output.
pub fn say(line: &str) {
    // A closed pipe is no reason to fail.
    let _closed = writeln!(std::io::stdout().lock(), "{line}");
}

/// Prints a line on standard error.
pub fn say_error(line: &str) {
    let _closed = writeln!(std::io::stderr().lock(), "{line}");
}
