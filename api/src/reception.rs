//! `Reception`: where messages of channels come in. The gateway implements it.

use async_trait::async_trait;
use desk::WallMillis;
use desk::channels::{Refused, Request};
use desk::identity::Identified;
use kernel::InteractionId;

use crate::Refusal;

/// A message that is in the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The conversation.
    pub conversation: InteractionId,
    /// Its position there.
    pub seq: i64,
    /// When it was taken first.
    pub at: WallMillis,
    /// Whether what was recorded under this name says the same.
    pub same: bool,
}

/// The counter for messages of channels.
#[async_trait]
pub trait Reception: Send + Sync {
    /// A request to the web hook of a channel; content type and body of the answer, once all is recorded.
    async fn hook(&self, channel: &str, request: Request) -> Result<(&'static str, String), Refused>;

    /// Who a signed token says it is: by the secret of an app, or of the company's own site. `None`: there is no such secret.
    fn identify(&self, channel: Option<&str>, token: &str) -> Option<Result<Identified, &'static str>>;

    /// A customer writes in an app. `id` is the app's own name of the message: the same one is taken once.
    async fn app_writes(
        &self,
        channel: &str,
        who: Identified,
        text: String,
        id: String,
    ) -> Result<Taken, Refusal>;

    /// A file that came with a message; `None` when there is none.
    async fn file(&self, key: &str, n: u16) -> Option<Vec<u8>>;

    /// Keeps a file that an agent is about to send, under this key; on disk when this returns.
    async fn keep(&self, key: &str, bytes: Vec<u8>) -> Result<(), Refusal>;

    /// The open conversation of a customer of an app.
    fn open_with(&self, channel: &str, who: &Identified) -> Option<InteractionId>;
}
