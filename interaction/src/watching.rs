//! Supervisors who listen, whisper or barge in.
//!
//! Promises: every beginning, change and end is in the record; a listening supervisor is in no bridge and nobody hears their
//! leg; a whisper reaches the agent alone. Leaves to others: whether they may (`api`), who hears whom besides (`room`).

use desk::Speaker;
use kernel::{AgentName, Context, Effects, Fault};

use crate::Interaction;
use crate::flow::CUSTOMER;
use crate::interaction::Stage;
use crate::io::{LegOut, MediaOut, Out, Refused, Watch};
use crate::legs::BROWSER;
use crate::record::Note;

/// Supervisors on one call.
const WATCHERS: usize = 4;

/// A supervisor on a call.
#[derive(Clone, Debug)]
pub(crate) struct Watcher {
    /// Their leg.
    pub leg: u16,
    /// How they take part.
    pub how: Watch,
    /// Their media flows.
    pub up: bool,
}

impl Interaction {
    pub(crate) fn on_watch(
        &mut self,
        cx: &mut Context<'_>,
        who: AgentName,
        how: Option<Watch>,
        out: &mut impl Effects<Out>,
    ) -> Result<(), Refused> {
        if !self.is_live() {
            return Err(Refused::Over);
        }
        if !self.is_spoken() {
            return Err(Refused::NotACall);
        }
        let Stage::Talking(talk) = &self.stage else { return Err(Refused::WrongState) };
        // Who talks with the customer already needs no second ear.
        if talk.agent.as_ref() == Some(&who) || self.guest_leg(&who).is_some() {
            return Err(Refused::WrongState);
        }
        match (how, self.watchers.get(&who).map(|watcher| watcher.leg)) {
            (None, None) => return Err(Refused::WrongState),
            (None, Some(_)) => self.stop_watching(cx, &who, "left", out),
            (Some(how), Some(leg)) => {
                if let Some(watcher) = self.watchers.get_mut(&who) {
                    watcher.how = how;
                }
                self.note_watch(cx, &who, how, leg, out);
                if how == Watch::Barge {
                    self.tape_leg(leg, out);
                }
            }
            (Some(how), None) => {
                if self.watchers.len() >= WATCHERS {
                    return Err(Refused::WrongState);
                }
                let leg = self.add_leg(cx.now, Speaker::Agent, Some(who.clone()), BROWSER, out);
                out.emit(Out::Leg(leg, LegOut::Browser(who.clone())));
                self.note_watch(cx, &who, how, leg, out);
                self.watchers.insert(who, Watcher { leg, how, up: false });
            }
        }
        self.arrange(out);
        self.show_call(out);
        Ok(())
    }

    fn note_watch(
        &self,
        cx: &Context<'_>,
        who: &AgentName,
        how: Watch,
        leg: u16,
        out: &mut impl Effects<Out>,
    ) {
        let code = match how {
            Watch::Listen => "listening",
            Watch::Whisper => "whispering",
            Watch::Barge => "barged_in",
        };
        self.note(cx.now, Note::of(code).leg(leg).detail(Self::detail("by", who.as_str())), out);
    }

    /// Ends a supervisor's part; who hears whom is arranged by the caller.
    fn stop_watching(&mut self, cx: &Context<'_>, who: &AgentName, why: &str, out: &mut impl Effects<Out>) {
        let Some(watcher) = self.watchers.remove(who) else { return };
        self.deafen(watcher.leg, out);
        self.show_gone(who, out);
        if self.legs.is_open(watcher.leg) {
            out.emit(Out::Leg(watcher.leg, LegOut::Hangup));
            self.leg_ended(watcher.leg, Fault::None, why, cx.now, out);
        }
        let detail = Self::detail("by", who.as_str());
        self.note(cx.now, Note::of("watch_over").leg(watcher.leg).detail(detail), out);
        if let Stage::Talking(talk) = &self.stage {
            out.emit(Out::Media(talk.leg, MediaOut::Hear(Vec::new())));
        }
    }

    /// Whether the leg is a watcher's; then it is connected.
    pub(crate) fn watcher_up(&mut self, leg: u16, out: &mut impl Effects<Out>) -> bool {
        let Some(watcher) = self.watchers.values_mut().find(|watcher| watcher.leg == leg) else {
            return false;
        };
        watcher.up = true;
        if watcher.how == Watch::Barge {
            self.tape_leg(leg, out);
        }
        true
    }

    pub(crate) fn watcher_lost(&mut self, cx: &Context<'_>, leg: u16, out: &mut impl Effects<Out>) -> bool {
        let who = self.watchers.iter().find(|(_, w)| w.leg == leg).map(|(name, _)| name.clone());
        let Some(who) = who else { return false };
        self.stop_watching(cx, &who, "page_lost", out);
        self.arrange(out);
        self.show_call(out);
        true
    }

    /// Those who talk with everybody.
    pub(crate) fn speaking_watchers(&self) -> Vec<u16> {
        let speaking = self.watchers.values().filter(|watcher| watcher.up && watcher.how == Watch::Barge);
        speaking.map(|watcher| watcher.leg).collect()
    }

    /// Listeners hear everybody who is in the call and are in no bridge; whispers reach the agent alone.
    pub(crate) fn place_watchers(&self, out: &mut impl Effects<Out>) {
        let Stage::Talking(talk) = &self.stage else { return };
        if self.watchers.is_empty() {
            return;
        }
        let mut everybody = vec![CUSTOMER, talk.leg];
        everybody.extend(talk.everybody_else().filter(|guest| guest.up).map(|guest| guest.leg));
        let mut whispers = Vec::new();
        for watcher in self.watchers.values().filter(|watcher| watcher.up) {
            if watcher.how == Watch::Barge {
                out.emit(Out::Media(watcher.leg, MediaOut::Hear(Vec::new())));
                continue;
            }
            out.emit(Out::Unbridge(watcher.leg));
            out.emit(Out::Media(watcher.leg, MediaOut::Hear(everybody.clone())));
            if watcher.how == Watch::Whisper {
                whispers.push(watcher.leg);
            }
        }
        out.emit(Out::Media(talk.leg, MediaOut::Hear(whispers)));
    }

    /// The talk they watched is over.
    pub(crate) fn dismiss_watchers(&mut self, cx: &Context<'_>, why: &str, out: &mut impl Effects<Out>) {
        let names: Vec<AgentName> = self.watchers.keys().cloned().collect();
        for who in names {
            self.stop_watching(cx, &who, why, out);
        }
    }
}
