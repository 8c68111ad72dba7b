//! What is kept out of the record, and what is put into it as sound: secret keys and voicemail.
//!
//! Promises: while the flow shields the customer, no key of theirs becomes an entry and nobody listens; keys that arrive just
//! after (the phone sends on, people type on) are left out as well. A message that was left becomes a ticket, also when the
//! caller hangs up in the middle of it.

use std::time::Duration;

use ivr::Shield;
use kernel::{Context, Effects, Time};

use crate::Interaction;
use crate::flow::CUSTOMER;
use crate::interaction::Stage;
use crate::io::{MediaOut, Out};
use crate::record::Note;

/// Keys may come this long after the last that was wanted: people type one too many.
const AFTERWARDS: Duration = Duration::from_millis(1500);
/// Shorter than this is not a message.
const MESSAGE_MS: u64 = 1000;

/// What is kept out of the record now.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Guard {
    shield: Shield,
    until: Option<Time>,
}

impl Guard {
    pub(crate) fn hides_keys(&self, now: Time) -> bool {
        self.shield != Shield::Open || self.until.is_some_and(|until| now < until)
    }
}

impl Interaction {
    pub(crate) fn shield(&mut self, cx: &mut Context<'_>, shield: Shield, out: &mut impl Effects<Out>) {
        let was = std::mem::replace(&mut self.guard.shield, shield);
        self.guard.until = (shield == Shield::Open).then(|| cx.now + AFTERWARDS);
        if shield == Shield::All {
            self.deafen(CUSTOMER, out);
        }
        if was != shield && shield != Shield::Open {
            self.note(cx.now, Note::of("secret_input"), out);
        }
    }

    pub(crate) fn record_customer(&mut self, silence: Duration, out: &mut impl Effects<Out>) {
        if self.is_spoken() && self.guard.shield != Shield::All {
            self.recording = true;
            out.emit(Out::Media(CUSTOMER, MediaOut::Record { silence }));
        }
    }

    /// A recording is on disk.
    pub(crate) fn on_recorded(
        &mut self,
        cx: &mut Context<'_>,
        name: &str,
        ms: u64,
        out: &mut impl Effects<Out>,
    ) {
        self.recording = false;
        if ms >= MESSAGE_MS {
            let detail = serde_json::json!({ "file": name, "ms": ms }).to_string();
            self.note(cx.now, Note::of("voicemail").leg(CUSTOMER).detail(detail), out);
            self.ticket_for(None, cx.now, out);
        }
        if matches!(self.stage, Stage::Closing) && !self.is_anything_open() {
            self.close_the_record(out);
        }
    }
}
