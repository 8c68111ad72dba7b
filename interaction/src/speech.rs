//! Words: each leg on its own, so the speaker is known and never guessed.

use desk::{EntryKind, NewEntry, TextPreview};
use kernel::{Context, Effects};

use crate::Interaction;
use crate::flow::CUSTOMER;
use crate::interaction::Stage;
use crate::io::{MediaOut, Out, Show};

impl Interaction {
    /// Decodes a leg from now on, in the language of the conversation.
    pub(crate) fn listen(&mut self, leg: u16, out: &mut impl Effects<Out>) {
        let lang = self.lang;
        if let Some(state) = self.legs.get_mut(leg).filter(|state| !state.listening) {
            state.listening = true;
            state.stream_open = true;
            out.emit(Out::Media(leg, MediaOut::Listen(lang)));
        }
    }

    /// Stops decoding a leg for a while; what is open becomes final.
    pub(crate) fn deafen(&mut self, leg: u16, out: &mut impl Effects<Out>) {
        if let Some(state) = self.legs.get_mut(leg).filter(|state| state.listening) {
            state.listening = false;
            out.emit(Out::Media(leg, MediaOut::Deafen));
        }
    }

    pub(crate) fn on_heard(
        &mut self,
        cx: &mut Context<'_>,
        leg: u16,
        heard: asr::Out,
        out: &mut impl Effects<Out>,
    ) {
        match heard {
            asr::Out::Partial { stable, tentative, start_ms } => {
                let spoke = !(stable.trim().is_empty() && tentative.trim().is_empty());
                self.preview(leg, stable, tentative, start_ms, out);
                if spoke && self.flow_hears(leg) {
                    self.tell_flow(cx, ivr::In::Speaking, out);
                }
            }
            asr::Out::Nothing { start_ms } => self.preview(leg, String::new(), String::new(), start_ms, out),
            asr::Out::Final(heard) => {
                self.previews.remove(&leg);
                if heard.text.trim().is_empty() {
                    return;
                }
                let start = i64::try_from(heard.start_ms).unwrap_or(i64::MAX);
                let said = heard.text.clone();
                let entry = NewEntry {
                    at: self.started_at.saturating_add(start),
                    start_ms: Some(heard.start_ms),
                    end_ms: Some(heard.end_ms),
                    ..self.entry_of(self.began, leg, EntryKind::Speech, heard.text)
                };
                self.add_entry(entry, out);
                if self.flow_hears(leg) {
                    self.tell_flow(cx, ivr::In::Said(said), out);
                }
            }
            asr::Out::Done => {
                if let Some(state) = self.legs.get_mut(leg) {
                    state.stream_open = false;
                }
                if matches!(self.stage, Stage::Closing) && !self.is_anything_open() {
                    self.close_the_record(out);
                }
            }
            // Decoding is the pool's business; it never reaches us.
            asr::Out::Decode(_) => {}
        }
    }

    /// Whether the flow waits for what this leg says.
    fn flow_hears(&self, leg: u16) -> bool {
        leg == CUSTOMER && self.flow_listens && matches!(self.stage, Stage::Flow)
    }

    fn preview(
        &mut self,
        leg: u16,
        stable: String,
        tentative: String,
        start_ms: u64,
        out: &mut impl Effects<Out>,
    ) {
        let known = self.previews.get(&leg);
        if known.is_some_and(|known| known.0 == stable && known.1 == tentative) {
            return;
        }
        self.previews.insert(leg, (stable.clone(), tentative.clone()));
        out.emit(Out::Show(Show::Preview(TextPreview {
            conversation: self.id,
            leg,
            speaker: self.speaker_of(leg),
            stable,
            tentative,
            start_ms,
        })));
    }
}
