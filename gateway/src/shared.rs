//! What every task of the process may use: handles only, no state.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use api::Live;
use signaling::{Command, DialogId};
use store::Store;
use tokio::sync::{broadcast, mpsc};

use crate::asr_pool::AsrPool;
use crate::bans::Bans;
use crate::callbacks::Wish;
use crate::clock::Clock;
use crate::config::Config;
use crate::errands::Errands;
use crate::extensions::Extensions;
use crate::floor::refusal;
use crate::flows::Flows;
use crate::ladder::{Kept, Ladder, unpack};
use crate::media_loop::MediaHandle;
use crate::net::SipHandle;
use crate::recorder::Recorder;
use crate::recording::Recordings;
use crate::registry::Registry;
use crate::router_task::RouterHandle;
use crate::speaking::Speaking;
use crate::speech_model::Chosen;
use crate::tapes::Tapes;
use crate::trunks::Trunks;

/// Handles of the running process.
pub struct Shared {
    /// The configuration.
    pub config: Arc<Config>,
    /// The clock.
    pub clock: Clock,
    /// Live interactions and dialogs.
    pub registry: Arc<Registry>,
    /// The router.
    pub router: RouterHandle,
    /// The road into the record.
    pub recorder: Recorder,
    /// The record.
    pub store: Arc<dyn Store>,
    /// SIP.
    pub sip: SipHandle,
    /// SIP messages of calls.
    pub ladder: Ladder,
    /// Media.
    pub media: MediaHandle,
    /// Recording.
    pub recordings: Arc<Recordings>,
    /// Transcription; `None` when configured off.
    pub asr: Option<AsrPool>,
    /// The model that it uses.
    pub speech_model: Option<Chosen>,
    /// Places for the sound of calls that another system carries.
    pub seats: Arc<crate::observe::Seats>,
    /// Live pages.
    pub live: broadcast::Sender<Live>,
    /// Flows in service.
    pub flows: Flows,
    /// Requests of flows to outside servers.
    pub errands: Errands,
    /// Texts that are spoken when they are needed.
    pub speaking: Arc<Speaking>,
    /// Recordings.
    pub tapes: Tapes,
    /// Customers who want to be called back.
    pub callbacks: mpsc::Sender<Wish>,
    /// Carriers.
    pub trunks: Arc<Trunks>,
    /// Sources that are banned from SIP.
    pub bans: Bans,
    /// How the extensions stand, for phones that watch them.
    pub extensions: Arc<Extensions>,
    /// Numbers dialogs that we dial.
    pub dialogs: AtomicU64,
}

impl Shared {
    /// Orders the SIP endpoint.
    pub async fn order_sip(&self, command: Command) {
        if let Err(error) = self.sip.command(command).await {
            tracing::error!(%error, "a SIP order was not carried out");
        }
    }

    /// Refuses a call; what is not plain ASCII in the reason is left out.
    pub async fn refuse(&self, dialog: DialogId, status: u16, retry_after: Option<Duration>, reason: &str) {
        let reason = reason.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').collect();
        self.order_sip(Command::Refuse { dialog, status, retry_after, reason }).await;
    }

    /// The SIP messages of a conversation: of one that lives or is just over from memory, else from the record.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub async fn ladder_of(&self, id: kernel::InteractionId) -> Result<Option<Kept>, api::Refusal> {
        if let Some(kept) = self.ladder.look(id).await {
            return Ok(Some(kept));
        }
        let unreadable = || refusal(kernel::Fault::Ours, "internal", "the SIP messages cannot be read");
        let packed = self.store.sip_ladder(id).await.map_err(|error| {
            tracing::error!(%error, conversation = %id, "a ladder cannot be read");
            unreadable()
        })?;
        packed.map(|packed| unpack(&packed).ok_or_else(unreadable)).transpose()
    }

    /// A name for a dialog that we dial.
    pub fn next_dialog(&self) -> DialogId {
        DialogId::outgoing(self.dialogs.fetch_add(1, Ordering::Relaxed))
    }

    /// Closes a conversation in the record whose owner is gone.
    pub async fn close_record(&self, id: kernel::InteractionId, reason: &str) {
        let change = desk::Change::ConversationEnded {
            id,
            at: self.clock.wall_millis(),
            fault: kernel::Fault::Ours,
            reason: reason.to_owned(),
        };
        if let Err(error) = self.recorder.commit(vec![change]).await {
            tracing::error!(%error, conversation = %id, "a conversation could not be closed in the record");
        }
    }
}
