//! The search: BM25 over passages (Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75), title words counted more, with what
//! agents' thumbs taught.
//!
//! Promises: at most one passage per article in an answer, none twice that says the same; nothing that the reader may not
//! see or that has expired; every hit says which words it was found by.

use std::collections::{BTreeMap, BTreeSet};

use super::{Article, Audience, Vote, Words};
use crate::WallMillis;

const K1: f32 = 1.2;
const B: f32 = 0.75;
/// A word of the title or heading counts as so many in the text.
const TITLE_WEIGHT: f32 = 3.0;
/// What one net thumb adds to a word that it was given for, and how far that goes.
const TAUGHT: f32 = 0.75;
const TAUGHT_MOST: f32 = 4.0;
/// Characters from which a passage is cut at the next paragraph.
const PASSAGE_CHARS: usize = 700;
/// Words of a question that are looked up, the rarest ones: talk is long, matter is short.
const QUESTION_WORDS: usize = 24;
/// A hit must weigh this share of what the question's words weigh together: below it, nothing was found.
const ENOUGH: f32 = 0.22;

/// Old versions that may wait for a clean-up.
const SPARE: usize = 1_000;

/// Who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reader {
    /// What they may see.
    pub audience: Audience,
    /// When.
    pub now: WallMillis,
}

/// A passage that answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its article.
    pub key: String,
    /// The article's title.
    pub title: String,
    /// The heading above the passage, if any.
    pub heading: Option<String>,
    /// The passage.
    pub text: String,
    /// How well it fits; comparable within one answer only.
    pub score: f32,
    /// Words of the question that it was found by, the weightiest first.
    pub words: Vec<String>,
    /// Thumbs up less thumbs down for such questions.
    pub taught: i32,
}

struct Passage {
    article: u32,
    heading: Option<String>,
    text: String,
    /// Words in it, title weighed.
    length: f32,
    /// The same text has the same print.
    print: u64,
}

struct Kept {
    article: Article,
    passages: Vec<u32>,
}

/// The index. Rebuilding one article is cheap; so is asking.
#[derive(Default)]
pub struct Index {
    words: &'static Words,
    articles: Vec<Option<Kept>>,
    by_key: BTreeMap<String, u32>,
    passages: Vec<Option<Passage>>,
    /// Word → passages with how often it stands there.
    places: BTreeMap<String, Vec<(u32, f32)>>,
    /// Article → word → net thumbs.
    taught: BTreeMap<String, BTreeMap<String, i32>>,
    total_length: f64,
    live: usize,
}

impl Index {
    /// How many passages can be found.
    #[must_use]
    pub fn len(&self) -> usize {
        self.live
    }

    /// Whether there is nothing to find.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// Every article as it now is, by key.
    pub fn articles(&self) -> impl Iterator<Item = &Article> {
        let kept = |number: &u32| self.articles.get(*number as usize).and_then(Option::as_ref);
        self.by_key.values().filter_map(kept).map(|kept| &kept.article)
    }

    /// The words of a text, as questions and thumbs are kept.
    #[must_use]
    pub fn words(&self, text: &str) -> Vec<String> {
        let mut words = self.words.of(text);
        words.sort_unstable();
        words.dedup();
        words
    }

    /// Takes an article in, in place of its older version.
    pub fn put(&mut self, article: Article) {
        self.forget(&article.key);
        self.take_in(article);
        self.compact();
    }

    fn take_in(&mut self, article: Article) {
        let number = self.articles.len() as u32;
        let title = self.words.of(&article.draft.title);
        let mut numbers = Vec::new();
        for (heading, text) in cut(&article.draft.body) {
            numbers.push(self.put_passage(number, &title, heading, text));
        }
        self.by_key.insert(article.key.clone(), number);
        self.articles.push(Some(Kept { article, passages: numbers }));
    }

    fn put_passage(&mut self, article: u32, title: &[String], heading: Option<String>, text: String) -> u32 {
        let number = self.passages.len() as u32;
        let mut counts: BTreeMap<String, f32> = BTreeMap::new();
        for word in title.iter().cloned().chain(self.words.of(heading.as_deref().unwrap_or_default())) {
            *counts.entry(word).or_default() += TITLE_WEIGHT;
        }
        let own = self.words.of(&text);
        let print = print_of(&own);
        for word in own {
            *counts.entry(word).or_default() += 1.0;
        }
        let length = counts.values().sum();
        for (word, count) in counts {
            self.places.entry(word).or_default().push((number, count));
        }
        self.total_length += f64::from(length);
        self.live += 1;
        self.passages.push(Some(Passage { article, heading, text, length, print }));
        number
    }

    fn forget(&mut self, key: &str) {
        let Some(number) = self.by_key.remove(key) else { return };
        let Some(kept) = self.articles.get_mut(number as usize).and_then(Option::take) else { return };
        let title = self.words.of(&kept.article.draft.title);
        for passage in kept.passages {
            if let Some(gone) = self.passages.get_mut(passage as usize).and_then(Option::take) {
                self.total_length -= f64::from(gone.length);
                self.live -= 1;
                let own = self.words.of(&gone.text).into_iter();
                let heading = self.words.of(gone.heading.as_deref().unwrap_or_default());
                for word in own.chain(heading).chain(title.iter().cloned()) {
                    self.forget_place(&word, passage);
                }
            }
        }
    }

    /// Numbers everything anew when most numbers belong to old versions.
    fn compact(&mut self) {
        if self.passages.len() < 2 * self.live + SPARE {
            return;
        }
        let articles = std::mem::take(&mut self.articles);
        self.by_key.clear();
        self.passages.clear();
        self.places.clear();
        self.total_length = 0.0;
        self.live = 0;
        for kept in articles.into_iter().flatten() {
            self.take_in(kept.article);
        }
    }

    fn forget_place(&mut self, word: &str, passage: u32) {
        if let Some(places) = self.places.get_mut(word) {
            places.retain(|(place, _)| *place != passage);
        }
    }

    /// A thumb teaches: the words of that question lead to the article more, or less.
    pub fn teach(&mut self, vote: &Vote) {
        let words = self.taught.entry(vote.key.clone()).or_default();
        for word in &vote.words {
            *words.entry(word.clone()).or_default() += if vote.useful { 1 } else { -1 };
        }
    }

    /// The best `most` passages for what was said or asked, best first; empty when nothing fits well enough.
    #[must_use]
    pub fn find(&self, question: &str, reader: Reader, most: usize) -> Vec<Found> {
        let asked = self.weighed(question);
        let whole: f32 = asked.iter().map(|(_, weight)| weight).sum();
        let mut scores = vec![0.0_f32; self.passages.len()];
        let average = (self.total_length / (self.live.max(1) as f64)).max(1.0) as f32;
        for (word, weight) in &asked {
            for (place, count) in self.places.get(word).into_iter().flatten() {
                let Some(Some(passage)) = self.passages.get(*place as usize) else { continue };
                let norm = K1 * (1.0 - B + B * passage.length / average);
                if let Some(score) = scores.get_mut(*place as usize) {
                    *score += weight * count * (K1 + 1.0) / (count + norm);
                }
            }
        }
        self.add_taught(&asked, &mut scores);
        let mut ranked: Vec<(u32, f32)> =
            (0_u32..).zip(scores).filter(|(_, score)| *score >= whole * ENOUGH && *score > 0.0).collect();
        ranked.sort_by(|(one, a), (other, b)| b.total_cmp(a).then(one.cmp(other)));
        self.pick(&ranked, &asked, reader, most)
    }

    /// The question's words with what each weighs (BM25's idf), the rarest first.
    fn weighed(&self, question: &str) -> Vec<(String, f32)> {
        let all = self.live as f32;
        let mut asked: Vec<(String, f32)> = self
            .words(question)
            .into_iter()
            .map(|word| {
                let known = self.places.get(&word).map_or(0, Vec::len) as f32;
                let weight = (1.0 + (all - known + 0.5).max(0.0) / (known + 0.5)).ln();
                (word, weight)
            })
            .collect();
        asked.sort_by(|(one, a), (other, b)| b.total_cmp(a).then(one.cmp(other)));
        // Words that nothing knows cannot find anything, but they say that the question is about something else: half.
        let known = |word: &String| self.places.get(word).is_some_and(|places| !places.is_empty());
        for (word, weight) in &mut asked {
            if !known(word) {
                *weight *= 0.5;
            }
        }
        asked.truncate(QUESTION_WORDS);
        asked
    }

    fn add_taught(&self, asked: &[(String, f32)], scores: &mut [f32]) {
        for (key, words) in &self.taught {
            let of_article = self.by_key.get(key).and_then(|number| self.articles.get(*number as usize));
            let Some(Some(kept)) = of_article else { continue };
            let mut gain = 0.0;
            for (word, weight) in asked {
                if let Some(net) = words.get(word) {
                    gain += weight * (*net as f32 * TAUGHT).clamp(-TAUGHT_MOST, TAUGHT_MOST);
                }
            }
            if gain == 0.0 {
                continue;
            }
            let stands = |scores: &[f32], passage: &u32| {
                scores.get(*passage as usize).is_some_and(|score| *score > 0.0)
            };
            let touched = kept.passages.iter().any(|passage| stands(scores, passage));
            for (n, passage) in kept.passages.iter().enumerate() {
                // Taught by agents although its own words differ: its first passage stands for it.
                let gains = stands(scores, passage) || (!touched && n == 0);
                if let Some(score) = scores.get_mut(*passage as usize).filter(|_| gains) {
                    *score += gain;
                }
            }
        }
    }

    fn pick(
        &self,
        ranked: &[(u32, f32)],
        asked: &[(String, f32)],
        reader: Reader,
        most: usize,
    ) -> Vec<Found> {
        let (mut articles, mut prints, mut found) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        for (place, score) in ranked {
            if found.len() == most {
                break;
            }
            let Some(Some(passage)) = self.passages.get(*place as usize) else { continue };
            let Some(Some(Kept { article, .. })) = self.articles.get(passage.article as usize) else {
                continue;
            };
            let expired = article.draft.expires_at.is_some_and(|at| at <= reader.now);
            if expired || article.draft.audience > reader.audience {
                continue;
            }
            if !articles.insert(passage.article) || !prints.insert(passage.print) {
                continue;
            }
            found.push(Found {
                key: article.key.clone(),
                title: article.draft.title.clone(),
                heading: passage.heading.clone(),
                text: passage.text.clone(),
                score: *score,
                words: self.met(*place, asked),
                taught: self.net(&article.key, asked),
            });
        }
        found
    }

    fn met(&self, passage: u32, asked: &[(String, f32)]) -> Vec<String> {
        let stands = |word: &String| {
            self.places
                .get(word)
                .is_some_and(|places| places.binary_search_by_key(&passage, |(at, _)| *at).is_ok())
        };
        asked.iter().filter(|(word, _)| stands(word)).map(|(word, _)| word.clone()).take(6).collect()
    }

    fn net(&self, key: &str, asked: &[(String, f32)]) -> i32 {
        let Some(words) = self.taught.get(key) else { return 0 };
        asked.iter().filter_map(|(word, _)| words.get(word)).copied().max_by_key(|net| net.abs()).unwrap_or(0)
    }
}

/// FNV-1a over the words: passages that differ in spaces and marks only are the same.
fn print_of(words: &[String]) -> u64 {
    words
        .iter()
        .flat_map(|word| word.bytes().chain([b' ']))
        .fold(0xcbf2_9ce4_8422_2325, |print, byte| (print ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Cuts Markdown into passages: at headings, and between paragraphs where it grows long.
fn cut(body: &str) -> Vec<(Option<String>, String)> {
    let mut passages = Vec::new();
    let mut heading: Option<String> = None;
    let mut text = String::new();
    let mut flush = |heading: &Option<String>, text: &mut String| {
        let passage = text.trim();
        if !passage.is_empty() {
            passages.push((heading.clone(), passage.to_owned()));
        }
        text.clear();
    };
    for line in body.lines() {
        let title = line.trim_start_matches('#');
        if title.len() < line.len() && title.starts_with(' ') {
            flush(&heading, &mut text);
            heading = Some(title.trim().to_owned()).filter(|title| !title.is_empty());
            continue;
        }
        if line.trim().is_empty() && text.chars().count() >= PASSAGE_CHARS {
            flush(&heading, &mut text);
        }
        text.push_str(line);
        text.push('\n');
    }
    flush(&heading, &mut text);
    passages
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::ArticleDraft;

    const NOW: WallMillis = 1_000_000;
    const AGENT: Reader = Reader { audience: Audience::Staff, now: NOW };

    fn article(key: &str, title: &str, body: &str) -> Article {
        let draft = ArticleDraft {
            title: title.into(),
            body: body.into(),
            lang: "en".into(),
            audience: Audience::Staff,
            review_at: None,
            expires_at: None,
        };
        Article { key: key.into(), version: 1, draft, by: "sue".into(), at: 0 }
    }

    fn shop() -> Index {
        let mut index = Index::default();
        index.put(article("refund", "Refunds", "A refund reaches the card within five working days.\n\n## Vouchers\nVouchers are never paid out."));
        index.put(article(
            "ship",
            "Shipping times",
            "Parcels leave the warehouse within one day and arrive in three.",
        ));
        index.put(article("zh-refund", "退款", "退款在五个工作日内退回原支付账户。"));
        index.put(article("pw", "Password", "Use the link on the sign-in page to choose a new password."));
        index
    }

    fn keys(index: &Index, question: &str) -> Vec<String> {
        index.find(question, AGENT, 3).into_iter().map(|found| found.key).collect()
    }

    #[test]
    fn the_passage_that_answers_comes_first_in_both_languages_and_says_why() {
        let index = shop();
        let found = index.find("Hello, when do I get my refund on the card please?", AGENT, 3);
        assert_eq!(found[0].key, "refund");
        assert_eq!(found[0].heading, None);
        assert!(found[0].words.contains(&"refund".to_owned()) && found[0].words.contains(&"card".to_owned()));
        assert_eq!(keys(&index, "你好，我的退款什么时候到账户？")[0], "zh-refund");
        assert_eq!(
            index.find("can I have my vouchers paid out", AGENT, 3)[0].heading.as_deref(),
            Some("Vouchers")
        );
    }

    #[test]
    fn a_question_about_something_else_finds_nothing() {
        let index = shop();
        assert!(keys(&index, "do you sell second hand telescopes in Antarctica").is_empty());
        assert!(keys(&index, "the of and 的 了").is_empty());
        assert!(Index::default().find("refund", AGENT, 3).is_empty());
    }

    #[test]
    fn what_one_may_not_see_and_what_expired_is_not_shown() {
        let mut index = shop();
        let mut secret = article("goodwill", "Goodwill refund", "Up to 50 euros of refund without asking.");
        secret.draft.audience = Audience::Supervisors;
        index.put(secret.clone());
        assert!(!keys(&index, "goodwill refund").contains(&"goodwill".to_owned()));
        let supervisor = Reader { audience: Audience::Supervisors, now: NOW };
        assert_eq!(index.find("goodwill refund", supervisor, 3)[0].key, "goodwill");
        secret.draft.expires_at = Some(NOW);
        index.put(secret);
        assert!(index.find("goodwill refund", supervisor, 3).iter().all(|found| found.key != "goodwill"));
    }

    #[test]
    fn a_new_version_takes_the_place_of_the_old_one() {
        let mut index = shop();
        let before = index.len();
        index.put(article("ship", "Delivery", "Bicycle couriers bring it in an hour."));
        assert_eq!(index.len(), before);
        assert!(keys(&index, "warehouse parcels").is_empty());
        assert_eq!(keys(&index, "courier"), ["ship"]);
    }

    #[test]
    fn the_same_passage_in_two_articles_is_shown_once() {
        let mut index = shop();
        index.put(article("copy", "Password", "Use the link on the sign-in page to choose a new password!"));
        assert_eq!(keys(&index, "new password").len(), 1);
    }

    #[test]
    fn thumbs_teach() {
        let mut index = shop();
        let question = "cannot log into my account";
        assert!(keys(&index, question).is_empty());
        let words = index.words(question);
        index.teach(&Vote { key: "pw".into(), words: words.clone(), useful: true });
        assert_eq!(keys(&index, question), ["pw"]);
        assert_eq!(index.find(question, AGENT, 3)[0].taught, 1);
        for _ in 0..3 {
            index.teach(&Vote { key: "pw".into(), words: words.clone(), useful: false });
        }
        assert!(keys(&index, question).is_empty());
    }
}
