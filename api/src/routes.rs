//! The resources of the API, one file each.

pub(crate) mod callbacks;
pub(crate) mod conversations;
pub(crate) mod floor;
pub(crate) mod flows;
pub(crate) mod ice;
pub(crate) mod knowledge;
pub(crate) mod macros;
pub(crate) mod people;
pub(crate) mod probes;
pub(crate) mod recordings;
pub(crate) mod sessions;
pub(crate) mod settings;
pub(crate) mod story;
pub(crate) mod tickets;
pub(crate) mod what_if;
pub(crate) mod widget;
