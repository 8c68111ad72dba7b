//! An article of the knowledge base and what agents thought of it.

use serde::{Deserialize, Serialize};

use crate::WallMillis;

/// Who may read an article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// Everybody on the staff.
    #[default]
    Staff,
    /// Those who watch over agents.
    Supervisors,
}

/// What an author writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleDraft {
    /// One line.
    pub title: String,
    /// Markdown.
    pub body: String,
    /// Language code, `en` or `zh`.
    pub lang: String,
    /// Who may read it.
    #[serde(default)]
    pub audience: Audience,
    /// Somebody should look at it again.
    #[serde(default)]
    pub review_at: Option<WallMillis>,
    /// Not shown to anybody from then on.
    #[serde(default)]
    pub expires_at: Option<WallMillis>,
}

/// An article as it now is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// Its name for ever, chosen by whoever first saved it; an import that is repeated finds it again.
    pub key: String,
    /// Counts what was saved, from 1.
    pub version: i64,
    /// What it says.
    #[serde(flatten)]
    pub draft: ArticleDraft,
    /// Who saved this version.
    pub by: String,
    /// When.
    pub at: WallMillis,
}

/// An agent's thumb on a passage that was shown for a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    /// Which article.
    pub key: String,
    /// The words of the question.
    pub words: Vec<String>,
    /// Up or down.
    pub useful: bool,
}
