//! Stories about the engine, seen from the phones: what they hear, and what is reported.

mod bridges;
mod files;
mod hostile;
mod keys;
mod prompts;
mod streams;
mod world;
