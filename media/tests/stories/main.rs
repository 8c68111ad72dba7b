//! Stories about the engine, seen from the phones: what they hear, and what is reported.

mod bridges;
mod prompts;
mod world;
