//! Typed words: messages between customer and agent, and notes for staff.

use desk::delivery::Arrival;
use desk::{Change, EntryKind, NewEntry, Speaker};
use kernel::{AgentName, Context, Effects};

use crate::Interaction;
use crate::flow::CUSTOMER;
use crate::interaction::Stage;
use crate::io::{FirstMessage, Out, Refused, Reply};

impl Interaction {
    pub(crate) fn on_agent_wrote(
        &mut self,
        cx: &mut Context<'_>,
        agent: AgentName,
        (text, particulars): (String, Option<String>),
        note: bool,
        dedupe: Option<String>,
        out: &mut impl Effects<Out>,
    ) -> Result<(), Refused> {
        let leg = match (note, self.talk_of(&agent)) {
            (true, talk) => talk.ok().map(|talk| talk.leg),
            (false, Ok(talk)) => Some(talk.leg),
            (false, Err(refused)) => return Err(refused),
        };
        let kind = if note { EntryKind::Note } else { EntryKind::Message };
        self.write(
            cx,
            Written { leg, speaker: Speaker::Agent, author: Some(agent), kind, text, dedupe, particulars },
            out,
        );
        Ok(())
    }

    pub(crate) fn on_customer_wrote(
        &mut self,
        cx: &mut Context<'_>,
        (text, particulars): (String, Option<String>),
        dedupe: Option<String>,
        reply: Reply,
        out: &mut impl Effects<Out>,
    ) {
        if !self.is_live() {
            out.emit(Out::Reply(reply, Err(Refused::Over)));
            return;
        }
        let written = Written {
            leg: Some(CUSTOMER),
            speaker: Speaker::Customer,
            author: None,
            kind: EntryKind::Message,
            text: text.clone(),
            dedupe,
            particulars,
        };
        self.unread |= !matches!(self.stage, Stage::Talking(_));
        self.write(cx, written, out);
        out.emit(Out::Reply(reply, Ok(())));
        // A file alone says nothing that a flow could understand.
        if !text.is_empty() && matches!(self.stage, Stage::Flow | Stage::Waiting(_)) {
            self.tell_flow(cx, ivr::In::Text(text), out);
        }
    }

    /// A message of the customer came by a channel: taken as one that was typed, under the name it came by.
    pub(crate) fn on_customer_sent(
        &mut self,
        cx: &mut Context<'_>,
        arrival: Arrival,
        text: String,
        detail: Option<String>,
        reply: Reply,
        out: &mut impl Effects<Out>,
    ) {
        if !self.is_live() {
            out.emit(Out::Reply(reply, Err(Refused::Over)));
            return;
        }
        self.take(cx, arrival, text.clone(), detail, out);
        out.emit(Out::Reply(reply, Ok(())));
        if matches!(self.stage, Stage::Flow | Stage::Waiting(_)) {
            self.tell_flow(cx, ivr::In::Text(text), out);
        }
    }

    /// The message by which the conversation begins.
    pub(crate) fn write_first(&mut self, cx: &Context<'_>, first: FirstMessage, out: &mut impl Effects<Out>) {
        let FirstMessage { thread, arrival, text, detail } = first;
        out.emit(Out::Record(Change::ThreadOpened { id: self.id, thread }));
        self.take(cx, arrival, text, detail, out);
    }

    fn take(
        &mut self,
        cx: &Context<'_>,
        arrival: Arrival,
        text: String,
        particulars: Option<String>,
        out: &mut impl Effects<Out>,
    ) {
        self.unread |= !matches!(self.stage, Stage::Talking(_));
        let dedupe = Some(arrival.external.clone());
        out.emit(Out::Record(Change::MessageArrived { id: self.id, arrival }));
        let (leg, speaker, kind) = (Some(CUSTOMER), Speaker::Customer, EntryKind::Message);
        self.write(cx, Written { leg, speaker, author: None, kind, text, dedupe, particulars }, out);
    }

    /// A message with values in it.
    pub(crate) fn write_for_the_flow(&mut self, cx: &Context<'_>, text: String, out: &mut impl Effects<Out>) {
        let (speaker, kind) = (Speaker::System, EntryKind::Message);
        self.write(
            cx,
            Written { leg: None, speaker, author: None, kind, text, dedupe: None, particulars: None },
            out,
        );
    }

    fn write(&mut self, cx: &Context<'_>, written: Written, out: &mut impl Effects<Out>) {
        let Written { leg, speaker, author, kind, text, dedupe, particulars } = written;
        // The flow gets what was typed; everybody else what may be kept.
        let at_ms = self.since_begin(cx.now);
        let (text, hidden) = self.screen.typed(at_ms, leg.unwrap_or(u16::MAX), &text);
        let entry = self.entry(cx.now, speaker, kind, text);
        let hidden = (!hidden.is_empty()).then(|| crate::speech::hidden_kinds(&hidden));
        let detail = match (particulars, hidden) {
            (Some(particulars), Some(hidden)) => Some(both(&particulars, &hidden)),
            (one, other) => one.or(other),
        };
        self.add_entry(NewEntry { leg, author, dedupe, detail, ..entry }, out);
    }
}

struct Written {
    leg: Option<u16>,
    speaker: Speaker,
    author: Option<AgentName>,
    kind: EntryKind,
    text: String,
    dedupe: Option<String>,
    /// Of the message (JSON object text).
    particulars: Option<String>,
}

/// The fields of two JSON objects.
fn both(one: &str, other: &str) -> String {
    let parse = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>;
    let mut all = parse(one).unwrap_or_default();
    all.extend(parse(other).unwrap_or_default());
    serde_json::Value::Object(all).to_string()
}
