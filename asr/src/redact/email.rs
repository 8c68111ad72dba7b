//! E-mail addresses: written with @, or spoken ("john dot smith at example dot com").

use super::tokens::Token;
use super::{Kind, Look, Span};

/// Ends of names that people say. Others are known by "@".
const ENDS: &[&str] = &[
    "com", "org", "net", "edu", "gov", "io", "co", "uk", "de", "fr", "cn", "eu", "us", "info", "biz", "ch",
    "at", "app", "dev",
];

pub(crate) fn find(look: &Look<'_>, out: &mut Vec<Span>) {
    for (at, _) in look.text.match_indices('@') {
        let own = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
        let before = look.text.get(..at).unwrap_or("");
        let after = look.text.get(at + 1..).unwrap_or("");
        let start =
            before.rfind(|c| !own(c)).map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8));
        let end = after.find(|c| !own(c)).unwrap_or(after.len());
        let host = after.get(..end).unwrap_or("").trim_end_matches('.');
        if start < at && host.contains('.') {
            out.push(Span { range: start..at + 1 + host.len(), kind: Kind::Email });
        }
    }
    let mut from = 0;
    while let Some(at) =
        (from..look.tokens.len()).find(|&at| matches!(look.tokens[at].plain.as_str(), "at" | "艾特" | "圈"))
    {
        from = at + 1;
        if let Some(end) = host_end(look.tokens, at + 1)
            && let Some(start) = name_start(look.tokens, at)
        {
            out.push(Span {
                range: look.tokens[start].range.start..look.tokens[end].range.end,
                kind: Kind::Email,
            });
            from = end + 1;
        }
    }
}

fn is_dot(word: &str) -> bool {
    matches!(word, "dot" | "point" | "点")
}

/// The last word of "example dot co dot uk".
fn host_end(tokens: &[Token], begin: usize) -> Option<usize> {
    let mut end = None;
    let mut at = begin;
    // A host has few words before its dot ("blue sky dot com").
    while at < tokens.len() && at - begin < 8 {
        let word = tokens[at].plain.as_str();
        let dotted = at > begin && is_dot(&tokens[at - 1].plain);
        if dotted && ENDS.contains(&word) {
            end = Some(at);
        } else if end.is_some() && !is_dot(word) {
            break;
        }
        at += 1;
    }
    end
}

/// The first word of the name before "at": one word, more if joined by "dot" or spelled letter by letter.
fn name_start(tokens: &[Token], at: usize) -> Option<usize> {
    let mut start = at.checked_sub(1)?;
    while let Some(before) = start.checked_sub(1) {
        let joins = |word: &str| {
            is_dot(word) || matches!(word, "underscore" | "dash" | "hyphen" | "下" | "划" | "线")
        };
        let word = tokens[before].plain.as_str();
        let spelled = word.chars().count() == 1 && word.is_ascii() && word != "a" && word != "i";
        let digits = word.bytes().all(|b| b.is_ascii_digit());
        if joins(word) || joins(&tokens[start].plain) || spelled || digits {
            start = before;
        } else {
            break;
        }
    }
    Some(start)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::redact::{Kind, RedactPolicy, Source, redact};

    #[test]
    fn addresses_are_found_written_and_spoken() {
        let policy = RedactPolicy { kinds: BTreeSet::from([Kind::Email]) };
        for (said, shown) in [
            ("write to john.smith@example.com.", "write to [e-mail address]."),
            ("it is john dot smith at example dot com thanks", "it is [e-mail address] thanks"),
            ("j s m at blue sky dot co dot uk", "[e-mail address]"),
            ("邮箱是zhang@example.cn，谢谢", "邮箱是［电子邮箱］，谢谢"),
            ("meet me at noon, at the point of no return", "meet me at noon, at the point of no return"),
        ] {
            assert_eq!(redact(said, Source::Spoken, &policy).0, shown);
        }
    }
}
