//! The knowledge base as it is searched: an index in memory that follows the record.
//!
//! Promises: what was saved is found by the next question, whichever process saved it; searching never holds an async
//! thread. Leaves to others: ranking (`desk::knowledge`).

use std::sync::{Arc, PoisonError, RwLock};

use desk::knowledge::{Article, Found, Index, Reader};
use store::Store;
use tokio::sync::Mutex;

use crate::error::{Answer, ApiError};

/// The index, and up to which events of the record it has read.
#[derive(Default)]
pub(crate) struct Library {
    index: Arc<RwLock<Option<Index>>>,
    read: Mutex<Read>,
}

#[derive(Default)]
struct Read {
    articles: i64,
    votes: i64,
}

impl Library {
    /// Runs `look` on the index as the record now is.
    pub async fn with<T: Send + 'static>(
        &self,
        store: &dyn Store,
        look: impl FnOnce(&Index) -> T + Send + 'static,
    ) -> Answer<T> {
        self.follow(store).await?;
        let index = Arc::clone(&self.index);
        let looked = tokio::task::spawn_blocking(move || {
            let index = index.read().unwrap_or_else(PoisonError::into_inner);
            index.as_ref().map(look)
        });
        let looked = looked.await.map_err(|error| ApiError::ours(&error))?;
        looked.ok_or_else(|| ApiError::ours(&"the knowledge index is not there"))
    }

    /// The best passages.
    pub async fn find(
        &self,
        store: &dyn Store,
        question: String,
        reader: Reader,
        most: usize,
    ) -> Answer<(Vec<Found>, Vec<String>)> {
        self.with(store, move |index| (index.find(&question, reader, most), index.words(&question))).await
    }

    async fn follow(&self, store: &dyn Store) -> Answer<()> {
        let mut read = self.read.lock().await;
        loop {
            let articles = store.articles_after(read.articles).await?;
            let votes = store.votes_after(read.votes).await?;
            let ready = self.index.read().unwrap_or_else(PoisonError::into_inner).is_some();
            if ready && articles.is_empty() && votes.is_empty() {
                return Ok(());
            }
            read.articles = articles.last().map_or(read.articles, |(event, _)| *event);
            read.votes = votes.last().map_or(read.votes, |(event, _)| *event);
            let index = Arc::clone(&self.index);
            let taken_in = tokio::task::spawn_blocking(move || {
                let mut index = index.write().unwrap_or_else(PoisonError::into_inner);
                // The dictionary is loaded here, on the first question.
                let index = index.get_or_insert_with(Index::default);
                articles.into_iter().for_each(|(_, article): (i64, Article)| index.put(article));
                votes.iter().for_each(|(_, vote)| index.teach(vote));
            });
            taken_in.await.map_err(|error| ApiError::ours(&error))?;
        }
    }
}
