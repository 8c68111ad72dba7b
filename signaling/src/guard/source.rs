//! Whom the guard counts as one: an IPv4 address, or the /64 of an IPv6 address (a customer usually has a whole one).

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use thiserror::Error;

/// One source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// An address.
    V4(Ipv4Addr),
    /// The first half of the addresses of a /64.
    V6(u64),
}

/// What is wrong with the text of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("an IPv4 address, an IPv6 address or its /64 is needed")]
pub struct NotASource;

impl Source {
    /// Where an address belongs. IPv4 written as IPv6 counts as IPv4.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) => Self::V4(v4),
            IpAddr::V6(v6) => Self::V6(u64::try_from(v6.to_bits() >> 64).unwrap_or(u64::MAX)),
        }
    }

    /// An address of it.
    #[must_use]
    pub fn address(self) -> IpAddr {
        match self {
            Self::V4(v4) => v4.into(),
            Self::V6(half) => Ipv6Addr::from_bits(u128::from(half) << 64).into(),
        }
    }

    /// Its bytes.
    pub(crate) fn bytes(self) -> [u8; 9] {
        let (kind, number) = match self {
            Self::V4(v4) => (4, u64::from(v4.to_bits())),
            Self::V6(half) => (6, half),
        };
        let mut bytes = [kind; 9];
        bytes[1..].copy_from_slice(&number.to_be_bytes());
        bytes
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(v4) => write!(f, "{v4}"),
            Self::V6(_) => write!(f, "{}/64", self.address()),
        }
    }
}

impl FromStr for Source {
    type Err = NotASource;

    fn from_str(text: &str) -> Result<Self, NotASource> {
        let (address, prefix) =
            text.trim().split_once('/').map_or((text.trim(), None), |(a, p)| (a, Some(p)));
        let address: IpAddr = address.parse().map_err(|_| NotASource)?;
        match (address, prefix) {
            (_, None) | (IpAddr::V4(_), Some("32")) | (IpAddr::V6(_), Some("64" | "128")) => {
                Ok(Self::of(address))
            }
            _ => Err(NotASource),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_address_stands_for_its_64_and_a_mapped_one_for_its_ipv4_address() {
        for (text, shown) in [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::/64", "2001:db8:1:2::/64"),
            ("192.0.2.7/32", "192.0.2.7"),
        ] {
            let source: Source = text.parse().expect(text);
            assert_eq!(source.to_string(), shown);
            assert_eq!(shown.parse(), Ok(source));
        }
        for bad in ["", "localhost", "192.0.2.0/24", "2001:db8::/32", "1.2.3.4:5060"] {
            assert_eq!(bad.parse::<Source>(), Err(NotASource), "{bad}");
        }
    }
}
