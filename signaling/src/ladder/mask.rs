//! Messages without whom they concern: users, names, numbers, what customers' headers say, the second half of addresses.
//!
//! Promises: what is not known to be harmless is shown as `***`; a message that reads badly is shown by what reads well of it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Sight;
use crate::message::grammar;
use crate::message::parse::Message;
use crate::message::status::phrase;

/// Stands for what is not shown.
const HIDDEN: &str = "***";

/// Headers that say nothing of anybody but, maybe, an address. In lower case, with compact forms.
const HARMLESS: &[&str] = &[
    "accept",
    "accept-encoding",
    "accept-language",
    "allow",
    "allow-events",
    "c",
    "call-id",
    "content-disposition",
    "content-encoding",
    "content-length",
    "content-type",
    "cseq",
    "date",
    "e",
    "event",
    "expires",
    "i",
    "k",
    "l",
    "max-forwards",
    "mime-version",
    "min-expires",
    "min-se",
    "o",
    "privacy",
    "proxy-authenticate",
    "proxy-require",
    "rack",
    "refer-sub",
    "require",
    "rseq",
    "server",
    "session-expires",
    "subscription-state",
    "supported",
    "timestamp",
    "u",
    "unsupported",
    "user-agent",
    "v",
    "via",
    "www-authenticate",
    "x",
];
/// Headers whose quoted text is for people.
const WITH_TEXT: &[&str] = &["reason", "warning"];
/// Headers of addresses.
const ADDRESSES: &[&str] = &[
    "b",
    "contact",
    "diversion",
    "f",
    "from",
    "history-info",
    "m",
    "p-asserted-identity",
    "p-associated-uri",
    "p-called-party-id",
    "p-preferred-identity",
    "path",
    "r",
    "record-route",
    "refer-to",
    "referred-by",
    "remote-party-id",
    "reply-to",
    "route",
    "service-route",
    "t",
    "to",
];
/// Parameters of addresses and URIs that say nothing of anybody.
const PARAMETERS: &[&str] = &[
    "cause",
    "counter",
    "expires",
    "index",
    "limit",
    "lr",
    "maddr",
    "method",
    "ob",
    "party",
    "privacy",
    "q",
    "reason",
    "received",
    "reg-id",
    "rport",
    "screen",
    "tag",
    "transport",
    "ttl",
    "user",
];

/// A text as it may be seen.
pub(super) fn hide(sight: Sight, text: &str, mask: impl Fn(&str, IpAddr) -> String) -> String {
    match sight {
        Sight::Whole => text.to_owned(),
        Sight::Masked { ours } => mask(text, ours),
    }
}

/// A whole message.
pub(super) fn message(bytes: &[u8], ours: IpAddr) -> String {
    let Some(message) = Message::split(bytes) else { return HIDDEN.to_owned() };
    let mut text = start(&message, ours);
    for header in &message.headers {
        let name = grammar::shown(header.raw_name);
        let value = grammar::shown(&header.value);
        text.push_str("\r\n");
        text.push_str(&name);
        text.push_str(": ");
        text.push_str(&value_of(&name.to_ascii_lowercase(), &value, ours));
    }
    text.push_str("\r\n\r\n");
    body(&mut text, &message, ours);
    text
}

fn start(message: &Message<'_>, ours: IpAddr) -> String {
    let line = grammar::shown(message.start);
    let mut words = line.splitn(3, ' ');
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if message.is_response() {
        let status = second.parse().unwrap_or(0);
        return format!("SIP/2.0 {status} {}", phrase(status));
    }
    let method = if grammar::is_token(first.as_bytes()) { first } else { HIDDEN };
    format!("{method} {} SIP/2.0", uri(second, ours))
}

fn value_of(name: &str, value: &str, ours: IpAddr) -> String {
    if HARMLESS.contains(&name) {
        return addresses(value, ours);
    }
    if WITH_TEXT.contains(&name) {
        return addresses(&without_quoted(value), ours);
    }
    if ADDRESSES.contains(&name) {
        let parts = split(value, ',');
        let masked: Vec<String> = parts.into_iter().map(|part| name_address(part, ours)).collect();
        return masked.join(", ");
    }
    if name == "authorization" || name == "proxy-authorization" {
        let scheme = value.split(' ').next().filter(|word| grammar::is_token(word.as_bytes()));
        return format!("{} {HIDDEN}", scheme.unwrap_or_default()).trim_start().to_owned();
    }
    HIDDEN.to_owned()
}

/// Every quoted text hidden; one that does not close hides the rest.
fn without_quoted(value: &str) -> String {
    let mut shown = String::new();
    let mut rest = value;
    while let Some((before, quoted)) = rest.split_once('"') {
        shown.push_str(before);
        shown.push('"');
        shown.push_str(HIDDEN);
        shown.push('"');
        let close = grammar::closing_quote(format!("\"{quoted}").as_bytes());
        rest = close.and_then(|n| quoted.get(n..)).unwrap_or_default();
    }
    shown + rest
}

/// `"Name" <uri>;parameters` (RFC 3261 section 20.10), or the bare URI.
fn name_address(text: &str, ours: IpAddr) -> String {
    let text = text.trim();
    if text == "*" {
        return text.to_owned();
    }
    let opening = split(text, '<').first().map_or(0, |before| before.len());
    match text.get(opening..).filter(|rest| rest.starts_with('<')) {
        Some(rest) => {
            let name = text.get(..opening).is_some_and(|name| !name.trim().is_empty());
            let (inside, behind) = rest.get(1..).unwrap_or_default().split_once('>').unwrap_or((rest, ""));
            let name = if name { format!("\"{HIDDEN}\" ") } else { String::new() };
            format!("{name}<{}>{}", uri(inside.trim_start_matches('<'), ours), parameters(behind, ours))
        }
        None => {
            let (bare, behind) = text.split_at(text.find(';').unwrap_or(text.len()));
            format!("{}{}", uri(bare, ours), parameters(behind, ours))
        }
    }
}

/// A URI: scheme and host, and what is harmless of the rest.
fn uri(text: &str, ours: IpAddr) -> String {
    let Some((scheme, rest)) = text.split_once(':') else { return HIDDEN.to_owned() };
    let known = ["sip", "sips"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    if !known {
        let tel = scheme.eq_ignore_ascii_case("tel");
        return if tel { format!("tel:{HIDDEN}") } else { HIDDEN.to_owned() };
    }
    let (user, rest) = match rest.rsplit_once('@') {
        Some((_, rest)) => (format!("{HIDDEN}@"), rest),
        None => (String::new(), rest),
    };
    let (rest, headers) = rest.split_once('?').map_or((rest, ""), |(rest, _)| (rest, "?***"));
    let (host, behind) = rest.split_at(rest.find(';').unwrap_or(rest.len()));
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    // A user or number can stand where a host does.
    let doubtful = user.is_empty() && !host.contains(['.', '[']);
    let host = if host.chars().all(is_host) && !doubtful { addresses(host, ours) } else { HIDDEN.to_owned() };
    format!("{scheme}:{user}{host}{}{headers}", parameters(behind, ours))
}

fn parameters(text: &str, ours: IpAddr) -> String {
    let mut shown = String::new();
    for parameter in split(text, ';').into_iter().skip(1) {
        let (name, value) = parameter.split_once('=').map_or((parameter, None), |(n, v)| (n, Some(v)));
        shown.push(';');
        match (PARAMETERS.contains(&name.trim().to_ascii_lowercase().as_str()), value) {
            (false, _) => shown.push_str(HIDDEN),
            (true, None) => shown.push_str(name),
            (true, Some(value)) if grammar::is_token(value.as_bytes()) => {
                shown.push_str(&format!("{name}={}", addresses(value, ours)));
            }
            (true, Some(_)) => shown.push_str(&format!("{name}={HIDDEN}")),
        }
    }
    shown
}

/// Cuts at `at` outside quotes and angle brackets.
fn split(text: &str, at: char) -> Vec<&str> {
    let (mut parts, mut from, mut quoted, mut escaped, mut inside) = (Vec::new(), 0, false, false, false);
    for (i, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            c if c == at && !inside => {
                parts.push(text.get(from..i).unwrap_or_default());
                from = i + c.len_utf8();
                inside = c == '<';
            }
            '<' => inside = true,
            '>' => inside = false,
            _ => {}
        }
    }
    parts.push(text.get(from..).unwrap_or_default());
    parts
}

fn body(text: &mut String, message: &Message<'_>, ours: IpAddr) {
    let kind = message.first(crate::message::header::Name::ContentType).unwrap_or_default();
    if message.body.is_empty() {
        return;
    }
    if !kind.get(..15).is_some_and(|kind| kind.eq_ignore_ascii_case(b"application/sdp")) {
        text.push_str(&format!("[{} bytes]", message.body.len()));
        return;
    }
    for line in message.body.split(|b| matches!(b, b'\r' | b'\n')).filter(|line| !line.is_empty()) {
        let line = grammar::shown(line);
        match line.split_once('=') {
            // Whose session it is: user, name, description, pages, mail and telephone (RFC 8866 section 5).
            Some(("o", value)) => {
                let rest = value.split_once(' ').map_or("", |(_, rest)| rest);
                text.push_str(&format!("o={HIDDEN} {}", addresses(rest, ours)));
            }
            Some(("a" | "b" | "c" | "m" | "r" | "t" | "v" | "z", _)) => {
                text.push_str(&addresses(&line, ours))
            }
            Some((kind, _)) if kind.len() == 1 => text.push_str(&format!("{kind}={HIDDEN}")),
            Some(_) | None => text.push_str(HIDDEN),
        }
        text.push_str("\r\n");
    }
}

/// The first half of an address.
pub(super) fn ip(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, _, _] = ip.octets();
            format!("{a}.{b}.x.x")
        }
        IpAddr::V6(ip) => {
            let [a, b, ..] = ip.segments();
            format!("{a:x}:{b:x}:x")
        }
    }
}

/// Text with every address in it cut to its first half, but ours.
pub(super) fn addresses(text: &str, ours: IpAddr) -> String {
    let is_part = |c: char| c.is_ascii_hexdigit() || matches!(c, '.' | ':');
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(from) = rest.find(is_part) {
        let (before, behind) = rest.split_at(from);
        let (run, after) = behind.split_at(behind.find(|c| !is_part(c)).unwrap_or(behind.len()));
        shown.push_str(before);
        match run.trim_end_matches(['.', ':']).parse::<Ipv6Addr>() {
            Ok(address) if run.matches(':').count() > 1 => push_ip(&mut shown, IpAddr::V6(address), ours),
            Ok(_) | Err(_) => v4_in(&mut shown, run, ours),
        }
        rest = after;
    }
    shown + rest
}

fn push_ip(shown: &mut String, address: IpAddr, ours: IpAddr) {
    if address == ours {
        shown.push_str(&address.to_string());
    } else {
        shown.push_str(&ip(address));
    }
}

/// A run of digits, dots and colons: the IPv4 addresses in it are cut.
fn v4_in(shown: &mut String, run: &str, ours: IpAddr) {
    for (n, piece) in run.split(':').enumerate() {
        if n > 0 {
            shown.push(':');
        }
        let from = piece.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
        let (before, rest) = piece.split_at(from);
        // A letter of a word before it may look like a hexadecimal digit.
        let digits = rest.rfind(|c: char| c.is_ascii_alphabetic()).map_or(0, |at| at + 1);
        let (word, number) = rest.split_at(digits);
        match number.trim_matches('.').parse::<Ipv4Addr>() {
            Ok(address) => {
                shown.push_str(before);
                shown.push_str(word);
                push_ip(shown, IpAddr::V4(address), ours);
            }
            // Four numbers or more that are no address may be one with something before it.
            Err(_) if number.matches('.').count() >= 3 => {
                shown.push_str(before);
                shown.push_str(HIDDEN);
            }
            Err(_) => shown.push_str(piece),
        }
    }
}
