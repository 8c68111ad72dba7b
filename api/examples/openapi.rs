//! Writes the OpenAPI document to standard output: `cargo run -p api --release --example openapi > api/openapi.json`.

use std::io::Write;

fn main() -> std::io::Result<()> {
    std::io::stdout().lock().write_all(api::openapi_json().as_bytes())
}
