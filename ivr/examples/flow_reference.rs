//! Writes docs/flows.md to standard output.

use std::io::Write as _;

fn main() -> std::io::Result<()> {
    std::io::stdout().lock().write_all(ivr::reference().as_bytes())
}
