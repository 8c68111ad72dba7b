//! Identities. They carry their route: any id names the node and the interaction that own it.

use core::fmt;
use core::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One customer interaction (call, video, chat, mail): who owns it and its number there.
/// Its text form, `n-serial` in hex, is also the id of the conversation in the record and the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InteractionId {
    /// The node that owns it.
    pub node: u16,
    /// Unique on that node for ever: milliseconds of the wall clock shifted left by 16, plus a counter.
    pub serial: u64,
}

impl fmt::Display for InteractionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}-{:x}", self.node, self.serial)
    }
}

/// Text that is not an `InteractionId`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an interaction id; expected two hex numbers with a dash between them")
    }
}

impl std::error::Error for NotAnId {}

impl FromStr for InteractionId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let (node, serial) = text.split_once('-').ok_or(NotAnId)?;
        Ok(Self {
            node: u16::from_str_radix(node, 16).map_err(|_| NotAnId)?,
            serial: u64::from_str_radix(serial, 16).map_err(|_| NotAnId)?,
        })
    }
}

impl Serialize for InteractionId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for InteractionId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// One leg of an interaction: a phone, a browser, a text channel. Leg 0 is the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LegId {
    /// The interaction it belongs to.
    pub interaction: InteractionId,
    /// Its number there, counted from 0 in the order of creation, never reused.
    pub n: u16,
}

impl fmt::Display for LegId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.interaction, self.n)
    }
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        // Shared: an explanation names a dozen agents, and is made for every offer.
        pub struct $name(Arc<str>);

        impl $name {
            /// Wraps a name as the configuration spells it.
            pub fn new(name: impl Into<String>) -> Self {
                Self(name.into().into())
            }

            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                Self(name.into())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from).map(Self::new)
            }
        }
    };
}

name! {
    /// An agent, by sign-in name.
    AgentName
}
name! {
    /// A queue, by configured name.
    QueueName
}
