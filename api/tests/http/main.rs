//! The API from outside: real routes on a real SQLite record; only the floor is made up.

mod api_keys;
mod app;
mod bad_input;
mod chats;
mod conversations;
mod customers;
mod event_hooks;
mod files;
mod floor;
mod flows;
mod idempotency;
mod imports;
mod knowledge;
mod live;
mod observed;
mod pages;
mod reception;
mod record;
mod recordings;
mod routes;
mod search;
mod sessions;
mod socket;
mod studio;
mod tickets;
mod world;
