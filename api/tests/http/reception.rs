//! Where messages of channels come in: one app named `shop` whose secret is `s`; a hook that answers with what it was sent.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use api::{Reception, Refusal, Taken};
use async_trait::async_trait;
use desk::channels::{Refused, Request};
use desk::delivery::{Arrival, Sends, Thread};
use desk::identity::{Identified, identified};
use desk::{Change, EntryKind, Speaker};
use kernel::InteractionId;

use crate::world::{MadeUpFloor, NOON, entry};

pub struct MadeUpReception {
    pub floor: Arc<MadeUpFloor>,
    pub kept: Mutex<BTreeMap<String, Vec<u8>>>,
}

/// The conversation of every customer of the app.
pub const CONVERSATION: InteractionId = InteractionId { node: 0, serial: 0x77 };

#[async_trait]
impl Reception for MadeUpReception {
    async fn hook(&self, channel: &str, request: Request) -> Result<(&'static str, String), Refused> {
        match channel {
            "sms" => Ok(("text/plain", format!("{} {} bytes", request.method, request.body.reveal().len()))),
            _ => Err(Refused { status: 404, code: "not_found", message: "no such channel".into() }),
        }
    }

    fn identify(&self, channel: Option<&str>, token: &str) -> Option<Result<Identified, &'static str>> {
        matches!(channel, None | Some("shop")).then(|| identified(token, "s", NOON))
    }

    async fn app_writes(
        &self,
        channel: &str,
        who: Identified,
        text: String,
        id: String,
    ) -> Result<Taken, Refusal> {
        let (store, external) = (&self.floor.store, format!("{}/{id}", who.subject));
        if store.arrived(channel, &external).await.expect("readable").is_none() {
            let mut changes = Vec::new();
            if store.conversation(CONVERSATION).await.is_err() {
                let (address, name) = (format!("user:{}", who.subject), who.name);
                changes.push(Change::ConversationOpened {
                    id: CONVERSATION,
                    channel: desk::Channel::App,
                    address: address.clone(),
                    name,
                    called: "chat".into(),
                    lang: "en".into(),
                    at: NOON,
                });
                let (channel, peer, state) = (channel.to_owned(), who.subject.clone(), "{}".to_owned());
                let thread =
                    Thread { channel, peer, address, sends: Sends::Everything, state, heard_at: NOON };
                changes.push(Change::ThreadOpened { id: CONVERSATION, thread });
            }
            let digest = text.clone();
            let arrival = Arrival {
                channel: channel.into(),
                external: external.clone(),
                digest,
                state: None,
                at: NOON,
            };
            changes.push(Change::MessageArrived { id: CONVERSATION, arrival });
            changes.push(entry(CONVERSATION, Speaker::Customer, None, EntryKind::Message, &text, None));
            self.floor.commit(changes).await.expect("recorded");
        }
        let known = store.arrived(channel, &external).await.expect("readable").expect("it came");
        let same = known.digest == text;
        Ok(Taken { conversation: known.conversation, seq: known.seq, at: known.at, same })
    }

    async fn file(&self, key: &str, n: u16) -> Option<Vec<u8>> {
        let kept = self.kept.lock().expect("lock").get(key).cloned();
        kept.or_else(|| (key == "k" && n == 1).then(|| b"<script>".to_vec()))
    }

    async fn keep(&self, key: &str, bytes: Vec<u8>) -> Result<(), Refusal> {
        self.kept.lock().expect("lock").insert(key.to_owned(), bytes);
        Ok(())
    }

    fn open_with(&self, _: &str, _: &Identified) -> Option<InteractionId> {
        Some(CONVERSATION)
    }
}
