//! Knowledge: versions, thumbs, gaps.

use std::sync::Arc;

use desk::Change;
use desk::knowledge::{ArticleDraft, Audience, Vote};

use super::sample::{AT, append, id, opened, refused};
use crate::{Store, StoreError};

fn saved(key: &str, body: &str) -> Change {
    let draft = ArticleDraft {
        title: "退款".into(),
        body: body.into(),
        lang: "zh".into(),
        audience: Audience::Supervisors,
        review_at: Some(AT),
        expires_at: None,
    };
    Change::ArticleSaved { key: key.into(), draft, by: "sue".into(), at: AT }
}

pub async fn an_article_keeps_its_versions_and_the_same_again_is_none(store: Arc<dyn Store>) {
    let events =
        append(&*store, vec![saved("a", "one"), saved("a", "two"), saved("a", "two"), saved("b", "x")]).await;
    assert_eq!(events[2].seq, events[1].seq, "the same again is the same event");
    let versions = store.article("a").await.expect("saved");
    let seen: Vec<_> = versions.iter().map(|one| (one.version, one.draft.body.as_str())).collect();
    assert_eq!(seen, [(2, "two"), (1, "one")]);
    assert_eq!((versions[0].draft.audience, versions[0].by.as_str()), (Audience::Supervisors, "sue"));
    let all = store.articles_after(0).await.expect("readable");
    assert_eq!(all.iter().map(|(_, one)| one.key.as_str()).collect::<Vec<_>>(), ["a", "a", "b"]);
    assert_eq!(store.articles_after(all[1].0).await.expect("readable").len(), 1);
    assert!(matches!(store.article("zz").await, Err(StoreError::NotFound("article"))));
}

pub async fn thumbs_and_gaps_are_kept(store: Arc<dyn Store>) {
    let vote = |key: &str| Change::KnowledgeVoted {
        vote: Vote { key: key.into(), words: vec!["退款".into()], useful: true },
        by: "alice".into(),
        at: AT,
    };
    append(&*store, vec![saved("a", "one"), vote("a"), opened(1, "tel:+491"), opened(2, "tel:+492")]).await;
    assert!(matches!(refused(&*store, vec![vote("zz")]).await, StoreError::NotFound("article")));
    let votes = store.votes_after(0).await.expect("readable");
    assert_eq!((votes.len(), votes[0].1.useful), (1, true));
    assert!(store.votes_after(votes[0].0).await.expect("readable").is_empty());
    let missed = |n, word: &str| Change::KnowledgeMissed {
        id: id(n),
        question: format!("{word}?"),
        words: vec![word.into()],
        at: AT + n as i64,
    };
    append(&*store, vec![missed(1, "tax"), missed(1, "tax"), missed(1, "boat"), missed(2, "tax")]).await;
    let gaps = store.knowledge_gaps(10).await.expect("readable");
    let seen: Vec<_> = gaps.iter().map(|gap| (gap.question.as_str(), gap.times)).collect();
    assert_eq!(seen, [("tax?", 2), ("boat?", 1)], "one conversation counts once in a row");
}
