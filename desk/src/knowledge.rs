//! Knowledge: articles, the passages they are cut into, words of both languages, and the search that ranks passages.
//!
//! Promises: pure; the same articles and question give the same answer. Leaves to others: keeping articles (`store`), who
//! asks and what was said (`api`).

mod article;
mod import;
mod index;
mod words;

pub use article::{Article, ArticleDraft, Audience, Vote};
pub use import::{Format, Imported, Unreadable, read};
pub use index::{Found, Index, Reader};
pub use words::Words;
