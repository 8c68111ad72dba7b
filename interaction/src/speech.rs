//! Words: each leg on its own, so the speaker is known and never guessed; redacted before anybody reads or keeps them.

use asr::Heard;
use asr::redact::{Cleared, Hidden, Kind};
use desk::{ConversationState, EntryKind, NewEntry, Speaker, TextPreview, WallMillis};
use kernel::{AgentName, Context, Effects, Lang, Time};

use crate::Interaction;
use crate::flow::CUSTOMER;
use crate::interaction::{Stage, Timer};
use crate::io::{MediaOut, Out, Refused, Show};

/// Words of one entry that are kept with their times; an utterance of 12 s has at most 80.
const WORDS: usize = 400;

impl Interaction {
    /// Decodes a leg from now on, in the language of the conversation; not while the agent has paused that, nor a talk that the
    /// customer did not agree to where the policy asks for it.
    pub(crate) fn listen(&mut self, leg: u16, out: &mut impl Effects<Out>) {
        let talking = matches!(self.stage, Stage::Talking(_) | Stage::Elsewhere(_));
        if talking && !self.may_be_written_down() {
            return;
        }
        let lang = self.lang;
        // Only in a talk: a flow is not told when its caller is back, so it hears on meanwhile.
        let state = self.legs.get_mut(leg).filter(|state| !(state.listening || talking && state.held));
        if let Some(state) = state {
            state.listening = true;
            state.stream_open = true;
            out.emit(Out::Media(leg, MediaOut::Listen(lang)));
        }
    }

    /// The agent says in which language they talk: from now on every leg is heard in it.
    pub(crate) fn talk_in(&mut self, lang: Lang, out: &mut impl Effects<Out>) -> Result<(), Refused> {
        if !self.is_spoken() {
            return Err(Refused::NotACall);
        }
        self.change_language(lang, ConversationState::Talking, out);
        for leg in self.legs.open() {
            if self.legs.get(leg).is_some_and(|state| state.listening) {
                out.emit(Out::Media(leg, MediaOut::Listen(lang)));
            }
        }
        Ok(())
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
                self.preview(cx.now, leg, &stable, &tentative, start_ms, out);
                if spoke && self.flow_hears(leg) {
                    self.tell_flow(cx, ivr::In::Speaking, out);
                }
            }
            asr::Out::Nothing { start_ms, end_ms } => {
                self.preview(cx.now, leg, "", "", start_ms, out);
                // It may be a group of digits that was not recognised.
                self.settled(cx.now, leg, Heard::nothing(start_ms, end_ms), out);
            }
            asr::Out::Final(heard) => {
                if !heard.text.trim().is_empty() {
                    // The flow is told what was said; what is kept and shown of it is decided apart from that.
                    let said = self.flow_hears(leg).then(|| heard.text.clone());
                    self.settled(cx.now, leg, heard, out);
                    if let Some(said) = said {
                        self.tell_flow(cx, ivr::In::Said(said), out);
                    }
                }
            }
            asr::Out::Behind { from_ms } => {
                self.preview(cx.now, leg, "", "", from_ms, out);
                self.previews.remove(&leg);
                self.text_is_behind(cx.now, leg, Some(from_ms), out);
            }
            asr::Out::CaughtUp { .. } => self.text_is_behind(cx.now, leg, None, out),
            asr::Out::Done => {
                self.text_is_behind(cx.now, leg, None, out);
                if let Some(state) = self.legs.get_mut(leg) {
                    state.stream_open = false;
                }
                let mut cleared = Vec::new();
                self.screen.closed(self.since_begin(cx.now), leg, &mut cleared);
                self.keep(cx.now, cleared, out);
                if matches!(self.stage, Stage::Closing) && !self.is_anything_open() {
                    self.close_the_record(out);
                }
            }
            // Decoding is the pool's business; it never reaches us.
            asr::Out::Decode(_) => {}
        }
    }

    /// A leg's text comes later, or all of it is there again.
    fn text_is_behind(&mut self, now: Time, leg: u16, from_ms: Option<u64>, out: &mut impl Effects<Out>) {
        let behind = from_ms.is_some();
        let Some(state) = self.legs.get_mut(leg).filter(|state| state.behind != behind) else { return };
        state.behind = behind;
        self.screen.behind(leg, behind);
        let (code, detail) = match from_ms {
            Some(from_ms) => (SPEECH_BEHIND, Some(serde_json::json!({ "start_ms": from_ms }).to_string())),
            None => (SPEECH_CAUGHT_UP, None),
        };
        let speaker = self.speaker_of(leg);
        let entry = NewEntry {
            leg: Some(leg),
            detail,
            ..self.entry(now, speaker, EntryKind::Event, code.to_owned())
        };
        self.add_entry(NewEntry { author: self.author_of(leg), ..entry }, out);
    }

    /// Whether the flow waits for what this leg says.
    fn flow_hears(&self, leg: u16) -> bool {
        leg == CUSTOMER && self.flow_listens && matches!(self.stage, Stage::Flow)
    }

    pub(crate) fn key_pressed(&mut self, now: Time, leg: u16, key: char, out: &mut impl Effects<Out>) {
        let mut cleared = Vec::new();
        self.screen.key(self.since_begin(now), leg, key, &mut cleared);
        self.keep(now, cleared, out);
    }

    pub(crate) fn screen_elapsed(&mut self, now: Time, out: &mut impl Effects<Out>) {
        let mut cleared = Vec::new();
        self.screen.elapsed(self.since_begin(now), &mut cleared);
        self.keep(now, cleared, out);
    }

    /// Legs on which no recogniser works any more say nothing further.
    pub(crate) fn clear_silent(&mut self, now: Time, out: &mut impl Effects<Out>) {
        let mut cleared = Vec::new();
        for leg in self.legs.silent() {
            self.screen.closed(self.since_begin(now), leg, &mut cleared);
        }
        self.keep(now, cleared, out);
    }

    /// Nothing more is waited for.
    pub(crate) fn clear_all(&mut self, now: Time, out: &mut impl Effects<Out>) {
        let mut cleared = Vec::new();
        self.screen.close_all(self.since_begin(now), &mut cleared);
        self.keep(now, cleared, out);
    }

    /// Milliseconds on the conversation's clock.
    pub(crate) fn since_begin(&self, now: Time) -> u64 {
        u64::try_from(self.wall(now).saturating_sub(self.started_at)).unwrap_or(0)
    }

    fn settled(&mut self, now: Time, leg: u16, heard: Heard, out: &mut impl Effects<Out>) {
        let start_ms = heard.start_ms;
        let mut cleared = Vec::new();
        self.screen.heard(self.since_begin(now), leg, heard, &mut cleared);
        if self.screen.is_holding(leg) {
            // The reader sees that something was said, with its digits masked.
            self.preview(now, leg, "", "", start_ms, out);
        } else {
            self.previews.remove(&leg);
        }
        self.keep(now, cleared, out);
    }

    fn keep(&mut self, now: Time, cleared: Vec<Cleared>, out: &mut impl Effects<Out>) {
        for one in cleared {
            let entry = match one {
                Cleared::Speech { leg, heard, hidden } => self.speech_entry(leg, heard, &hidden),
                Cleared::Key { leg, at_ms, text } => {
                    let at = self.started_at.saturating_add(i64::try_from(at_ms).unwrap_or(i64::MAX));
                    NewEntry { at, ..self.entry_of(now, leg, EntryKind::Digit, text) }
                }
            };
            self.add_entry(entry, out);
        }
        match self.screen.next_timeout() {
            Some(at_ms) => {
                let wait = std::time::Duration::from_millis(at_ms.saturating_sub(self.since_begin(now)));
                self.timers.set(Timer::Screen, now + wait);
            }
            None => self.timers.clear(Timer::Screen),
        }
    }

    fn speech_entry(&self, leg: u16, heard: Heard, hidden: &[Hidden]) -> NewEntry {
        speech_entry(self.started_at, leg, (self.speaker_of(leg), self.author_of(leg)), heard, hidden)
    }

    fn preview(
        &mut self,
        now: Time,
        leg: u16,
        stable: &str,
        tentative: &str,
        start_ms: u64,
        out: &mut impl Effects<Out>,
    ) {
        let (stable, tentative) = self.screen.interim(self.since_begin(now), leg, stable, tentative);
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

/// Event: a leg's text is behind from `start_ms` on.
pub const SPEECH_BEHIND: &str = "speech_behind";
/// Event: a leg's text that was behind is there.
pub const SPEECH_CAUGHT_UP: &str = "speech_caught_up";

/// An utterance as the record keeps it. The times are those of the conversation, which began at `started_at`.
#[must_use]
pub fn speech_entry(
    started_at: WallMillis,
    leg: u16,
    (speaker, author): (Speaker, Option<AgentName>),
    heard: Heard,
    hidden: &[Hidden],
) -> NewEntry {
    let start = i64::try_from(heard.start_ms).unwrap_or(i64::MAX);
    // What must not be read is hidden already: numbers are written as people write them only now.
    let (heard, said) = asr::itn::write(heard);
    NewEntry {
        at: started_at.saturating_add(start),
        leg: Some(leg),
        speaker,
        author,
        kind: EntryKind::Speech,
        start_ms: Some(heard.start_ms),
        end_ms: Some(heard.end_ms),
        detail: particulars(&heard, said, hidden),
        text: heard.text,
        dedupe: None,
    }
}

/// What was hidden, as an entry's detail.
pub(crate) fn hidden_kinds(kinds: &[Kind]) -> String {
    let list: Vec<_> = kinds.iter().map(|kind| serde_json::json!({ "kind": kind.name() })).collect();
    serde_json::json!({ "hidden": list }).to_string()
}

/// An utterance's words with their times, its language, how sure the recogniser was of all and of each word (0 to 1), and
/// what was hidden:
/// `{"language":"en","confidence":0.91,"spoken":"as recognised, where numbers are written otherwise","words":[["hello",0,410,0.97],…],"hidden":[{"kind":"card","start_ms":…,"end_ms":…}]}`.
fn particulars(heard: &Heard, said: Option<String>, hidden: &[Hidden]) -> Option<String> {
    let mut detail = serde_json::Map::new();
    if !heard.language.is_empty() {
        detail.insert("language".to_owned(), heard.language.clone().into());
    }
    if let Some(sure) = heard.confidence() {
        detail.insert("confidence".to_owned(), hundredths(sure).into());
    }
    if let Some(said) = said {
        detail.insert("spoken".to_owned(), said.into());
    }
    if !heard.words.is_empty() {
        let words = heard.words.iter().take(WORDS);
        let list = words.map(word).collect();
        detail.insert("words".to_owned(), serde_json::Value::Array(list));
    }
    if !hidden.is_empty() {
        let one = |h: &Hidden| serde_json::json!({ "kind": h.kind.name(), "start_ms": h.start_ms, "end_ms": h.end_ms });
        detail.insert("hidden".to_owned(), hidden.iter().map(one).collect());
    }
    (!detail.is_empty()).then(|| serde_json::Value::Object(detail).to_string())
}

fn word(word: &asr::Word) -> serde_json::Value {
    match word.confidence {
        Some(sure) => serde_json::json!([word.text, word.start_ms, word.end_ms, hundredths(sure)]),
        None => serde_json::json!([word.text, word.start_ms, word.end_ms]),
    }
}

/// Two decimals: more would say more than is known.
fn hundredths(sure: f32) -> f64 {
    (f64::from(sure) * 100.0).round() / 100.0
}
