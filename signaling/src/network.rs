//! A block of addresses, as settings name peers: `192.0.2.0/24`, `2001:db8::/32`, or one address alone.

use std::net::IpAddr;
use std::str::FromStr;

use thiserror::Error;

/// All addresses that begin alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

/// What is wrong with the text of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("an address or a block like 192.0.2.0/24 or 2001:db8::/32 is needed")]
pub struct NotANetwork;

impl Network {
    /// Whether an address is in it. IPv4 written as IPv6 counts as IPv4.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                same(u128::from(ours.to_bits()), u128::from(theirs.to_bits()), 32, self.prefix)
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => {
                same(ours.to_bits(), theirs.to_bits(), 128, self.prefix)
            }
            _ => false,
        }
    }
}

fn same(one: u128, other: u128, width: u8, prefix: u8) -> bool {
    (one ^ other).checked_shr(u32::from(width - prefix)).unwrap_or(0) == 0
}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().map_err(|_| NotANetwork)?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(text) => text.trim().parse::<u8>().ok().filter(|p| *p <= width).ok_or(NotANetwork)?,
            None => width,
        };
        Ok(Self { address, prefix })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_in_the_block_that_it_begins_with() {
        for (block, inside, outside) in [
            ("192.0.2.0/24", "192.0.2.77", "192.0.3.1"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("0.0.0.0/0", "203.0.113.9", "::1"),
            ("2001:db8::/32", "2001:db8:9::1", "2001:db9::1"),
            ("::1/128", "::1", "::2"),
            ("10.0.0.0/8", "::ffff:10.1.2.3", "11.0.0.1"),
        ] {
            let block: Network = block.parse().expect("a block");
            assert!(block.contains(inside.parse().expect("an address")), "{block:?} {inside}");
            assert!(!block.contains(outside.parse().expect("an address")), "{block:?} {outside}");
        }
        for bad in ["", "localhost", "1.2.3.4/33", "::/129", "1.2.3.4/", "1.2.3.4/-1"] {
            assert_eq!(bad.parse::<Network>(), Err(NotANetwork), "{bad}");
        }
    }
}
