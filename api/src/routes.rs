//! The resources of the API, one file each.

pub(crate) mod app;
pub(crate) mod asr;
pub(crate) mod callbacks;
pub(crate) mod calls;
pub(crate) mod conversations;
pub(crate) mod files;
pub(crate) mod floor;
pub(crate) mod flows;
pub(crate) mod hooks;
pub(crate) mod ice;
pub(crate) mod knowledge;
pub(crate) mod lines;
pub(crate) mod macros;
pub(crate) mod outbound;
pub(crate) mod people;
pub(crate) mod probes;
pub(crate) mod recordings;
pub(crate) mod reports;
pub(crate) mod search;
pub(crate) mod sessions;
pub(crate) mod settings;
pub(crate) mod story;
pub(crate) mod tickets;
pub(crate) mod what_if;
pub(crate) mod widget;
