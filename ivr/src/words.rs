//! Words in what people write and say.

/// Lower case, full-width forms as plain ones (１ is what a Chinese keyboard may write), no space around.
pub(crate) fn plain(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    text.trim().chars().map(narrow).flat_map(char::to_lowercase).collect()
}

/// Whether a message has a word: letters of alphabets that use spaces must stand alone ("help", not "helpless").
pub(crate) fn says(text: &str, word: &str) -> bool {
    let stands_alone = |c: Option<char>| !c.is_some_and(|c| c.is_ascii_alphanumeric());
    !word.is_empty()
        && text.match_indices(word).any(|(at, _)| {
            let (before, rest) = text.split_at(at);
            let after = rest.get(word.len()..).unwrap_or_default();
            !word.is_ascii() || (stands_alone(before.chars().last()) && stands_alone(after.chars().next()))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_messages() {
        for (text, word, found) in [
            ("I need help!", "help", true),
            ("helpless", "help", false),
            ("我要技术支持", "支持", true),
            ("２", "2", true),
            ("Support please", "support", true),
            ("", "x", false),
            ("x", "", false),
        ] {
            assert_eq!(says(&plain(text), word), found, "{text} {word}");
        }
    }
}
