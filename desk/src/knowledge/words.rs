//! Words to search by: Chinese cut by jieba's dictionary, others at what is no letter or digit, English endings taken off.
//!
//! Promises: total; bounded by the text. Words that carry nothing (the, 的) are left out.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use jieba_rs::Jieba;

/// Longest word kept, in characters.
const WORD_CHARS: usize = 40;

/// English and Chinese words without a matter of their own.
const EMPTY_WORDS: &str = "a an and are as at be been but by can could did do does for from had has have hello hi how i if \
    in is it its just me my not of on or our please so thank thanks that the their them then there they this to was we were \
    what when where which who why will with would yes you your am about any want need like get got know tell okay ok \
    的 了 吗 呢 吧 啊 我 你 您 他 她 它 们 我们 你们 是 在 有 和 与 就 也 都 要 想 请 请问 一下 一个 这 那 这个 那个 怎么 \
    什么 如何 可以 能 能不能 会 到 把 被 给 对 从 为 上 下 里 还 很 谢谢 你好 您好 好 好的 哪里 哪 多少 为什么 怎么办 怎样";

/// Cuts text into words. Making one loads a dictionary of some ten megabytes: make one, and share it.
pub struct Words {
    jieba: Jieba,
    empty: BTreeSet<&'static str>,
}

impl Default for Words {
    fn default() -> Self {
        Self { jieba: Jieba::new(), empty: EMPTY_WORDS.split_whitespace().collect() }
    }
}

impl Default for &'static Words {
    fn default() -> Self {
        Words::shared()
    }
}

/// The one dictionary of the process.
static SHARED: LazyLock<Words> = LazyLock::new(Words::default);

impl Words {
    /// The words that everybody in the process shares; the first call loads the dictionary.
    #[must_use]
    pub fn shared() -> &'static Self {
        &SHARED
    }

    /// Every word of `text`, empty ones too, and where in it each stands (bytes). Chinese words may overlap.
    #[must_use]
    pub fn places(&self, text: &str) -> Vec<(Range<usize>, String)> {
        let mut places = Vec::new();
        let mut keep = |at: Range<usize>, word: &str| {
            let lower = word.to_lowercase();
            let word = if lower.is_ascii() { stem(&lower) } else { lower };
            if !word.is_empty() && word.chars().count() <= WORD_CHARS {
                places.push((at, word));
            }
        };
        let mut start = 0;
        for piece in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
            let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
            if word.is_ascii() {
                keep(start..start + word.len(), word);
            } else {
                for token in self.jieba.cut_for_search(word, true) {
                    keep(start + token.byte_start..start + token.byte_end, token.word);
                }
            }
            start += piece.len();
        }
        places
    }

    /// The words of `text`, in order, with repetitions.
    #[must_use]
    pub fn of(&self, text: &str) -> Vec<String> {
        let mut words = Vec::new();
        let lower = text.to_lowercase();
        for piece in lower.split(|c: char| !c.is_alphanumeric()).filter(|piece| !piece.is_empty()) {
            if piece.is_ascii() {
                self.keep(&mut words, &stem(piece));
            } else {
                for word in self.jieba.cut_for_search(piece, true) {
                    self.keep(
                        &mut words,
                        &if word.word.is_ascii() { stem(word.word) } else { word.word.to_owned() },
                    );
                }
            }
        }
        words
    }

    fn keep(&self, words: &mut Vec<String>, word: &str) {
        if !word.is_empty() && !self.empty.contains(word) && word.chars().count() <= WORD_CHARS {
            words.push(word.to_owned());
        }
    }
}

/// An English word without the endings that questions and answers differ in: plural, -ing, -ed.
fn stem(word: &str) -> String {
    let long = |rest: &str| rest.len() >= 3 && rest.bytes().any(|b| b"aeiouy".contains(&b));
    if let Some(rest) = word.strip_suffix("ies").filter(|rest| rest.len() >= 2) {
        return format!("{rest}y");
    }
    for ending in ["sses", "shes", "ches", "xes"] {
        if word.ends_with(ending) {
            return word.strip_suffix("es").unwrap_or(word).to_owned();
        }
    }
    for ending in ["ing", "ed"] {
        if let Some(rest) = word.strip_suffix(ending).filter(|rest| long(rest)) {
            return without_final_e(undoubled(rest));
        }
    }
    let word = match word.strip_suffix('s') {
        Some(rest) if rest.len() >= 3 && !rest.ends_with(['s', 'u', 'i']) => rest,
        _ => word,
    };
    without_final_e(word)
}

/// `stopp` of stopping is `stop`; `fall` stays.
fn undoubled(word: &str) -> &str {
    let bytes = word.as_bytes();
    match bytes {
        [.., one, other] if one == other && !b"lsz".contains(one) => &word[..word.len() - 1],
        _ => word,
    }
}

/// `charge` and `charg(ing)` meet.
fn without_final_e(word: &str) -> String {
    word.strip_suffix('e').filter(|rest| rest.len() >= 3).unwrap_or(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_meet() {
        let words = Words::default();
        for (one, other) in [
            ("refunds", "refund"),
            ("charged", "charging"),
            ("deliveries", "delivery"),
            ("addresses", "address"),
            ("stopped", "stop"),
            ("Invoices", "invoice"),
        ] {
            assert_eq!(words.of(one), words.of(other), "{one} {other}");
        }
        assert_ne!(words.of("address"), words.of("add"));
    }

    #[test]
    fn chinese_is_cut_into_words_and_empty_words_are_left_out() {
        let words = Words::default();
        let cut = words.of("请问怎么申请退款？My order");
        assert!(cut.contains(&"申请".to_owned()) && cut.contains(&"退款".to_owned()), "{cut:?}");
        assert!(cut.contains(&"order".to_owned()), "{cut:?}");
        assert!(words.of("的 了 吗 the is of").is_empty());
    }

    #[test]
    fn every_word_is_found_at_its_place() {
        let words = Words::shared();
        for text in ["Refunds, please: 申请退款！", "İstanbul ist ÖDE", "的", "", "  ,"] {
            for (at, word) in words.places(text) {
                let there = text.get(at.clone()).expect("whole characters").to_lowercase();
                assert!(there.starts_with(word.trim_end_matches('y')), "{text} {at:?} {word}");
            }
        }
        let cut: Vec<String> =
            words.places("the refunds 申请退款").into_iter().map(|(_, word)| word).collect();
        assert_eq!(cut, ["the", "refund", "申请", "退款"]);
    }

    #[test]
    fn no_text_is_too_strange() {
        let words = Words::default();
        for strange in
            ["", "\u{0}\u{202e}", "😀😀", "ﬀİ", "éééé", "ing", "ed", "s", "ies", &"长".repeat(5_000)]
        {
            assert!(words.of(strange).len() <= strange.len() + 1);
            assert!(words.places(strange).len() <= strange.len() + 1);
        }
    }
}
