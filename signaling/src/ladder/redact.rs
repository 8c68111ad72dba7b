//! What is never kept of a message, whoever looks: proofs of passwords, keys of media, keys pressed.
//!
//! Promises: letters are written over in place, so the length (and Content-Length) holds; what is unclear is written over.

use crate::message::grammar;

/// Written over what is not kept.
const OVER: u8 = b'x';
/// Parameters of a digest that prove nothing.
const PROVES_NOTHING: [&str; 10] =
    ["username", "realm", "nonce", "uri", "algorithm", "qop", "nc", "cnonce", "opaque", "stale"];
/// Headers that prove a password.
const PROOFS: [&str; 4] =
    ["Authorization", "Proxy-Authorization", "Authentication-Info", "Proxy-Authentication-Info"];
/// Lines of SDP with keys, and where in them the key begins.
const KEYS: [(&[u8], &[u8]); 4] =
    [(b"a=crypto", b"inline:"), (b"a=ice-pwd", b":"), (b"a=key-mgmt", b":"), (b"k=", b"=")];

/// Writes over what is never kept: digest responses (RFC 7616), keys of SRTP (RFC 4568) and ICE, and keys pressed that are sent by
/// INFO, which may be a card's number.
pub fn redact(bytes: &mut [u8]) {
    let mut at = 0;
    let (mut begun, mut in_body, mut keys_pressed) = (false, false, false);
    while at < bytes.len() {
        let end = line_end(bytes, at);
        let next = after(bytes, end);
        let Some(line) = bytes.get(at..end) else { return };
        match line.first() {
            None => in_body |= begun,
            Some(b'A' | b'a' | b'P' | b'p' | b'K' | b'k' | b'C' | b'c') => {
                let whole = folded(bytes, next);
                if let Some(value) = proof(line) {
                    over_credentials(bytes.get_mut(at + value..whole).unwrap_or_default());
                } else if let Some(key) = key(line) {
                    over(bytes.get_mut(at + key..whole).unwrap_or_default());
                } else if !in_body && is_keys_pressed(line) {
                    keys_pressed = true;
                }
            }
            Some(_) => {}
        }
        begun |= at < end;
        if keys_pressed && in_body {
            over_pressed(bytes.get_mut(at..end).unwrap_or_default());
        }
        at = next;
    }
}

/// Breaks of any kind may be one to somebody: lines end at each.
fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter().position(|b| matches!(b, b'\r' | b'\n')).map_or(bytes.len(), |n| at + n)
}

/// Behind the break at `end`.
fn after(bytes: &[u8], end: usize) -> usize {
    match bytes.get(end..) {
        Some([b'\r', b'\n', ..]) => end + 2,
        Some([]) | None => bytes.len(),
        Some(_) => end + 1,
    }
}

/// Where what was folded into the line before `next` ends (RFC 3261 section 7.3.1).
fn folded(bytes: &[u8], mut next: usize) -> usize {
    while matches!(bytes.get(next), Some(b' ' | b'\t')) {
        next = after(bytes, line_end(bytes, next));
    }
    next
}

/// Where the value of a header begins that proves a password.
fn proof(line: &[u8]) -> Option<usize> {
    let colon = line.iter().position(|b| *b == b':')?;
    let name = line.get(..colon)?.trim_ascii_end();
    PROOFS.iter().any(|proof| name.eq_ignore_ascii_case(proof.as_bytes())).then_some(colon + 1)
}

/// Where the key begins.
fn key(line: &[u8]) -> Option<usize> {
    let begins = |what: &[u8]| line.get(..what.len()).is_some_and(|start| start.eq_ignore_ascii_case(what));
    let (_, mark) = KEYS.iter().find(|(start, _)| begins(start))?;
    // A line of keys without the mark is none that we know: all of it goes.
    let found = line.windows(mark.len()).position(|w| w.eq_ignore_ascii_case(mark));
    Some(found.map_or(2, |n| n + mark.len()).min(line.len()))
}

fn is_keys_pressed(line: &[u8]) -> bool {
    let Some(colon) = line.iter().position(|b| *b == b':') else { return false };
    let (name, value) = line.split_at(colon);
    let name = name.trim_ascii_end();
    (name.eq_ignore_ascii_case(b"Content-Type") || name.eq_ignore_ascii_case(b"c"))
        && value.windows(4).any(|w| w.eq_ignore_ascii_case(b"dtmf"))
}

/// `Signal=5` and a bare `5` alike; how long it was pressed tells nothing.
fn over_pressed(line: &mut [u8]) {
    let duration = line.get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"Duration"));
    let from = line.iter().position(|b| *b == b'=').map_or(0, |n| n + 1);
    if !duration {
        over(line.get_mut(from..).unwrap_or_default());
    }
}

fn over(bytes: &mut [u8]) {
    for b in bytes {
        if !b.is_ascii_whitespace() && *b != b'"' {
            *b = OVER;
        }
    }
}

/// `Digest name=value, …`: every value that proves something; of any other scheme, all of it.
fn over_credentials(value: &mut [u8]) {
    let space = value.iter().take_while(|b| b.is_ascii_whitespace()).count();
    let scheme = value.get(space..space + 6).is_some_and(|word| word.eq_ignore_ascii_case(b"Digest"));
    // What follows a proof (`rspauth="…"`) has no scheme.
    let bare = || {
        let word = value.iter().skip(space).take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
        value.get(space + word) == Some(&b'=')
    };
    let mut at = match (scheme, bare()) {
        (true, _) => space + 6,
        (false, true) => space,
        (false, false) => return over(value.get_mut(space..).unwrap_or_default()),
    };
    while at < value.len() {
        let rest = value.get(at..).unwrap_or_default();
        let equals = rest.iter().position(|b| matches!(b, b'=' | b',')).unwrap_or(rest.len());
        let name = rest.get(..equals).unwrap_or_default().trim_ascii();
        let harmless = PROVES_NOTHING.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()));
        let is_value = rest.get(equals) == Some(&b'=');
        if !is_value || !grammar::is_token(name) {
            // No parameter: a quote that closed elsewhere than it seemed may have left a value here.
            over(value.get_mut(at..at + equals).unwrap_or_default());
        }
        at += equals + 1;
        if !is_value {
            continue;
        }
        let end = at + value_length(value.get(at..).unwrap_or_default());
        if !harmless {
            over(value.get_mut(at..end).unwrap_or_default());
        }
        at = end;
    }
}

/// How long a value is: to its closing quote, or to the comma.
fn value_length(rest: &[u8]) -> usize {
    let space = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
    let quoted = rest.get(space..).filter(|value| value.first() == Some(&b'"'));
    if let Some(close) = quoted.and_then(grammar::closing_quote) {
        return space + close + 1;
    }
    rest.iter().position(|b| *b == b',').unwrap_or(rest.len())
}
