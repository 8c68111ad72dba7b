//! Bank accounts: IBANs by their check digits (ISO 13616), others by what was said before them.

use super::{Kind, Look, Span};

pub(crate) fn find(look: &Look<'_>, out: &mut Vec<Span>) {
    ibans(look, out);
    for run in look.runs {
        let about = look.context.about(look, run.first()) == Some(Kind::Account);
        if about && (6..=30).contains(&run.digits.len()) {
            out.push(Span { range: run.bytes(look.tokens, 0, run.digits.len()), kind: Kind::Account });
        }
    }
}

/// Two letters, two digits, 11 to 30 more signs; spaces and spelling do not matter.
fn ibans(look: &Look<'_>, out: &mut Vec<Span>) {
    let mut begin = 0;
    while begin < look.tokens.len() {
        match iban_end(look, begin) {
            Some(end) => {
                let range = look.tokens[begin].range.start..look.tokens[end].range.end;
                out.push(Span { range, kind: Kind::Account });
                begin = end + 1;
            }
            None => begin += 1,
        }
    }
}

fn iban_end(look: &Look<'_>, begin: usize) -> Option<usize> {
    let mut signs = String::new();
    let mut found = None;
    for (at, token) in look.tokens.iter().enumerate().skip(begin) {
        let before = look.runs.partition_point(|run| run.last() < at);
        let spoken = look.runs.get(before).filter(|run| run.from.contains(&at));
        match spoken {
            Some(run) => {
                signs.extend(
                    run.digits.chars().zip(&run.from).filter(|(_, from)| **from == at).map(|(c, _)| c),
                );
            }
            None if token.plain.is_ascii() && token.plain.len() <= 4 => {
                signs.push_str(&token.plain.to_ascii_uppercase())
            }
            None => break,
        }
        if signs.len() > 34 {
            break;
        }
        if signs.len() >= 15 && checks(&signs) {
            found = Some(at);
        }
    }
    found
}

/// ISO 7064 MOD 97-10 over the number with its first four signs moved to the end.
fn checks(iban: &str) -> bool {
    let bytes = iban.as_bytes();
    let shape = bytes[..2].iter().all(u8::is_ascii_uppercase) && bytes[2..4].iter().all(u8::is_ascii_digit);
    let mut rest = 0_u32;
    for &b in bytes[4..].iter().chain(&bytes[..4]) {
        rest = match b {
            b'0'..=b'9' => (rest * 10 + u32::from(b - b'0')) % 97,
            b'A'..=b'Z' => (rest * 100 + u32::from(b - b'A') + 10) % 97,
            _ => return false,
        };
    }
    shape && rest == 1
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::redact::{Kind, RedactPolicy, Source, redact};

    #[test]
    fn ibans_are_known_by_their_check_digits_and_accounts_by_name() {
        let policy = RedactPolicy { kinds: BTreeSet::from([Kind::Account]) };
        for (said, shown) in [
            ("DE89 3704 0044 0532 0130 00 please", "[account number] please"),
            ("D E eight nine 3704 0044 0532 0130 00", "[account number]"),
            ("DE88 3704 0044 0532 0130 00", "DE88 3704 0044 0532 0130 00"),
            ("my account number is 12 34 56 78", "my account number is [account number]"),
        ] {
            assert_eq!(redact(said, Source::Spoken, &policy).0, shown);
        }
    }
}
