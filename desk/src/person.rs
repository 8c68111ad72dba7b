//! A person: who contacts us, over whatever channel.

use serde::{Deserialize, Serialize};

use crate::WallMillis;

/// A customer. Recognised by address (`tel:…`, `sip:…`, `chat:…`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Number in the store.
    pub id: i64,
    /// Name to show; the number or "visitor" until known.
    pub name: String,
    /// Addresses they are known by.
    pub addresses: Vec<String>,
    /// Their tier, as the configuration names it.
    pub tier: Option<String>,
    /// First seen.
    pub created_at: WallMillis,
}
