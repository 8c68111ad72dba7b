//! Calls that another system carries: what it tells of them, and how their sound comes in. The gateway implements it.

use std::time::Duration;

use async_trait::async_trait;
use desk::Speaker;
use kernel::{AgentName, InteractionId, Lang};

/// Somebody in such a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObservedParty {
    /// Customer or staff.
    pub speaker: Speaker,
    /// For staff: name or extension of the agent.
    pub agent: Option<String>,
    /// Number, as the other system has it.
    pub number: Option<String>,
    /// Name, as the other system has it.
    pub name: Option<String>,
}

/// A call that another system carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObservedCall {
    /// How it reaches us, for the record.
    pub source: &'static str,
    /// The number of ours whose rules hold; `None`: the configured one.
    pub number: Option<String>,
    /// Language that is talked; `None`: the number's.
    pub lang: Option<Lang>,
    /// The customer agreed to be recorded and written down.
    pub agreed: bool,
    /// What the other system calls it.
    pub reference: Option<String>,
    /// Who is in it.
    pub parties: Vec<ObservedParty>,
}

/// One side of it, whose sound may come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObservedSide {
    /// Its leg.
    pub leg: u16,
    /// Customer or staff.
    pub speaker: Speaker,
    /// Which of our agents, if it is one.
    pub agent: Option<AgentName>,
    /// Under which name its sound may come by AudioSocket.
    pub uuid: String,
}

/// It stands in the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObservedBegun {
    /// Its conversation.
    pub conversation: InteractionId,
    /// The customer first.
    pub sides: Vec<ObservedSide>,
}

/// The sound of one side on its way in. Dropping it ends the side.
#[async_trait]
pub trait SoundIn: Send + Sync {
    /// 16 bits, mono; says how long whoever brings it is to wait, because they are ahead of time.
    fn sound(&mut self, samples: &[i16]) -> Duration;
    /// Called some times a second: where nothing came there was silence.
    fn look(&mut self);
    /// A key.
    async fn digit(&self, key: char);
    /// Held there, or no more.
    async fn held(&self, on: bool);
    /// Somebody else is there.
    async fn passed_on(&self, to: ObservedParty);
    /// Returns when the call is over. Safe to cancel.
    async fn over(&mut self);
    /// What ends now ends as it should.
    fn farewell(&mut self);
}
