//! A text as words: Latin words, runs of digits, single Han characters. What is between them separates and is no word.

use std::ops::Range;

/// A word with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Lower case; full-width digits as ASCII.
    pub plain: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letters,
    Digits,
    Han,
    Between,
}

pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    let mut before = Class::Between;
    for (at, c) in text.char_indices() {
        // "you're" is one word.
        let class = if c == '\'' && before == Class::Letters { Class::Letters } else { class(c) };
        let end = at + c.len_utf8();
        match (class, found.last_mut()) {
            (Class::Between, _) => {}
            (Class::Letters | Class::Digits, Some(last)) if class == before && last.range.end == at => {
                last.range.end = end;
                last.plain.extend(plain(c));
            }
            _ => found.push(Token { range: at..end, plain: plain(c).collect() }),
        }
        before = class;
    }
    found
}

fn class(c: char) -> Class {
    match c {
        '0'..='9' | '０'..='９' => Class::Digits,
        _ if crate::words::is_wide(c) && c.is_alphanumeric() => Class::Han,
        '〇' => Class::Han,
        _ if c.is_alphanumeric() => Class::Letters,
        _ => Class::Between,
    }
}

fn plain(c: char) -> impl Iterator<Item = char> {
    let c = match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        _ => c,
    };
    c.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_letters_and_han_are_words_of_their_own() {
        let found: Vec<String> = tokens("Card 4111-11a, 卡号１２").into_iter().map(|t| t.plain).collect();
        assert_eq!(found, ["card", "4111", "11", "a", "卡", "号", "12"]);
    }
}
