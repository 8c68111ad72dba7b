//! Admission: who may begin an interaction, and the one count of how many there are.
//!
//! Promises: what cannot be served is refused with the right status at once; an interaction is counted from here until its
//! guard drops; while draining nothing begins. Leaves to others: the interaction itself.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use api::{CallOpening, ChatOpening, ObservedBegun, ObservedCall, ObservedParty, ObservedSide, Refusal};
use desk::Channel;
use interaction::{Arrives, First, FirstMessage, Observed, Opening, Party};
use kernel::{AgentName, Fault, InteractionId, Lang, Pii};
use signaling::carriers::rewrite;
use signaling::sdp::SessionDescription;
use signaling::{CallDirection, CallStanding, DialogId, Incoming};

use crate::bans;
use crate::config::Config;
use crate::extensions::caller_of_the_house;
use crate::floor::refusal;
use crate::interaction_task::{self, Beginning, IncomingPhone, Msg, Unowned};
use crate::observe::{self, Feed};
use crate::recorder::ReplyTo;
use crate::registry::deliver;
use crate::shared::Shared;
use crate::sources::{CameBy, Sources};

/// Told to callers who come while we are full or stopping.
const RETRY_AFTER: Duration = Duration::from_secs(10);

/// The gate.
pub struct Admission {
    shared: Arc<Shared>,
    live: Arc<AtomicUsize>,
    sources: Arc<Sources>,
    serial: AtomicU64,
    draining: AtomicBool,
}

/// A call of ours.
pub struct PlacedCall {
    /// Whom to call.
    pub number: Pii<String>,
    /// The number of ours that it is placed for: its language and flow hold, and it is what the other side sees.
    pub called: String,
    /// Who is called first.
    pub first: First,
    /// Who wants it.
    pub placed_by: AgentName,
}

/// Counts one interaction; its drop is the only way that it stops being counted.
#[must_use]
pub struct Admitted(Arc<AtomicUsize>);

impl Drop for Admitted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Admission {
    /// A gate that is open.
    #[must_use]
    pub fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            live: Arc::new(AtomicUsize::new(0)),
            sources: Arc::default(),
            serial: AtomicU64::new(0),
            draining: AtomicBool::new(false),
        }
    }

    /// Nothing new begins from now on.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Release);
    }

    /// Whether nothing may begin: we drain, or are full.
    fn is_closed(&self) -> bool {
        self.draining.load(Ordering::Acquire)
            || self.live.load(Ordering::Acquire) >= self.shared.config.max_calls
    }

    /// A call arrives.
    pub async fn admit_call(&self, call: Incoming) {
        if let Some(dialog) = call.replaces {
            return self.replace(call, dialog).await;
        }
        let call = self.by_trunk(call);
        let Some((number, served)) = self.shared.flows.find(&call.called, self.shared.clock.wall_millis())
        else {
            return self.refuse(&call, 404, None, "no such number").await;
        };
        if self.is_closed() {
            metrics::counter!("calls_refused_total", "why" => "full").increment(1);
            return self.refuse(&call, 503, Some(RETRY_AFTER), "full").await;
        }
        let offer = match call.sdp.as_deref().map(SessionDescription::parse).transpose() {
            Ok(offer) => offer,
            Err(error) => return self.refuse(&call, 488, None, &error.to_string()).await,
        };
        let came_by = match &call.trunk {
            Some(trunk) => match self.shared.trunks.admit(trunk) {
                Some(counted) => Some(CameBy::Trunk(counted)),
                None => return self.refuse(&call, 503, Some(RETRY_AFTER), "the trunk is full").await,
            },
            None => match self.count_on_source(call.path.remote.ip()) {
                Ok(counted) => counted,
                Err(()) => return self.refuse(&call, 503, Some(RETRY_AFTER), "too many calls at once").await,
            },
        };
        let lang = number.lang;
        let (caller, address) = who(&call);
        let opening = Opening {
            id: self.mint(),
            channel: Channel::Voice,
            arrives: Arrives::AtOnce,
            address,
            caller,
            name: call.caller_name.as_ref().map(|name| name.reveal().clone()).filter(|name| !name.is_empty()),
            called: call.called.clone(),
            entry: number.entry.clone(),
            lang,
            wall: self.shared.clock.wall_millis(),
            data: call.extra.iter().map(|(name, value)| (name.clone(), value.reveal().clone())).collect(),
            placed_by: None,
            tier: None,
        };
        let (dialog, towards) = (call.dialog, call.path.remote.ip());
        let lamp =
            caller_of_the_house(&self.shared, call.caller_user.reveal(), &call.path).map(|extension| {
                let (direction, standing) = (CallDirection::Initiator, CallStanding::Trying);
                self.shared.extensions.begin(&extension, opening.id, direction, standing)
            });
        let phone = IncomingPhone { dialog, towards, offer, text: call.sdp.clone(), came_by, lamp };
        let beginning = Beginning::Call(Box::new(opening), Box::new(phone));
        interaction_task::spawn(Arc::clone(&self.shared), served, beginning, self.count());
    }

    /// Counts a call on its source, where there is a limit; an error when that is reached.
    fn count_on_source(&self, ip: IpAddr) -> Result<Option<CameBy>, ()> {
        let Some(most) = self.shared.config.calls_per_source.filter(|_| !bans::is_exempt(&self.shared, ip))
        else {
            return Ok(None);
        };
        let counted = self.sources.admit(ip, most);
        if counted.is_none() {
            metrics::counter!("calls_refused_total", "why" => "source").increment(1);
        }
        counted.map(|counted| Some(CameBy::Source(counted))).ok_or(())
    }

    /// Numbers as a trunk writes them, read as ours; what is none of ours goes where the trunk's calls go.
    fn by_trunk(&self, mut call: Incoming) -> Incoming {
        let trunks = &self.shared.config.trunks;
        let Some(trunk) = trunks.iter().find(|trunk| Some(&trunk.sip.name) == call.trunk.as_ref()) else {
            return call;
        };
        call.called = rewrite(&trunk.called, &call.called);
        call.caller_user = Pii::new(rewrite(&trunk.caller, call.caller_user.reveal()));
        if let Some(number) = &trunk.number
            && self.shared.flows.board().find(&call.called).is_none()
        {
            call.called.clone_from(number);
        }
        call
    }

    /// A phone takes the place of another in a call that stands (RFC 3891); the caller proved an account.
    async fn replace(&self, call: Incoming, dialog: DialogId) {
        let Some(leg) = self.shared.registry.dialog(dialog) else {
            return self.refuse(&call, 481, None, "no such call").await;
        };
        let offer = match call.sdp.as_deref().map(SessionDescription::parse).transpose() {
            Ok(offer) => offer,
            Err(error) => return self.refuse(&call, 488, None, &error.to_string()).await,
        };
        let mut agents = self.shared.config.agents();
        let agent = agents.find(|agent| agent.extension.as_ref() == Some(call.caller_user.reveal()));
        let agent = agent.map(|agent| AgentName::new(&agent.name));
        let (towards, text) = (call.path.remote.ip(), call.sdp.clone());
        let phone = IncomingPhone { dialog: call.dialog, towards, offer, text, came_by: None, lamp: None };
        let phone = Unowned::new(phone, call.dialog, Arc::clone(&self.shared));
        deliver(leg.inbox, Msg::Replace { leg: leg.leg, phone: Box::new(phone), agent });
    }

    /// A customer writes; an open chat of theirs goes on.
    ///
    /// # Errors
    /// When chats are not configured, or nothing may begin.
    pub fn admit_chat(&self, arrival: ChatOpening) -> Result<InteractionId, Refusal> {
        let ChatOpening { address, name, lang, .. } = arrival;
        let lang = Lang::from_code(&lang).unwrap_or_default();
        let open = self.shared.registry.chat(&address);
        if let Some(open) = open.filter(|id| self.shared.registry.find(*id).is_some()) {
            return Ok(open);
        }
        let called = self
            .shared
            .config
            .chat
            .clone()
            .ok_or_else(|| refusal(Fault::Caller, "not_found", "chats are not configured"))?;
        let board = self.shared.flows.board();
        let (number, served) =
            board.find(&called).ok_or_else(|| refusal(Fault::Ours, "internal", "the chat number is gone"))?;
        if self.is_closed() {
            return Err(refusal(Fault::Capacity, "full", "no room for another chat now"));
        }
        let opening = Opening {
            id: self.mint(),
            channel: Channel::Chat,
            arrives: Arrives::AtOnce,
            caller: address.strip_prefix("chat:").unwrap_or(&address).to_owned(),
            address,
            name,
            called,
            entry: number.entry.clone(),
            lang,
            wall: self.shared.clock.wall_millis(),
            data: Vec::new(),
            placed_by: None,
            tier: None,
        };
        let beginning = Beginning::Chat(Box::new(opening));
        Ok(interaction_task::spawn(Arc::clone(&self.shared), Arc::clone(served), beginning, self.count()))
    }

    /// A customer calls from a web page; its media follows.
    ///
    /// # Errors
    /// When such calls are not configured, or nothing may begin.
    pub fn admit_web_call(&self, arrival: CallOpening) -> Result<InteractionId, Refusal> {
        let CallOpening { address, name, lang, video } = arrival;
        let Some(called) = self.shared.config.web_calls.clone() else {
            return Err(refusal(Fault::Caller, "not_found", "calls from web pages are not configured"));
        };
        let board = self.shared.flows.board();
        let (number, served) = board
            .find(&called)
            .ok_or_else(|| refusal(Fault::Ours, "internal", "the number of web calls is gone"))?;
        if self.is_closed() {
            metrics::counter!("calls_refused_total", "why" => "full").increment(1);
            return Err(refusal(Fault::Capacity, "full", "no room for another call now"));
        }
        let opening = Opening {
            id: self.mint(),
            channel: if video { Channel::Video } else { Channel::Voice },
            arrives: Arrives::ByPage,
            caller: address.strip_prefix("chat:").unwrap_or(&address).to_owned(),
            address,
            name,
            called,
            entry: number.entry.clone(),
            lang: Lang::from_code(&lang).unwrap_or_default(),
            wall: self.shared.clock.wall_millis(),
            data: Vec::new(),
            placed_by: None,
            tier: None,
        };
        let beginning = Beginning::WebCall(Box::new(opening));
        Ok(interaction_task::spawn(Arc::clone(&self.shared), Arc::clone(served), beginning, self.count()))
    }

    /// An agent, or somebody for them, calls a customer.
    ///
    /// # Errors
    /// When nothing may begin, or the number of ours that the call is placed for is none.
    pub fn place_call(&self, call: PlacedCall) -> Result<InteractionId, Refusal> {
        let PlacedCall { number, called, first, placed_by } = call;
        let board = self.shared.flows.board();
        let (ours, served) = board
            .find(&called)
            .ok_or_else(|| refusal(Fault::Caller, "not_found", "`number` is no number of this house"))?;
        if self.is_closed() {
            return Err(refusal(Fault::Capacity, "full", "no room for another call now"));
        }
        let address = address_of(number.reveal(), number.reveal());
        let opening = Opening {
            id: self.mint(),
            channel: Channel::Voice,
            address,
            caller: number.reveal().clone(),
            name: None,
            called,
            entry: ours.entry.clone(),
            lang: ours.lang,
            wall: self.shared.clock.wall_millis(),
            data: Vec::new(),
            arrives: Arrives::AtOnce,
            placed_by: Some(placed_by),
            tier: None,
        };
        let beginning = Beginning::Outgoing(Box::new(opening), number, first);
        Ok(interaction_task::spawn(Arc::clone(&self.shared), Arc::clone(served), beginning, self.count()))
    }

    /// Another system carries a call, and its sound will come.
    ///
    /// # Errors
    /// When such calls are not configured, or nothing may begin.
    pub fn observe(&self, call: ObservedCall) -> Result<ObservedBegun, Refusal> {
        let Some(rules) = &self.shared.config.observe else {
            return Err(refusal(
                Fault::Caller,
                "not_found",
                "calls of other systems are not configured ([observe])",
            ));
        };
        let called = call.number.unwrap_or_else(|| rules.number.clone());
        let board = self.shared.flows.board();
        let (number, served) = board
            .find(&called)
            .ok_or_else(|| refusal(Fault::Caller, "not_found", "`number` is no number of this house"))?;
        if self.is_closed() {
            metrics::counter!("calls_refused_total", "why" => "full").increment(1);
            return Err(refusal(Fault::Capacity, "full", "no room for another call now"));
        }
        let customer = call.parties.iter().find(|party| party.speaker == desk::Speaker::Customer);
        let caller = customer.and_then(|party| party.number.clone()).unwrap_or_default();
        let address = match caller.as_str() {
            "" => "sip:anonymous@anonymous.invalid".to_owned(),
            number => address_of(number, number),
        };
        let opening = Opening {
            id: self.mint(),
            channel: Channel::Voice,
            arrives: Arrives::AtOnce,
            address,
            caller: if caller.is_empty() { "anonymous".to_owned() } else { caller },
            name: customer.and_then(|party| party.name.clone()),
            called: called.clone(),
            entry: number.entry.clone(),
            lang: call.lang.unwrap_or(number.lang),
            wall: self.shared.clock.wall_millis(),
            data: call.reference.into_iter().map(|it| ("Reference".to_owned(), it)).collect(),
            placed_by: None,
            tier: None,
        };
        let mut parties: Vec<Party> = call.parties.iter().map(|party| self.party(party)).collect();
        // Leg 0 is the customer's, as in every call.
        parties.sort_by_key(|party| party.speaker != desk::Speaker::Customer);
        let (feeds, places): (Vec<Feed>, Vec<_>) = parties.iter().map(|_| Feed::new()).unzip();
        let sides = (0..).zip(&parties).map(|(leg, party)| {
            let name = observe::new_name();
            let side = ObservedSide {
                leg,
                speaker: party.speaker,
                agent: party.agent.clone(),
                uuid: observe::written(&name),
            };
            (name, side)
        });
        let (names, sides): (Vec<_>, Vec<_>) = sides.unzip();
        let id = opening.id;
        let observed = Observed { source: call.source, parties, agreed: call.agreed };
        let beginning = Beginning::Observed(Box::new(opening), observed, feeds);
        interaction_task::spawn(Arc::clone(&self.shared), Arc::clone(served), beginning, self.count());
        for ((name, side), place) in names.into_iter().zip(&sides).zip(places) {
            self.shared.seats.add(name, id, side.leg, place);
        }
        Ok(ObservedBegun { conversation: id, sides })
    }

    fn party(&self, party: &ObservedParty) -> Party {
        let agent = party.agent.as_deref().and_then(|name| our_agent(&self.shared.config, name));
        let who = party.name.clone().or_else(|| party.number.clone()).or_else(|| party.agent.clone());
        let staff = party.speaker != desk::Speaker::Customer;
        Party {
            speaker: party.speaker,
            agent: agent.filter(|_| staff),
            who: Pii::new(who.unwrap_or_default()),
        }
    }

    /// A customer writes on a channel, and nothing of theirs is open. `reply` is answered once it is recorded.
    ///
    /// # Errors
    /// When nothing may begin.
    pub fn admit_written(
        &self,
        account: &desk::channels::Account,
        first: FirstMessage,
        name: Option<String>,
        reply: ReplyTo,
    ) -> Result<InteractionId, Refusal> {
        let board = self.shared.flows.board();
        let (number, served) = board
            .find(&account.entry)
            .ok_or_else(|| refusal(Fault::Ours, "internal", "the number of this channel is gone"))?;
        if self.is_closed() {
            return Err(refusal(Fault::Capacity, "full", "no room for another conversation now"));
        }
        let opening = Opening {
            id: self.mint(),
            channel: account.kind.channel,
            caller: first.thread.peer.clone(),
            address: first.thread.address.clone(),
            name,
            called: account.entry.clone(),
            entry: number.entry.clone(),
            lang: account.lang,
            wall: self.shared.clock.wall_millis(),
            data: Vec::new(),
            arrives: Arrives::AtOnce,
            placed_by: None,
            tier: None,
        };
        let beginning = Beginning::Written(Box::new(opening), Box::new(first), Some(reply));
        Ok(interaction_task::spawn(Arc::clone(&self.shared), Arc::clone(served), beginning, self.count()))
    }

    /// Counts an interaction that begins (or wakes after a restart).
    pub fn count(&self) -> Admitted {
        self.live.fetch_add(1, Ordering::AcqRel);
        Admitted(Arc::clone(&self.live))
    }

    async fn refuse(&self, call: &Incoming, status: u16, retry_after: Option<Duration>, reason: &str) {
        self.shared.refuse(call.dialog, status, retry_after, reason).await;
    }

    /// Milliseconds of the wall clock and a counter: unique on this node, also over restarts.
    pub(crate) fn mint(&self) -> InteractionId {
        let now = u64::try_from(self.shared.clock.wall_millis()).unwrap_or(0);
        let count = self.serial.fetch_add(1, Ordering::Relaxed);
        InteractionId { node: self.shared.config.node, serial: (now << 16) | (count & 0xFFFF) }
    }
}

/// The agent whom another system calls by name or extension, if they are one of ours.
pub(crate) fn our_agent(config: &Config, name: &str) -> Option<AgentName> {
    let mut agents = config.agents();
    let known = agents.find(|agent| agent.name == name || agent.extension.as_deref() == Some(name));
    known.map(|agent| AgentName::new(&agent.name))
}

/// The caller's user part and address. Who asked for privacy is nobody in particular (RFC 3323 section 4.1.1.3).
fn who(call: &Incoming) -> (String, String) {
    if call.hidden {
        return ("anonymous".to_owned(), "sip:anonymous@anonymous.invalid".to_owned());
    }
    let caller = call.caller_user.reveal().clone();
    let address = address_of(&caller, call.caller.reveal());
    (caller, address)
}

/// A number becomes `tel:`, anything else stays the SIP address.
fn address_of(user: &str, whole: &str) -> String {
    let digits = user.strip_prefix('+').unwrap_or(user);
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        format!("tel:{user}")
    } else {
        whole.to_owned()
    }
}
