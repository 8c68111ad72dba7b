//! `Studio`: what the API may ask of whoever puts flows into service. The gateway implements it.

use std::collections::BTreeMap;

use async_trait::async_trait;
use desk::{FlowOrigin, FlowVersion, WallMillis};
use ivr::{Known, Wrong};
use kernel::Lang;

use crate::Refusal;

/// A flow that is in service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowNow {
    /// Its name: the name of its file without folder and ending, or the name that it was made with.
    pub name: String,
    /// The file, as problems name it.
    pub file: String,
    /// What it calls itself.
    pub title: String,
    /// The version that new customers get.
    pub version: i64,
    /// What is dialled to get there, sorted.
    pub numbers: Vec<String>,
}

/// A version that somebody wants in service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// The flow; it may be new.
    pub flow: String,
    /// The newest version that the author has seen; 0: none.
    pub follows: i64,
    /// Where it comes from.
    pub origin: FlowOrigin,
    /// The version whose text it is, for `Restored`.
    pub restores: Option<i64>,
    /// The text.
    pub source: String,
    /// Places of steps on the canvas.
    pub layout: String,
    /// Who.
    pub author: String,
    /// Why.
    pub note: String,
}

/// Why a version is not in service. Whatever was in service still is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unpublished {
    /// The flow is wrong.
    Wrong(Vec<Wrong>),
    /// Something else.
    Refused(Refusal),
}

/// A text that somebody wants to call before it is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestWish {
    /// The flow; it may be new.
    pub flow: String,
    /// The text.
    pub source: String,
    /// Where the caller comes in.
    pub entry: String,
    /// The language they begin with.
    pub lang: Lang,
}

/// A number that leads into a text that is not in service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestNumber {
    /// To be dialled; nobody can guess it.
    pub number: String,
    /// Until then.
    pub until: WallMillis,
}

/// A recording that can be named in a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// As it is written after `file_en =`.
    pub file: String,
    /// How long it is.
    pub millis: u64,
}

/// Puts flows into service and gives them voices.
#[async_trait]
pub trait Studio: Send + Sync {
    /// What flows may name.
    fn known(&self) -> Known;

    /// Every flow in service, by name.
    fn flows(&self) -> Vec<FlowNow>;

    /// How many customers are at each step of a flow now.
    fn here(&self, flow: &str) -> BTreeMap<String, usize>;

    /// Checks a version, gives its prompts their voices, records it, and lets new customers have it. Customers who are in the
    /// flow keep the version they began with.
    async fn publish(&self, wish: Publication) -> Result<FlowVersion, Unpublished>;

    /// Checks a text, gives its prompts their voices, and lets whoever has the number call it for a while. Nothing that is in
    /// service changes.
    async fn test_number(&self, wish: TestWish) -> Result<TestNumber, Unpublished>;

    /// Where the callers of a test number are; `None` when there is no such number any more.
    fn tested(&self, number: &str) -> Option<BTreeMap<String, usize>>;

    /// The sound of a prompt of the version in service: a wav file.
    async fn prompt(&self, flow: &str, prompt: &str, lang: Lang) -> Option<Vec<u8>>;

    /// A text spoken by the voice of prompts: a wav file.
    async fn say(&self, text: String, lang: Lang) -> Result<Vec<u8>, Refusal>;

    /// Keeps a recording that somebody brings, in any format that we read.
    async fn keep_recording(&self, bytes: Vec<u8>) -> Result<Recording, Refusal>;

    /// A recording that was kept (`recordings/….wav`): a wav file.
    async fn recording(&self, file: &str) -> Option<Vec<u8>>;
}
