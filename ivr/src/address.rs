//! SIP addresses with placeholders, for steps that dial.
//!
//! Promises: what is rendered is a SIP URI (RFC 3261 section 19.1) whatever the caller's device sent as its number.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Longest value put in for a placeholder, in characters: real numbers have 15 (E.164), names under 64.
const PLACEHOLDER_CHARS: usize = 128;

/// `sip:{called}@192.0.2.7:5060`, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    user: Vec<Part>,
    /// Host, port and parameters.
    rest: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Caller,
    Called,
}

impl Template {
    /// Reads an address; the error says what was found and what would be right.
    ///
    /// # Errors
    /// When it is not `sip:[USER@]ADDRESS[:PORT][;transport=udp|tcp]`, or has an unknown placeholder.
    pub fn parse(text: &str) -> Result<Self, (String, String)> {
        const SHAPE: &str =
            "an address such as \"sip:{called}@192.0.2.7:5060\" or \"sip:desk@[2001:db8::7];transport=tcp\"";
        let wrong = |found: String| (found, SHAPE.to_owned());
        let body =
            text.strip_prefix("sip:").ok_or_else(|| wrong(format!("`{text}` does not begin with `sip:`")))?;
        let (user, rest) = match body.rsplit_once('@') {
            Some((user, rest)) => (parse_user(user)?, rest),
            None => (Vec::new(), body),
        };
        check_place(rest).map_err(wrong)?;
        Ok(Self { user, rest: rest.to_owned() })
    }

    /// The address for this caller and this dialled number; both come from outside and are escaped.
    #[must_use]
    pub fn render(&self, caller: &str, called: &str) -> String {
        let mut uri = String::from("sip:");
        for part in &self.user {
            match part {
                Part::Text(text) => uri.push_str(text),
                Part::Caller => escape(caller, &mut uri),
                Part::Called => escape(called, &mut uri),
            }
        }
        if !self.user.is_empty() {
            uri.push('@');
        }
        uri.push_str(&self.rest);
        uri
    }
}

fn parse_user(user: &str) -> Result<Vec<Part>, (String, String)> {
    let mut parts = Vec::new();
    let mut rest = user;
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('{') {
            let (part, after) = match inner.split_once('}') {
                Some(("caller", after)) => (Part::Caller, after),
                Some(("called", after)) => (Part::Called, after),
                _ => {
                    let found = format!("`{rest}` is not a placeholder");
                    return Err((found, "`{caller}` or `{called}`".to_owned()));
                }
            };
            parts.push(part);
            rest = after;
            continue;
        }
        let (text, after) = rest.split_at(rest.find('{').unwrap_or(rest.len()));
        if let Some(bad) = text.chars().find(|c| !is_plain(*c)) {
            return Err((
                format!("`{bad}` in the user part of a SIP address"),
                "letters, digits and - _ . ! ~ * ' ( ) + & = $ , /".to_owned(),
            ));
        }
        parts.push(Part::Text(text.to_owned()));
        rest = after;
    }
    if parts.is_empty() {
        return Err(("a SIP address with nothing before the `@`".to_owned(), "a user, or no `@`".to_owned()));
    }
    Ok(parts)
}

/// Characters that a user part may have unescaped (RFC 3261 section 25.1: unreserved, user-unreserved but `;` and `?`).
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_.!~*'()+&=$,/".contains(c)
}

fn escape(value: &str, uri: &mut String) {
    if value.is_empty() {
        uri.push_str("anonymous");
        return;
    }
    for c in value.chars().take(PLACEHOLDER_CHARS) {
        if is_plain(c) {
            uri.push(c);
            continue;
        }
        let mut bytes = [0; 4];
        for byte in c.encode_utf8(&mut bytes).bytes() {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
}

fn check_place(rest: &str) -> Result<(), String> {
    let (place, transport) = rest.split_once(';').unwrap_or((rest, "transport=udp"));
    if !matches!(transport, "transport=udp" | "transport=tcp") {
        return Err(format!("`;{transport}` is not a parameter that can be dialled with"));
    }
    let (host_is_good, port) = match place.strip_prefix('[') {
        Some(inner) => {
            let (host, after) = inner.split_once(']').unwrap_or((inner, "?"));
            (host.parse::<Ipv6Addr>().is_ok(), after)
        }
        None => {
            let (host, after) = place.split_at(place.find(':').unwrap_or(place.len()));
            (host.parse::<Ipv4Addr>().is_ok(), after)
        }
    };
    if !host_is_good {
        return Err(format!("`{place}` does not begin with an IP address"));
    }
    match port.strip_prefix(':') {
        None if port.is_empty() => Ok(()),
        Some(port)
            if port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0) =>
        {
            Ok(())
        }
        _ => Err(format!("`{port}` after the address is not a port")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_in() {
        let template = Template::parse("sip:x{called}-{caller}@127.0.0.1:7000;transport=tcp").expect("good");
        assert_eq!(template.render("c00012", "b_ulaw"), "sip:xb_ulaw-c00012@127.0.0.1:7000;transport=tcp");
        assert_eq!(Template::parse("sip:[2001:db8::7]").expect("good").render("a", "b"), "sip:[2001:db8::7]");
    }

    #[test]
    fn what_a_caller_sends_cannot_leave_its_place_in_the_address() {
        let template = Template::parse("sip:{caller}@192.0.2.1").expect("good");
        assert_eq!(template.render("a@evil;x?y\r\nz", ""), "sip:a%40evil%3Bx%3Fy%0D%0Az@192.0.2.1");
        assert_eq!(template.render("李", ""), "sip:%E6%9D%8E@192.0.2.1");
        assert_eq!(template.render("", ""), "sip:anonymous@192.0.2.1");
        assert_eq!(template.render(&"9".repeat(1000), "").len(), "sip:@192.0.2.1".len() + PLACEHOLDER_CHARS);
    }

    #[test]
    fn addresses_that_cannot_be_dialled_are_refused() {
        for bad in [
            "",
            "1000",
            "sips:a@192.0.2.1",
            "sip:a@",
            "sip:@192.0.2.1",
            "sip:a@host.example",
            "sip:a b@192.0.2.1",
            "sip:{who}@192.0.2.1",
            "sip:{caller@192.0.2.1",
            "sip:a@192.0.2.1:0",
            "sip:a@192.0.2.1:x",
            "sip:a@192.0.2.1:70000",
            "sip:a@192.0.2.1;lr",
            "sip:a@[::1",
            "sip:a@[::1]5060",
            "sip:a@192.0.2.1:+5",
        ] {
            assert!(Template::parse(bad).is_err(), "{bad}");
        }
    }
}
