//! One customer interaction — call, video, chat alike — as one machine with one owner.
//!
//! Here, and only here, the other cores meet: the flow's wishes become media and routing orders, the router's offers become
//! ringing legs, heard words become entries. Promises: pure; every ending is recorded with its reason; a customer is never
//! left without an owner, a sound, or a place in line. Leaves to others: sockets, SDP, threads, disk (`gateway`).

mod callback;
mod consult;
mod ending;
mod flow;
mod handing;
mod interaction;
mod io;
mod legs;
mod observed;
mod offers;
mod outgoing;
mod parking;
mod queued;
mod record;
mod recording;
mod room;
mod sight;
mod speech;
mod talk;
mod taping;
mod transfer;
mod visiting;
mod watching;
mod writing;

pub use callback::{Begin, DEVICE as CALLBACK_DEVICE};
pub use handing::TransferTo;
pub use interaction::Interaction;
pub use io::{
    AgentOrder, Arrives, CallShow, CallState, CallbackChange, CallbackWish, Destination, DialTo,
    FirstMessage, Handing, In, LegIn, LegOut, MediaOut, Opening, OtherShow, OtherState, Out, Part, Quality,
    Recording, RecordingPolicy, RecordingRules, Refused, Reply, Restored, RouterIn, Settings, Show, Side,
    Tape, Timings, Watch,
};
pub use observed::{CallDevice, Observed, Party};
pub use outgoing::{AgentDevice, First};
pub use queued::{QUEUED, Queued, read_queued};
pub use speech::{SPEECH_BEHIND, SPEECH_CAUGHT_UP, speech_entry};
