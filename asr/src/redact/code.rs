//! Security codes of cards, PINs, passwords and one-time codes: a few digits, known by what was asked or said before them.

use super::{Kind, Look, Span};

/// Most digits of an expiry date with or without a code.
const LONGEST_AFTER: usize = 7;

pub(crate) fn find_cvv(look: &Look<'_>, out: &mut Vec<Span>) {
    for run in look.runs {
        let about = look.context.about(look, run.first());
        let asked = about == Some(Kind::Cvv) && (3..=4).contains(&run.digits.len());
        // Digits alone, shortly after a card number: the rest of it, its expiry date, its code, or the number once more.
        let after_card = look.context.card_was_said(look.now_ms) && only_digits(look);
        if asked || (after_card && about.is_none_or(|kind| matches!(kind, Kind::Card | Kind::Cvv))) {
            let kind = if run.digits.len() <= LONGEST_AFTER { Kind::Cvv } else { Kind::Card };
            out.push(Span { range: run.bytes(look.tokens, 0, run.digits.len()), kind });
        }
    }
}

pub(crate) fn find_pin(look: &Look<'_>, out: &mut Vec<Span>) {
    for run in look.runs {
        let asked = look.context.about(look, run.first()) == Some(Kind::Pin);
        if asked && (3..=12).contains(&run.digits.len()) {
            out.push(Span { range: run.bytes(look.tokens, 0, run.digits.len()), kind: Kind::Pin });
        }
    }
}

/// Whether nothing is said but digits and what people say between them.
fn only_digits(look: &Look<'_>) -> bool {
    // A date and a code; more is no answer, and long hostile text is not worth the work.
    look.runs.len() <= 4 && super::numbers::only_digits(look.tokens, look.runs)
}

#[cfg(test)]
mod tests {
    use crate::redact::{RedactPolicy, Source, redact};

    #[test]
    fn a_code_is_known_by_what_is_said_before_it() {
        for (said, shown) in [
            ("the security code is one two three.", "the security code is [security code]."),
            ("CVV 123", "CVV [security code]"),
            ("my PIN is 4 8 2 1, okay", "my PIN is [code], okay"),
            ("密码是一二三四。", "密码是［密码］。"),
            ("安全码是 371", "安全码是 ［安全码］"),
            ("the pin is on my order 4711", "the pin is on my order 4711"),
        ] {
            assert_eq!(redact(said, Source::Spoken, &RedactPolicy::default()).0, shown);
        }
    }
}
