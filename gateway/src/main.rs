//! `voxdesk`: the command line. See `voxdesk --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    gateway::command_line::run()
}
