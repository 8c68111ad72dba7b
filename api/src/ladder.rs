//! The SIP messages of a call, as its page draws them.

use desk::WallMillis;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::view::Stamp;

/// The SIP messages of a conversation, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SipLadder)]
pub struct LadderView {
    /// Messages; none: it was no call over SIP.
    pub items: Vec<SipMessageView>,
    /// More went by than is kept: it ends here.
    pub cut: bool,
    /// Users, names, numbers and the second half of addresses are hidden from you.
    pub masked: bool,
}

/// A SIP message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SipMessage)]
pub struct SipMessageView {
    /// When it came or went.
    #[serde(serialize_with = "stamp")]
    #[schema(value_type = Stamp)]
    pub at: WallMillis,
    /// Address and port that it came from.
    pub from: String,
    /// Address and port that it went to.
    pub to: String,
    /// Which of the other sides it was, from 1: two may look the same when addresses are hidden.
    pub peer: u32,
    /// `UDP`, `TCP`, `TLS`, `WS` or `WSS`.
    pub transport: &'static str,
    /// `in`: to us; `out`: from us.
    pub direction: &'static str,
    /// The method, or the status with its phrase.
    pub summary: String,
    /// CSeq.
    pub cseq: String,
    /// Call-ID.
    pub call_id: String,
    /// The leg of the conversation.
    pub leg: u16,
    /// The message. Digest responses and keys of media are written over for everybody.
    pub text: String,
}

fn stamp<S: Serializer>(at: &WallMillis, to: S) -> Result<S::Ok, S::Error> {
    Stamp(*at).serialize(to)
}
