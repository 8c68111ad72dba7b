//! Payment cards: 13 to 19 digits with an issuer's prefix (ISO/IEC 7812-1) and a Luhn digit.
//!
//! A recogniser mishears: of speech, as many digits with an issuer's prefix are taken for a card even if the Luhn digit is
//! wrong; with talk of cards before, already nine digits are.

use super::numbers::Run;
use super::{Kind, Look, Source, Span};

/// Shortest and longest card number.
const LENGTHS: std::ops::RangeInclusive<usize> = 13..=19;
/// Digits that count as (part of) a card number when a card is talked about.
const SPOKEN_OF: usize = 9;

pub(crate) fn find(look: &Look<'_>, out: &mut Vec<Span>) {
    for run in look.runs {
        let begin = match number(&run.digits) {
            Some(begin) => begin,
            None if suspicious(look, run) => 0,
            None => continue,
        };
        // What follows in one breath is the expiry date and the security code.
        let range = run.bytes(look.tokens, begin, run.digits.len());
        out.push(Span { range, kind: Kind::Card });
    }
}

fn suspicious(look: &Look<'_>, run: &Run) -> bool {
    let about = look.context.about(look, run.first());
    let length = run.digits.len();
    let spoken_of = about == Some(Kind::Card) && length >= SPOKEN_OF;
    let misheard = look.source == Source::Spoken
        && LENGTHS.contains(&length)
        && issued(&run.digits)
        && about.is_none_or(|kind| kind == Kind::Card);
    // Typed in parts: nothing but most of a number.
    let part = look.source == Source::Typed && length == 12 && issued(&run.digits) && alone(look, run);
    spoken_of || misheard || part
}

fn alone(look: &Look<'_>, run: &Run) -> bool {
    run.first() == 0 && run.last() + 1 == look.tokens.len()
}

/// Where a card number begins in digits, if there is one.
pub(crate) fn number(digits: &str) -> Option<usize> {
    let all = digits.as_bytes();
    (0..all.len()).find(|&begin| {
        LENGTHS.rev().any(|length| {
            all.get(begin..begin + length).is_some_and(|part| {
                luhn(part)
                    && std::str::from_utf8(part).is_ok_and(issued)
                    && !part.iter().all(|d| *d == part[0])
            })
        })
    })
}

/// Whether digits begin as an issuer's do: Visa, Mastercard, American Express, Diners, Discover, JCB, Maestro, UnionPay, Mir.
fn issued(digits: &str) -> bool {
    let prefix = |n: usize| digits.get(..n).and_then(|p| p.parse::<u32>().ok()).unwrap_or(0);
    let (two, three, four) = (prefix(2), prefix(3), prefix(4));
    matches!(two, 40..=49 | 50..=58 | 60 | 62..=69 | 34 | 36..=39)
        || matches!(three, 300..=305 | 309)
        || matches!(four, 2200..=2204 | 2221..=2720 | 3528..=3589 | 8100..=8171)
}

/// The check digit of ISO/IEC 7812-1 annex B.
fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let value = u32::from(digit - b'0');
            match (at % 2, value) {
                (0, value) => value,
                (_, value) if value > 4 => value * 2 - 9,
                (_, value) => value * 2,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use crate::redact::{Kind, RedactPolicy, Source, redact};

    fn spoken(text: &str) -> String {
        redact(text, Source::Spoken, &RedactPolicy::default()).0
    }

    #[test]
    fn a_card_number_is_found_however_it_is_said() {
        for said in [
            "it is 4111 1111 1111 1111 thanks",
            "it is 4111-1111-1111-1111 thanks",
            "it is 4,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1 thanks",
            "it is four one one one, one one one one, one one one one, one one one one thanks",
            "it is forty-one eleven eleven eleven eleven eleven eleven eleven thanks",
            "it is four triple one, double one double one, uh, double one double one and double one double one thanks",
            "it is 4111, then 1111 dash 1111 dash eleven eleven thanks",
            "it is for one one one 1111 1111 1111 1 thanks",
        ] {
            let shown = spoken(said);
            assert!(shown.contains("[card number]"), "{said}: {shown}");
            assert!(shown.starts_with("it is ") && shown.ends_with(" thanks"), "{shown}");
            assert!(!shown.contains("11") && !shown.contains("one one"), "{shown}");
        }
        assert_eq!(spoken("卡号是四幺幺幺 幺幺幺幺 一一一一 一一一一，谢谢"), "卡号是［卡号］，谢谢");
        assert_eq!(spoken("卡号是6222 0212 3456 7890 128。"), "卡号是［卡号］。");
    }

    #[test]
    fn a_misheard_digit_does_not_save_the_rest() {
        assert_eq!(spoken("4111 1111 1111 1112"), "[card number]");
        assert_eq!(spoken("my card is 4111 1111 1111"), "my card is [card number]");
    }

    #[test]
    fn other_numbers_stay() {
        for said in [
            "my order number is 4711 and I paid 1,250 euros in 2024",
            "call me at 030 1234 5678",
            "the four of clubs and the ten of hearts",
            "tracking number 9400 1118 9956 0000",
            "press 1 for sales, 2 for support, 3 for billing",
        ] {
            assert_eq!(spoken(said), said);
        }
    }

    #[test]
    fn typed_text_needs_the_check_digit() {
        let typed = |text| redact(text, Source::Typed, &RedactPolicy::default());
        assert!(typed("use 4111111111111111 please").1.contains(&Kind::Card));
        assert!(typed("use 4111111111111112 please").1.is_empty());
        assert!(typed("4111 1111 1111").1.contains(&Kind::Card));
    }
}
