//! What a response copies from its request (RFC 3261 section 8.2.6), kept ready for a late answer.

use super::address::Address;
use super::header::Name;
use super::parse::Message;
use super::via::Via;
use super::write::{Draft, push_clean};
use crate::io::{Path, Transport};

/// The head of every response to one request.
#[derive(Clone, Debug)]
pub(crate) struct ReplyHead {
    /// Via, From, To with our tag, Call-ID, CSeq, Timestamp: whole lines.
    lines: Vec<u8>,
    /// Record-Route lines, for responses that make a dialog.
    record_routes: Vec<u8>,
    /// Where the response goes.
    pub(crate) path: Path,
}

/// Copied lines beyond which a request is refused with 513 instead of being remembered.
pub(crate) const HEAD_BYTES: usize = 8 * 1024;

impl ReplyHead {
    /// Takes what it needs from a request that need not be whole. `None` when there is no Via to bring the answer back.
    /// Without a CSeq its sender still finds it by branch and Call-ID, and learns what is wrong.
    pub(crate) fn of(message: &Message<'_>, path: Path, tag: &str) -> Option<Self> {
        let mut head = Self { lines: Vec::with_capacity(384), record_routes: Vec::new(), path };
        head.vias(message)?;
        for (name, label) in [
            (Name::From, "From"),
            (Name::CallId, "Call-ID"),
            (Name::CSeq, "CSeq"),
            (Name::Timestamp, "Timestamp"),
        ] {
            if let Some(value) = message.first(name) {
                line(&mut head.lines, label, value, b"");
            }
        }
        if let Some(to) = message.first(Name::To) {
            let tagged = Address::parse(to).is_some_and(|a| a.tag().is_some());
            let tag = if tagged { String::new() } else { format!(";tag={tag}") };
            line(&mut head.lines, "To", to, tag.as_bytes());
        }
        for route in message.all(Name::RecordRoute) {
            line(&mut head.record_routes, "Record-Route", route, b"");
        }
        Some(head)
    }

    fn vias(&mut self, message: &Message<'_>) -> Option<()> {
        let mut vias = message.list(Name::Via);
        let top = vias.next()?;
        self.lines.extend_from_slice(b"Via: ");
        match Via::parse(top) {
            Some(via) => {
                via.write_seen_from(self.path.remote, self.path.transport, &mut self.lines);
                if self.path.transport == Transport::Udp {
                    self.path.remote = via.answer_to(self.path.remote);
                }
            }
            None => push_clean(&mut self.lines, top),
        }
        self.lines.extend_from_slice(b"\r\n");
        for via in vias {
            line(&mut self.lines, "Via", via, b"");
        }
        Some(())
    }

    /// Begins a response.
    pub(crate) fn draft(&self, status: u16, product: &str) -> Draft {
        let mut draft = Draft::response(status, self.lines.len() + self.record_routes.len());
        draft.lines(&self.lines);
        draft.header("Server", product);
        draft
    }

    /// Begins a response that makes or keeps a dialog.
    pub(crate) fn dialog_draft(&self, status: u16, product: &str, contact: &str) -> Draft {
        let mut draft = self.draft(status, product);
        draft.lines(&self.record_routes);
        draft.header("Contact", contact);
        draft
    }

    /// `100 Trying`, which no one hop further needs.
    pub(crate) fn trying(&self) -> Vec<u8> {
        let mut draft = Draft::response(100, self.lines.len());
        draft.lines(&self.lines);
        draft.end()
    }

    /// How much is kept.
    pub(crate) fn size(&self) -> usize {
        self.lines.len() + self.record_routes.len()
    }
}

fn line(to: &mut Vec<u8>, name: &str, value: &[u8], after: &[u8]) {
    to.extend_from_slice(name.as_bytes());
    to.extend_from_slice(b": ");
    push_clean(to, value);
    to.extend_from_slice(after);
    to.extend_from_slice(b"\r\n");
}
