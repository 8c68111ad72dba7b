//! Flows as the desk keeps them: numbered versions that were published, and one draft beside them.
//!
//! Promises: pure data and rules. A version never changes once it is published; going back makes a new one, so that the
//! history reads in one direction. Leaves to others: what a flow's text means (`ivr`), persistence (`store`).

use serde::{Deserialize, Serialize};

use crate::WallMillis;

/// Longest note that may go with a version, in characters: a sentence or two.
pub const NOTE_CHARS: usize = 500;

/// What the number of a text that is tried out begins with; 32 hexadecimal digits follow, which nobody dials by accident.
pub const TEST_NUMBER: &str = "test-";

/// Whether who called this number was trying out a flow: staff, and no customer.
#[must_use]
pub fn is_test_number(called: &str) -> bool {
    let digits = called.strip_prefix(TEST_NUMBER);
    digits.is_some_and(|digits| digits.len() == 32 && digits.bytes().all(|one| one.is_ascii_hexdigit()))
}

/// Where a version came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlowOrigin {
    /// The file that the configuration names: at the first start, or because it changed since.
    File,
    /// Somebody published a draft.
    Draft,
    /// Somebody went back to an earlier version.
    Restored,
}

/// A version that was published. The newest one serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowVersion {
    /// Name of the flow.
    pub flow: String,
    /// From 1, without gaps.
    pub version: i64,
    /// Where it came from.
    pub origin: FlowOrigin,
    /// The version whose text it has again, for `Restored`.
    pub restores: Option<i64>,
    /// The text, as the author wrote it.
    pub source: String,
    /// Places of steps on the canvas, JSON object text; empty object: laid out by the page.
    pub layout: String,
    /// Who published it: a user, `key:NAME`, or `configuration`.
    pub author: String,
    /// When.
    pub at: WallMillis,
    /// Why, in the author's words; `file_configured` or `file_changed` where the author is `configuration`.
    pub note: String,
}

/// Work on the next version. There is at most one draft of a flow; whoever saves must have seen what they replace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowDraft {
    /// Name of the flow.
    pub flow: String,
    /// Counted up with every save, from 1.
    pub revision: i64,
    /// The version that it began from; 0: a flow that was never published.
    pub base: i64,
    /// The text.
    pub source: String,
    /// See [`FlowVersion::layout`].
    pub layout: String,
    /// Who saved last.
    pub author: String,
    /// When.
    pub at: WallMillis,
}

/// Why a draft was not saved, or a version not published.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FlowRefusal {
    /// Somebody else saved meanwhile.
    #[error("the draft of `{flow}` is at revision {actual} now, not {seen}: somebody else saved it")]
    StaleDraft {
        /// Which flow.
        flow: String,
        /// What the author had seen.
        seen: i64,
        /// What is there; 0: none.
        actual: i64,
    },
    /// Somebody else published meanwhile.
    #[error("the newest version of `{flow}` is {actual} now, not {seen}: somebody else published it")]
    StaleVersion {
        /// Which flow.
        flow: String,
        /// What the author had seen.
        seen: i64,
        /// What is there; 0: none.
        actual: i64,
    },
}
