//! A ladder as the API gives it, with what the asker may see.

use std::net::{IpAddr, SocketAddr};

use api::{LadderView, SipMessageView};
use signaling::ladder::{self, Sight};

use super::{Kept, Way, ends};

/// The ladder; masked unless `whole`.
#[must_use]
pub fn view(kept: &Kept, whole: bool) -> LadderView {
    // Two phones whose masked addresses are the same are still two: each has its number.
    let mut peers: Vec<SocketAddr> = Vec::new();
    let mut items = Vec::with_capacity(kept.messages.len());
    for message in &kept.messages {
        let peer = peers.iter().position(|peer| *peer == message.remote).unwrap_or_else(|| {
            peers.push(message.remote);
            peers.len() - 1
        });
        let sight = if whole { Sight::Whole } else { Sight::Masked { ours: message.local.ip() } };
        let (from, to) = ends(message);
        let summary = ladder::summary(&message.bytes, sight);
        items.push(SipMessageView {
            at: i64::try_from(message.at / 1_000).unwrap_or(i64::MAX),
            from: address(from, sight),
            to: address(to, sight),
            peer: u32::try_from(peer + 1).unwrap_or(u32::MAX),
            transport: message.transport.name(),
            direction: match message.way {
                Way::Received => "in",
                Way::Sent => "out",
            },
            summary: summary.title,
            cseq: summary.cseq,
            call_id: summary.call_id,
            leg: message.leg,
            text: ladder::shown(&message.bytes, sight),
        });
    }
    LadderView { items, cut: kept.cut, masked: !whole }
}

fn address(address: SocketAddr, sight: Sight) -> String {
    match (ladder::address(address.ip(), sight), address.ip()) {
        (ip, IpAddr::V4(_)) => format!("{ip}:{}", address.port()),
        (ip, IpAddr::V6(_)) => format!("[{ip}]:{}", address.port()),
    }
}
