//! A text of two scripts in pieces of one, each for the voice that can read it.

use kernel::Lang;

/// The pieces in order; digits, spaces and marks stay with what stands before them.
pub(super) fn pieces(text: &str, lang: Lang) -> Vec<(Lang, &str)> {
    let mut pieces = Vec::new();
    let mut begin = 0;
    let mut present = lang;
    for (at, c) in text.char_indices() {
        let Some(script) = script(c).filter(|script| *script != present) else { continue };
        push(&mut pieces, present, text.get(begin..at));
        begin = at;
        present = script;
    }
    push(&mut pieces, present, text.get(begin..));
    pieces
}

fn push<'a>(pieces: &mut Vec<(Lang, &'a str)>, lang: Lang, piece: Option<&'a str>) {
    if let Some(piece) = piece.filter(|piece| piece.chars().any(char::is_alphanumeric)) {
        pieces.push((lang, piece));
    }
}

/// The language whose voice reads this character; `None` for what both can.
fn script(c: char) -> Option<Lang> {
    match c {
        'a'..='z' | 'A'..='Z' => Some(Lang::En),
        // Han characters with their extensions.
        '\u{2e80}'..='\u{2fdf}'
        | '\u{3400}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3134f}' => Some(Lang::Zh),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_where_the_script_changes() {
        use Lang::{En, Zh};
        for (text, lang, expected) in [
            ("Press 1.", En, vec![(En, "Press 1.")]),
            ("请按 1。For English, press 9.", Zh, vec![(Zh, "请按 1。"), (En, "For English, press 9.")]),
            ("Press 1. 中文请按八。", En, vec![(En, "Press 1. "), (Zh, "中文请按八。")]),
            ("欢迎使用 Voxdesk 客服", Zh, vec![(Zh, "欢迎使用 "), (En, "Voxdesk "), (Zh, "客服")]),
            ("Voxdesk", Zh, vec![(En, "Voxdesk")]),
            ("42", Zh, vec![(Zh, "42")]),
            (" … ", En, vec![]),
        ] {
            assert_eq!(pieces(text, lang), expected, "{text}");
        }
    }
}
