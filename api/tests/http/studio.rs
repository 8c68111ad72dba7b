//! A studio that checks and records like the real one, without voices.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use api::{FlowNow, Publication, Recording, Refusal, Studio, TestNumber, TestWish, Unpublished};
use async_trait::async_trait;
use desk::{Change, FlowVersion};
use ivr::{Known, Sketch};
use kernel::{Fault, Lang};
use store::{Store, StoreError};

use crate::world::{NOON, refusal};

pub struct MadeUpStudio {
    pub store: Arc<dyn Store>,
    pub serving: Mutex<BTreeMap<String, FlowNow>>,
}

#[async_trait]
impl Studio for MadeUpStudio {
    fn known(&self) -> Known {
        Known { queues: vec!["support".into()], agents: vec!["alice".into()], ..Known::default() }
    }

    fn flows(&self) -> Vec<FlowNow> {
        self.serving.lock().expect("lock").values().cloned().collect()
    }

    fn here(&self, flow: &str) -> BTreeMap<String, usize> {
        if flow == "main" { BTreeMap::from([("start".to_owned(), 3)]) } else { BTreeMap::new() }
    }

    async fn test_number(&self, wish: TestWish) -> Result<TestNumber, Unpublished> {
        let sketch = Sketch::of("test.toml", &wish.source, &self.known());
        match sketch.problems.is_empty() {
            true => Ok(TestNumber { number: format!("test-{}", wish.entry), until: NOON }),
            false => Err(Unpublished::Wrong(sketch.problems)),
        }
    }

    fn tested(&self, number: &str) -> Option<BTreeMap<String, usize>> {
        number.starts_with("test-").then(|| BTreeMap::from([("start".to_owned(), 1)]))
    }

    async fn publish(&self, wish: Publication) -> Result<FlowVersion, Unpublished> {
        let file = format!("{}.toml", wish.flow);
        let sketch = Sketch::of(&file, &wish.source, &self.known());
        if !sketch.problems.is_empty() {
            return Err(Unpublished::Wrong(sketch.problems));
        }
        let version = FlowVersion {
            flow: wish.flow,
            version: wish.follows + 1,
            origin: wish.origin,
            restores: wish.restores,
            source: wish.source,
            layout: wish.layout,
            author: wish.author,
            at: NOON,
            note: wish.note,
        };
        match self.store.append(NOON, vec![Change::FlowPublished(version.clone())]).await {
            Ok(_) => {
                let now = FlowNow {
                    name: version.flow.clone(),
                    file,
                    title: "Title".into(),
                    version: version.version,
                    numbers: sketch.entries.into_iter().map(|entry| entry.name).collect(),
                };
                self.serving.lock().expect("lock").insert(version.flow.clone(), now);
                Ok(version)
            }
            Err(StoreError::FlowRefused(_)) => Err(Unpublished::Refused(refusal(Fault::Caller, "stale"))),
            Err(_) => Err(Unpublished::Refused(refusal(Fault::Ours, "record"))),
        }
    }

    async fn prompt(&self, _: &str, prompt: &str, _: Lang) -> Option<Vec<u8>> {
        (prompt == "hello").then(|| b"RIFF".to_vec())
    }

    async fn say(&self, text: String, lang: Lang) -> Result<Vec<u8>, Refusal> {
        Ok(format!("{}: {text}", lang.code()).into_bytes())
    }

    async fn keep_recording(&self, bytes: Vec<u8>) -> Result<Recording, Refusal> {
        if bytes.starts_with(b"RIFF") {
            return Ok(Recording { file: "recordings/0.wav".into(), millis: 1200 });
        }
        Err(refusal(Fault::Peer, "bad_sound"))
    }

    async fn recording(&self, file: &str) -> Option<Vec<u8>> {
        (file == "0.wav").then(|| b"RIFF".to_vec())
    }
}
