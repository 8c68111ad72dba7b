//! National ids: the Chinese resident id (GB 11643: 17 digits and a check sign of 0-9 or X) and the US social security number.

use super::tokens::Token;
use super::{Kind, Look, Span};

pub(crate) fn find(look: &Look<'_>, out: &mut Vec<Span>) {
    for run in look.runs {
        let length = run.digits.len();
        let about = look.context.about(look, run.first()) == Some(Kind::NationalId);
        let end = if length == 17 { check_sign(look.tokens, run.last() + 1) } else { None };
        let chinese = (length == 18 && resident(&run.digits, None))
            || (end.is_some() && resident(&run.digits, Some('x')));
        let written = look.text.get(run.bytes(look.tokens, 0, length)).is_some_and(is_ssn);
        if chinese || written || (about && (6..=18).contains(&length)) {
            let mut range = run.bytes(look.tokens, 0, length);
            range.end = end.unwrap_or(range.end);
            out.push(Span { range, kind: Kind::NationalId });
        }
    }
}

/// Where the check sign X ends, if the next word is one (X, "ex", 叉).
fn check_sign(tokens: &[Token], at: usize) -> Option<usize> {
    let token = tokens.get(at)?;
    matches!(token.plain.as_str(), "x" | "ex" | "叉").then_some(token.range.end)
}

/// GB 11643: weights 2^(18-i) mod 11.
fn resident(digits: &str, sign: Option<char>) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const SIGNS: &[u8; 11] = b"10x98765432";
    let bytes = digits.as_bytes();
    let (Some(body), sign) = (bytes.get(..17), sign.map(|c| c as u8).or_else(|| bytes.get(17).copied()))
    else {
        return false;
    };
    let sum: u32 = body.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    Some(SIGNS[(sum % 11) as usize]) == sign
}

/// `ddd-dd-dddd`.
fn is_ssn(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['-', ' ']).collect();
    parts.len() == 3
        && parts.iter().zip([3, 2, 4]).all(|(p, n)| p.len() == n && p.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::redact::{Kind, RedactPolicy, Source, redact};

    #[test]
    fn ids_are_known_by_their_check_sign_or_form_or_name() {
        let policy = RedactPolicy { kinds: BTreeSet::from([Kind::NationalId]) };
        for (said, shown) in [
            ("我的号码是11010519491231002X。", "我的号码是［证件号］。"),
            ("一一零一零五 一九四九一二三一 零零二叉", "［证件号］"),
            ("11010519491231002 5", "11010519491231002 5"),
            ("it is 078-05-1120, yes", "it is [id number], yes"),
            (
                "my social security number is oh seven eight oh five one one two oh",
                "my social security number is [id number]",
            ),
        ] {
            assert_eq!(redact(said, Source::Spoken, &policy).0, shown);
        }
    }
}
