//! Typed words: messages between customer and agent, and notes for staff.

use desk::{EntryKind, NewEntry, Speaker};
use kernel::{AgentName, Context, Effects};

use crate::Interaction;
use crate::flow::CUSTOMER;
use crate::interaction::Stage;
use crate::io::{Out, Refused, Reply};

impl Interaction {
    pub(crate) fn on_agent_wrote(
        &mut self,
        cx: &mut Context<'_>,
        agent: AgentName,
        text: String,
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
            Written { leg, speaker: Speaker::Agent, author: Some(agent), kind, text, dedupe },
            out,
        );
        Ok(())
    }

    pub(crate) fn on_customer_wrote(
        &mut self,
        cx: &mut Context<'_>,
        text: String,
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
        };
        self.write(cx, written, out);
        out.emit(Out::Reply(reply, Ok(())));
        if matches!(self.stage, Stage::Flow | Stage::Waiting(_)) {
            self.tell_flow(cx, ivr::In::Text(text), out);
        }
    }

    /// A message with values in it.
    pub(crate) fn write_for_the_flow(&mut self, cx: &Context<'_>, text: String, out: &mut impl Effects<Out>) {
        let (speaker, kind) = (Speaker::System, EntryKind::Message);
        self.write(cx, Written { leg: None, speaker, author: None, kind, text, dedupe: None }, out);
    }

    fn write(&mut self, cx: &Context<'_>, written: Written, out: &mut impl Effects<Out>) {
        let Written { leg, speaker, author, kind, text, dedupe } = written;
        // The flow gets what was typed; everybody else what may be kept.
        let at_ms = self.since_begin(cx.now);
        let (text, hidden) = self.screen.typed(at_ms, leg.unwrap_or(u16::MAX), &text);
        let entry = self.entry(cx.now, speaker, kind, text);
        let detail = (!hidden.is_empty()).then(|| crate::speech::hidden_kinds(&hidden));
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
}
