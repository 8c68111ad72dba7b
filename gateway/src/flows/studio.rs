//! `api::Studio` for the running process.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::{FlowNow, Publication, Recording, Refusal, Studio, TestNumber, TestWish, Unpublished};
use async_trait::async_trait;
use desk::FlowVersion;
use ivr::Known;
use kernel::{Fault, Lang};
use tokio::sync::Semaphore;

use super::publish::{publish, test_number};
use crate::floor::refusal;
use crate::limits;
use crate::shared::Shared;

/// The studio of this process.
pub struct FlowStudio {
    shared: Arc<Shared>,
    /// Voices and decoders take processor time that calls need.
    sounds: Arc<Semaphore>,
}

impl FlowStudio {
    /// A studio over what runs.
    #[must_use]
    pub fn new(shared: Arc<Shared>) -> Self {
        Self { shared, sounds: Arc::new(Semaphore::new(limits::STUDIO_SOUNDS)) }
    }

    /// Works with sound on a thread that may block; what goes wrong is the caller's to mend.
    async fn with_sound<T: Send + 'static>(
        &self,
        work: impl FnOnce(&super::Workshop) -> anyhow::Result<T> + Send + 'static,
    ) -> Result<T, Refusal> {
        let busy = || refusal(Fault::Capacity, "full", "others are working with sound now; try again");
        let permit = Arc::clone(&self.sounds).try_acquire_owned().map_err(|_| busy())?;
        let workshop = self.shared.flows.workshop.clone();
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work(&workshop)
        });
        match done.await {
            Ok(result) => result.map_err(|error| refusal(Fault::Peer, "bad_sound", &format!("{error:#}"))),
            Err(error) => {
                tracing::error!(%error, "work with sound ended early");
                Err(refusal(Fault::Ours, "internal", "something failed on our side; it was logged"))
            }
        }
    }
}

#[async_trait]
impl Studio for FlowStudio {
    fn known(&self) -> Known {
        self.shared.flows.workshop.known.clone()
    }

    fn flows(&self) -> Vec<FlowNow> {
        let board = self.shared.flows.board();
        let one = |(name, served): (&String, &Arc<super::Served>)| {
            let own = board.numbers.iter().filter(|(_, number)| number.flow == *name);
            FlowNow {
                name: name.clone(),
                file: served.file.clone(),
                title: served.flow().name().to_owned(),
                version: served.settings.version,
                numbers: own.map(|(number, _)| number.clone()).collect(),
            }
        };
        board.served.iter().map(one).collect()
    }

    fn here(&self, flow: &str) -> BTreeMap<String, usize> {
        let board = self.shared.flows.board();
        board.served.get(flow).map(|served| served.here.counts()).unwrap_or_default()
    }

    async fn test_number(&self, wish: TestWish) -> Result<TestNumber, Unpublished> {
        test_number(&self.shared, wish).await
    }

    fn tested(&self, number: &str) -> Option<BTreeMap<String, usize>> {
        self.shared.flows.tests.here(number)
    }

    async fn publish(&self, wish: Publication) -> Result<FlowVersion, Unpublished> {
        // To its end, also when whoever asked goes away: recorded but not served would be the worst of both.
        let shared = Arc::clone(&self.shared);
        let publishing = tokio::spawn(async move { publish(&shared, wish).await });
        publishing.await.unwrap_or_else(|error| {
            tracing::error!(%error, "publishing ended early");
            let message = "something failed on our side; it was logged";
            Err(Unpublished::Refused(refusal(Fault::Ours, "internal", message)))
        })
    }

    async fn prompt(&self, flow: &str, prompt: &str, lang: Lang) -> Option<Vec<u8>> {
        let board = self.shared.flows.board();
        let path = board.served.get(flow)?.sounds.path(prompt, lang)?;
        tokio::fs::read(path).await.ok()
    }

    async fn say(&self, text: String, lang: Lang) -> Result<Vec<u8>, Refusal> {
        self.with_sound(move |workshop| workshop.say(text, lang)).await
    }

    async fn keep_recording(&self, bytes: Vec<u8>) -> Result<Recording, Refusal> {
        let (file, millis) = self.with_sound(move |workshop| workshop.keep(bytes)).await?;
        Ok(Recording { file, millis })
    }

    async fn recording(&self, file: &str) -> Option<Vec<u8>> {
        let (workshop, file) = (self.shared.flows.workshop.clone(), file.to_owned());
        tokio::task::spawn_blocking(move || workshop.recording(&file)).await.ok().flatten()
    }
}
