//! `api::Floor` for the running process: every command becomes a message to the one owner it concerns.
//!
//! Promises: no decision here; a command to an interaction that is gone is refused with `gone`. Leaves to others: everything else.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use api::{
    AgentCommand, AgentMessage, BanNow, BanOrder, CallOpening, CallOrder, CallView, CallbackOrder,
    ChatOpening, DelayView, DeskGuard, Floor, LadderView, Live, ObservedBegun, ObservedCall, ObservedParty,
    OfferView, Posted, RecordingFile, Refusal, SoundIn, Transcription, TransferTarget, TrunkBoard, WatchMode,
};
use async_trait::async_trait;
use desk::files::{Particulars, SentFile};
use interaction::{
    AgentDevice, AgentOrder, CallbackChange, First, In, LegIn, Party, Recording, Reply, TransferTo, Watch,
};
use kernel::{AgentName, Fault, InteractionId, Pii};
use routing::{AgentStatus, QueueStatus};
use store::{Event, StoreError};
use tokio::sync::{broadcast, oneshot};

use crate::admission::{Admission, PlacedCall};
use crate::asr_pool::Delay;
use crate::bans;
use crate::clock::{Clock, time_of_wall, wall_of};
use crate::interaction_task::Msg;
use crate::observe::Source;
use crate::recording::Played;
use crate::router_task::{RouterHandle, RouterMsg};
use crate::shared::Shared;
use crate::trunks::board;

/// Longest number or URI that a call is handed over to.
const TARGET_CHARS: usize = 200;

/// The floor of this process.
pub struct Center {
    shared: Arc<Shared>,
    admission: Arc<Admission>,
    ready: Arc<AtomicBool>,
    desks: Arc<Desks>,
}

impl Center {
    /// A floor over what runs; `ready` is set by whoever loads models and is cleared by draining.
    #[must_use]
    pub fn new(shared: Arc<Shared>, admission: Arc<Admission>, ready: Arc<AtomicBool>) -> Self {
        let desks = Arc::new(Desks { pages: Mutex::new(BTreeMap::new()), router: shared.router.clone() });
        Self { shared, admission, ready, desks }
    }

    /// Whom a person named: those we have, or a number that is one.
    fn destination(&self, to: TransferTarget) -> Result<TransferTo, Refusal> {
        let config = &self.shared.config;
        let unknown = |what: &str| refusal(Fault::Caller, "bad_target", what);
        match to {
            TransferTarget::Agent(name) if config.agents().any(|user| user.name == name) => {
                Ok(TransferTo::Agent(name.as_str().into()))
            }
            TransferTarget::Agent(_) => Err(unknown("there is no such agent")),
            TransferTarget::Queue(name) if config.queues.iter().any(|queue| queue.name.as_str() == name) => {
                Ok(TransferTo::Queue(name.as_str().into()))
            }
            TransferTarget::Queue(_) => Err(unknown("there is no such queue")),
            TransferTarget::Number(number) => {
                let number = number.trim().to_owned();
                let fits = (1..=TARGET_CHARS).contains(&number.len());
                if !fits || !number.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"".contains(&byte)) {
                    return Err(unknown("a number or SIP URI of 1 to 200 characters without spaces"));
                }
                Ok(TransferTo::Number(number))
            }
        }
    }

    /// Sends a command to its interaction and waits for the answer, which comes after the record.
    async fn command_to(
        &self,
        conversation: InteractionId,
        make: impl FnOnce(Reply) -> In + Send + 'static,
    ) -> Result<Option<Posted>, Refusal> {
        let inbox = self.shared.registry.find(conversation).ok_or_else(gone)?;
        let (to, from) = oneshot::channel();
        inbox.send(Msg::Command { make: Box::new(make), reply: to }).await.map_err(|_| gone())?;
        from.await.map_err(|_| gone())?
    }
}

#[async_trait]
impl Floor for Center {
    fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire) && self.shared.recorder.is_healthy()
    }

    fn live(&self) -> broadcast::Receiver<Live> {
        self.shared.live.subscribe()
    }

    fn desk(&self, agent: AgentName) -> Box<dyn DeskGuard> {
        Box::new(Desks::enter(&self.desks, agent))
    }

    fn setup(&self) -> routing::Setup {
        self.shared.config.routing()
    }

    async fn agents(&self) -> Vec<AgentStatus> {
        self.shared.router.agents().await
    }

    async fn queues(&self) -> Vec<QueueStatus> {
        self.shared.router.queues().await
    }

    async fn holding(&self, agent: &AgentName) -> (Vec<OfferView>, Vec<CallView>) {
        let agents = self.shared.router.agents().await;
        let Some(status) = agents.into_iter().find(|status| status.name == *agent) else {
            return Default::default();
        };
        let (mut offers, mut calls) = (Vec::new(), Vec::new());
        for conversation in status.offer.into_iter().chain(status.call) {
            let Some(inbox) = self.shared.registry.find(conversation) else { continue };
            let (to, from) = oneshot::channel();
            if inbox.send(Msg::Holding(to)).await.is_err() {
                continue;
            }
            let Ok((rings, held)) = from.await else { continue };
            offers.extend(rings.into_iter().filter(|offer| offer.agent == *agent));
            calls.extend(held.into_iter().filter(|call| call.agent == *agent));
        }
        (offers, calls)
    }

    async fn ready(&self, agent: &AgentName, wants: routing::Wants) -> Result<(), Refusal> {
        if self.shared.router.ready(agent.clone(), wants).await { Ok(()) } else { Err(not_an_agent()) }
    }

    async fn reset(&self, agent: &AgentName) -> Result<(), Refusal> {
        if self.shared.router.reset(agent.clone()).await { Ok(()) } else { Err(not_an_agent()) }
    }

    async fn waiting(&self, conversation: InteractionId) -> Option<routing::Waiting> {
        self.shared.router.explain(conversation).await
    }

    async fn command(
        &self,
        agent: &AgentName,
        conversation: InteractionId,
        command: AgentCommand,
    ) -> Result<(), Refusal> {
        let order = match command {
            AgentCommand::Accept => AgentOrder::Accept,
            AgentCommand::Decline => AgentOrder::Decline,
            AgentCommand::Hold => AgentOrder::Hold,
            AgentCommand::Resume => AgentOrder::Resume,
            AgentCommand::Mute { on } => AgentOrder::Mute(on),
            AgentCommand::Digits { digits } => {
                if digits.len() > 64
                    || !digits.chars().all(|digit| digit.is_ascii_digit() || matches!(digit, '*' | '#'))
                {
                    return Err(refusal(
                        Fault::Caller,
                        "bad_digits",
                        "digits are 0 to 9, * and #, at most 64",
                    ));
                }
                AgentOrder::Digits(digits)
            }
            AgentCommand::Hangup => AgentOrder::Hangup,
            AgentCommand::Transfer { to } => AgentOrder::Transfer(self.destination(to)?),
            AgentCommand::Consult { to } => AgentOrder::Consult(self.destination(to)?),
            AgentCommand::Swap => AgentOrder::Swap,
            AgentCommand::Join => AgentOrder::Join,
            AgentCommand::Complete => AgentOrder::Complete,
            AgentCommand::Cancel => AgentOrder::Cancel,
            AgentCommand::Park => AgentOrder::Park,
            AgentCommand::PickUp => AgentOrder::PickUp,
            AgentCommand::Record { on } => {
                AgentOrder::Record(if on { Recording::On } else { Recording::Paused })
            }
            AgentCommand::Transcribe { on } => {
                AgentOrder::Transcribe(if on { Recording::On } else { Recording::Paused })
            }
            AgentCommand::Language { lang } => {
                let known = kernel::Lang::from_code(&lang);
                AgentOrder::Language(
                    known.ok_or_else(|| refusal(Fault::Caller, "bad_language", "a language is en or zh"))?,
                )
            }
            AgentCommand::WrapUpDone => {
                self.shared.router.tell(RouterMsg::In(routing::In::WrappedUp { agent: agent.clone() })).await;
                return Ok(());
            }
            AgentCommand::Typing { on } => {
                let _listeners =
                    self.shared.live.send(Live::Typing { conversation, speaker: desk::Speaker::Agent, on });
                return Ok(());
            }
        };
        let agent = agent.clone();
        self.command_to(conversation, move |reply| In::Agent { agent, order, reply }).await.map(drop)
    }

    async fn call(&self, call: CallOrder) -> Result<InteractionId, Refusal> {
        let config = &self.shared.config;
        let usual = || {
            let own = config.outbound.as_ref().and_then(|way| way.number.clone());
            own.or_else(|| config.numbers.keys().next().cloned()).unwrap_or_default()
        };
        let called = call.number.unwrap_or_else(usual);
        let first = match call.agent {
            None => First::Customer,
            Some(agent) => {
                let agents = self.shared.router.agents().await;
                let status =
                    agents.into_iter().find(|status| status.name == agent).ok_or_else(not_an_agent)?;
                if status.call.is_some() || status.offer.is_some() {
                    return Err(refusal(
                        Fault::Caller,
                        "wrong_state",
                        "the agent is in a call or being rung",
                    ));
                }
                let device = match (status.desk, status.phone) {
                    (true, _) => AgentDevice::Page,
                    (false, true) => AgentDevice::Phone,
                    (false, false) => {
                        let why = "the agent has neither page nor phone";
                        return Err(refusal(Fault::Caller, "wrong_state", why));
                    }
                };
                First::Agent(agent, device)
            }
        };
        let placed = PlacedCall { number: call.to, called, first, placed_by: call.by };
        self.admission.place_call(placed)
    }

    async fn observe(&self, call: ObservedCall) -> Result<ObservedBegun, Refusal> {
        self.admission.observe(call)
    }

    async fn hear(
        &self,
        conversation: InteractionId,
        sides: &[u16],
        rate: u32,
    ) -> Result<Vec<Box<dyn SoundIn>>, Refusal> {
        let mut sources: Vec<Box<dyn SoundIn>> = Vec::new();
        self.shared.registry.find(conversation).ok_or_else(gone)?;
        for side in sides {
            let taken =
                || refusal(Fault::Caller, "wrong_state", "this side has its sound already, or there is none");
            let place = self.shared.seats.take_side(conversation, *side).ok_or_else(taken)?;
            let place = (conversation, *side, place);
            let source = Source::begin(Arc::clone(&self.shared), place, rate, format!("pcm/{rate}")).await;
            let source =
                source.ok_or_else(|| refusal(Fault::Caller, "bad_rate", "no sound has this rate"))?;
            sources.push(Box::new(source));
        }
        Ok(sources)
    }

    async fn trunks(&self) -> TrunkBoard {
        board(&self.shared)
    }

    async fn bans(&self) -> Vec<BanNow> {
        bans::holding(&self.shared).await
    }

    async fn ban(&self, order: BanOrder) -> Result<BanNow, Refusal> {
        bans::put(&self.shared, order).await
    }

    async fn lift_ban(&self, address: &str, by: &AgentName) -> Result<(), Refusal> {
        bans::lift(&self.shared, address, by).await
    }

    async fn attach(
        &self,
        agent: &AgentName,
        conversation: InteractionId,
        offer: String,
    ) -> Result<String, Refusal> {
        let inbox = self.shared.registry.find(conversation).ok_or_else(gone)?;
        let (to, from) = oneshot::channel();
        let message = Msg::Attach { agent: Some(agent.clone()), offer, reply: to };
        inbox.send(message).await.map_err(|_| gone())?;
        from.await.map_err(|_| gone())?
    }

    async fn open_call(&self, opening: CallOpening) -> Result<InteractionId, Refusal> {
        self.admission.admit_web_call(opening)
    }

    async fn customer_attaches(&self, conversation: InteractionId, offer: String) -> Result<String, Refusal> {
        let inbox = self.shared.registry.find(conversation).ok_or_else(gone)?;
        let (to, from) = oneshot::channel();
        inbox.send(Msg::Attach { agent: None, offer, reply: to }).await.map_err(|_| gone())?;
        from.await.map_err(|_| gone())?
    }

    async fn watch(
        &self,
        who: &AgentName,
        conversation: InteractionId,
        mode: WatchMode,
    ) -> Result<(), Refusal> {
        let how = match mode {
            WatchMode::Listen => Some(Watch::Listen),
            WatchMode::Whisper => Some(Watch::Whisper),
            WatchMode::Barge => Some(Watch::Barge),
            WatchMode::Off => None,
        };
        let supervisor = who.clone();
        self.command_to(conversation, move |reply| In::Watch { supervisor, how, reply }).await.map(drop)
    }

    fn transcription(&self) -> Option<Transcription> {
        let (pool, chosen) = (self.shared.asr.as_ref()?, self.shared.speech_model.as_ref()?);
        let (load, (performance, threads)) = (pool.load(), pool.performance());
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let delay = |one: Delay| DelayView { p50: one.p50, p95: one.p95, p99: one.p99 };
        Some(Transcription {
            model: chosen.name.clone(),
            measured: chosen.measured,
            threads: count(threads),
            streams: count(load.streams),
            behind: count(load.behind),
            backlog_seconds: load.backlog_ms as f64 / 1_000.0,
            waiting_finals: count(load.waiting.0),
            waiting_interims: count(load.waiting.1),
            final_delay_ms: performance.final_delay.map(delay),
            interim_delay_ms: performance.interim_delay.map(delay),
            real_time_factor: performance.real_time_factor,
            busy: performance.busy,
            interims_dropped: performance.interims_dropped,
            finals_failed: performance.finals_failed,
            frames_lost: performance.frames_lost,
        })
    }

    async fn change_callback(
        &self,
        conversation: InteractionId,
        change: CallbackOrder,
    ) -> Result<(), Refusal> {
        let change = match change {
            CallbackOrder::Withdraw => CallbackChange::Withdraw,
            CallbackOrder::Move { queue, not_before } => {
                CallbackChange::Move { queue, not_before: not_before.map(time_of_wall) }
            }
        };
        self.command_to(conversation, move |reply| In::Callback { change, reply }).await.map(drop)
    }

    fn recording(
        &self,
        conversation: InteractionId,
        began: desk::WallMillis,
    ) -> Result<Option<Box<dyn RecordingFile>>, Refusal> {
        match self.shared.recordings.shelf().open(conversation, began) {
            Ok(file) => Ok(file.map(|file| Box::new(Tape(file)) as Box<dyn RecordingFile>)),
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), %conversation, "a recording cannot be opened");
                Err(refusal(Fault::Ours, "internal", "the recording cannot be opened"))
            }
        }
    }

    async fn sip_ladder(
        &self,
        conversation: InteractionId,
        whole: bool,
    ) -> Result<Option<LadderView>, Refusal> {
        let kept = self.shared.ladder_of(conversation).await?;
        Ok(kept.map(|kept| crate::ladder::view(&kept, whole)))
    }

    async fn sip_capture(&self, conversation: InteractionId) -> Result<Option<Vec<u8>>, Refusal> {
        let kept = self.shared.ladder_of(conversation).await?;
        Ok(kept.map(|kept| crate::ladder::pcap(&kept.messages)))
    }

    async fn silence(&self, conversation: InteractionId) -> Result<(), Refusal> {
        if self.shared.registry.find(conversation).is_some() {
            return Err(refusal(
                Fault::Caller,
                "wrong_state",
                "something in it is not to be heard: wait until the call is over",
            ));
        }
        crate::silencing::silence(&self.shared, conversation).await.map(drop).map_err(|error| {
            tracing::error!(error = format!("{error:#}"), %conversation, "a recording cannot be silenced");
            refusal(Fault::Ours, "internal", "the recording cannot be opened")
        })
    }

    async fn agent_writes(
        &self,
        agent: &AgentName,
        conversation: InteractionId,
        message: AgentMessage,
        dedupe: Option<String>,
    ) -> Result<Posted, Refusal> {
        let agent = agent.clone();
        let (text, detail) = (message.text, message.particulars.written());
        let make = move |reply| In::AgentWrote { agent, text, note: false, detail, dedupe, reply };
        self.command_to(conversation, make).await?.ok_or_else(not_recorded)
    }

    async fn open_chat(&self, opening: ChatOpening) -> Result<InteractionId, Refusal> {
        self.admission.admit_chat(opening)
    }

    async fn customer_writes(
        &self,
        conversation: InteractionId,
        text: String,
        files: Vec<SentFile>,
        dedupe: Option<String>,
    ) -> Result<Posted, Refusal> {
        let detail = Particulars { files, subject: None }.written();
        let make = move |reply| In::CustomerWrote { text, detail, dedupe, reply };
        self.command_to(conversation, make).await?.ok_or_else(not_recorded)
    }

    fn customer_typing(&self, conversation: InteractionId, on: bool) {
        let _listeners =
            self.shared.live.send(Live::Typing { conversation, speaker: desk::Speaker::Customer, on });
    }

    async fn customer_leaves(&self, conversation: InteractionId) -> Result<(), Refusal> {
        self.command_to(conversation, move |reply| In::CustomerLeft { reply }).await.map(drop)
    }

    fn hide(&self, line: &desk::Entry, text: &str, near: &[desk::Entry]) -> (String, Vec<&'static str>) {
        corrected_line(line, text, near, &self.shared.config.redact)
    }

    async fn record(&self, changes: Vec<desk::Change>) -> Result<Vec<Event>, StoreError> {
        let policy = &self.shared.config.redact;
        self.shared.recorder.commit(changes.into_iter().map(|one| redacted(one, policy)).collect()).await
    }
}

#[async_trait]
impl SoundIn for Source {
    fn sound(&mut self, samples: &[i16]) -> Duration {
        Source::sound(self, samples)
    }

    fn look(&mut self) {
        self.fill();
    }

    async fn digit(&self, key: char) {
        self.tell(LegIn::Digit(key)).await;
    }

    async fn held(&self, on: bool) {
        self.tell(LegIn::Held(on)).await;
    }

    async fn passed_on(&self, to: ObservedParty) {
        let who = to.name.clone().or_else(|| to.number.clone()).or_else(|| to.agent.clone());
        let staff = to.speaker != desk::Speaker::Customer;
        let agent = to.agent.filter(|_| staff).map(AgentName::new);
        Source::passed_on(self, Party { speaker: to.speaker, agent, who: Pii::new(who.unwrap_or_default()) })
            .await;
    }

    async fn over(&mut self) {
        Source::over(self).await;
    }

    fn farewell(&mut self) {
        self.ends_as(Fault::None, "hangup");
    }
}

/// A recording as the API reads it.
struct Tape(Played);

impl RecordingFile for Tape {
    fn content_type(&self) -> &'static str {
        self.0.content_type()
    }

    fn length(&self) -> u64 {
        self.0.length()
    }

    fn is_complete(&self) -> bool {
        self.0.is_complete()
    }

    fn is_silenced(&self) -> bool {
        self.0.is_silenced()
    }

    fn read(&mut self, at: u64) -> std::io::Result<Vec<u8>> {
        self.0.read(at).map_err(|error| {
            tracing::error!(error = format!("{error:#}"), "a recording is damaged");
            std::io::Error::other(error)
        })
    }
}

impl api::Clock for Clock {
    fn wall(&self) -> desk::WallMillis {
        self.wall_millis()
    }

    fn wall_of(&self, at: kernel::Time) -> desk::WallMillis {
        wall_of(at)
    }
}

/// Live desk pages per agent.
struct Desks {
    pages: Mutex<BTreeMap<AgentName, usize>>,
    router: RouterHandle,
}

struct Page {
    desks: Arc<Desks>,
    agent: AgentName,
}

impl DeskGuard for Page {}

impl Desks {
    fn enter(this: &Arc<Desks>, agent: AgentName) -> Page {
        this.count(&agent, 1);
        Page { desks: Arc::clone(this), agent }
    }

    fn count(&self, agent: &AgentName, step: isize) {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let count = pages.entry(agent.clone()).or_insert(0);
        let before = *count;
        *count = count.saturating_add_signed(step);
        if (before == 0) == (*count == 0) {
            return;
        }
        let (router, agent, there) = (self.router.clone(), agent.clone(), *count > 0);
        tokio::spawn(async move { router.tell(RouterMsg::Desk(agent, there)).await });
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.desks.count(&self.agent, -1);
    }
}

/// A line that somebody typed anew, by what was said near it.
fn corrected_line(
    line: &desk::Entry,
    text: &str,
    near: &[desk::Entry],
    policy: &asr::redact::RedactPolicy,
) -> (String, Vec<&'static str>) {
    use asr::redact::{Around, Context, Kind, corrected};
    let from = |entry: &desk::Entry| (entry.entry.start_ms.unwrap_or(0), entry.seq);
    let mut lines: Vec<&desk::Entry> = near
        .iter()
        .filter(|entry| entry.entry.kind == desk::EntryKind::Speech && entry.seq != line.seq)
        .collect();
    lines.sort_by_key(|entry| from(entry));
    let (before, after) = lines.split_at(lines.partition_point(|entry| from(entry) < from(line)));
    let mut context = Context::default();
    for entry in before {
        let ended = entry.entry.end_ms.unwrap_or(0);
        context.hear(&entry.entry.text, ended);
        let card = |hidden: &serde_json::Value| hidden["kind"] == Kind::Card.name();
        let told = desk::correction::Particulars::of(entry.entry.detail.as_deref()).others;
        if told
            .get("hidden")
            .and_then(|hidden| hidden.as_array())
            .is_some_and(|hidden| hidden.iter().any(card))
        {
            context.card_said(ended);
        }
    }
    let theirs = |entry: &&&desk::Entry| entry.entry.leg == line.entry.leg;
    let around = Around {
        before: before.iter().rev().find(theirs).map_or("", |entry| &entry.entry.text),
        after: after.iter().find(theirs).map_or("", |entry| &entry.entry.text),
        context,
        at_ms: line.entry.end_ms.unwrap_or(0),
    };
    let (text, kinds) = corrected(text, &around, policy);
    (text, kinds.into_iter().map(Kind::name).collect())
}

/// What staff write past an interaction (notes, tickets) goes by the same rule.
fn redacted(mut change: desk::Change, policy: &asr::redact::RedactPolicy) -> desk::Change {
    let hide = |text: &mut String| *text = asr::redact::redact(text, asr::redact::Source::Typed, policy).0;
    match &mut change {
        desk::Change::EntryAdded { entry, .. } if entry.kind != desk::EntryKind::Event => {
            hide(&mut entry.text)
        }
        desk::Change::TicketEdited { edit, .. } | desk::Change::TicketOpened { edit, .. } => {
            edit.subject.iter_mut().chain(edit.fields.values_mut()).for_each(hide);
        }
        desk::Change::CustomerEdited { edit, .. } => {
            edit.note.iter_mut().chain(edit.fields.values_mut()).for_each(hide);
        }
        desk::Change::KnowledgeMissed { question, .. } => hide(question),
        _ => {}
    }
    change
}

/// A refusal.
pub fn refusal(fault: Fault, code: &'static str, message: &str) -> Refusal {
    Refusal { fault, code, message: message.to_owned() }
}

/// The conversation is over.
pub fn gone() -> Refusal {
    refusal(Fault::Caller, "gone", "this conversation is over")
}

fn not_an_agent() -> Refusal {
    refusal(Fault::Caller, "not_an_agent", "this user takes no work")
}

fn not_recorded() -> Refusal {
    refusal(Fault::Ours, "not_recorded", "the record could not be written")
}
