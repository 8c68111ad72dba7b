//! Addresses of people: one spelling for each, so that a person is recognised whichever way their number was written.
//!
//! Promises: pure, total, bounded output; callers who withhold their number are never taken for one person.
//! Leaves to others: who has which address (`store`), country rules of national numbers (a trunk's settings).

/// Longest address kept, in characters: SIP URIs of real phones stay under 100.
const ADDRESS_CHARS: usize = 256;
/// Digits from which a SIP user part that starts with `+` is taken for a number: the shortest in E.164 have seven.
const NUMBER_DIGITS: usize = 7;
/// User parts that say "no identity" (RFC 3323 section 4.1, and what trunks send).
const NOBODY: &[&str] = &["", "anonymous", "restricted", "unavailable", "unknown", "withheld", "private"];

/// The one spelling of `address` by which its person is found; `None` when it names nobody (withheld numbers).
///
/// `tel:` loses its visual separators and parameters (RFC 3966 section 5.1.1) and `00` becomes `+`; `sip:` and `sips:`
/// lose port, password and parameters and the host becomes lower case, and a user part that is an international number
/// makes it a `tel:`; `mailto:` becomes lower case; anything else is only trimmed and cut.
#[must_use]
pub fn identity(address: &str) -> Option<String> {
    let address = bounded(address);
    let (scheme, rest) = match address.split_once(':') {
        Some((scheme, rest)) => (scheme.trim().to_ascii_lowercase(), rest.trim()),
        None if digits(&address) > 0 && number(&address).is_some() => ("tel".to_owned(), address.as_str()),
        None => return (!is_nobody(&address)).then(|| address.clone()),
    };
    match scheme.as_str() {
        "tel" => number(rest).map(|number| format!("tel:{number}")),
        "sip" | "sips" => sip(rest),
        "mailto" => (!rest.is_empty()).then(|| format!("mailto:{}", rest.to_lowercase())),
        _ => (!is_nobody(rest)).then(|| format!("{scheme}:{rest}")),
    }
}

/// How staff see `address`: the number, `user@host`, `visitor 9f2c11` for a chat, `anonymous` for nobody.
#[must_use]
pub fn shown(address: &str) -> String {
    let Some(identity) = identity(address) else { return "anonymous".to_owned() };
    match identity.split_once(':') {
        Some(("tel" | "mailto", rest)) => rest.to_owned(),
        Some(("sip", rest)) => match rest.split_once('@') {
            Some((user, _)) if number(user).is_some() => user.to_owned(),
            _ => rest.to_owned(),
        },
        Some(("chat", rest)) => format!("visitor {}", rest.chars().take(6).collect::<String>()),
        Some(("user", rest)) => rest.to_owned(),
        Some(("wechat", rest)) => {
            let open_id = rest.rsplit('/').next().unwrap_or(rest);
            format!(
                "WeChat {}",
                open_id.chars().rev().take(6).collect::<Vec<_>>().into_iter().rev().collect::<String>()
            )
        }
        _ => identity,
    }
}

/// The name a person goes by until they tell theirs.
#[must_use]
pub fn placeholder_name(address: &str) -> String {
    shown(address)
}

fn bounded(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control()).take(ADDRESS_CHARS).collect()
}

fn is_nobody(user: &str) -> bool {
    NOBODY.contains(&user.trim().to_ascii_lowercase().as_str())
}

fn digits(text: &str) -> usize {
    text.chars().filter(char::is_ascii_digit).count()
}

/// A dialled number without separators and parameters; `None` when it is not one.
fn number(text: &str) -> Option<String> {
    let text = text.split(';').next().unwrap_or_default();
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '0'..='9' | '*' | '#' => out.push(c),
            '+' if out.is_empty() => out.push(c),
            ' ' | '-' | '.' | '(' | ')' | '/' => {}
            _ => return None,
        }
    }
    let out = match out.strip_prefix("00") {
        Some(rest) if rest.len() >= NUMBER_DIGITS => format!("+{rest}"),
        _ => out,
    };
    (digits(&out) > 0).then_some(out)
}

fn sip(rest: &str) -> Option<String> {
    let rest = rest.split(['>', '?']).next().unwrap_or_default();
    let (user, host) = match rest.split_once('@') {
        Some((user, host)) => (user, host),
        None => ("", rest),
    };
    let user = user.split([':', ';']).next().unwrap_or_default();
    let host = bare_host(host);
    if host == "anonymous.invalid" || is_nobody(user) {
        return None;
    }
    if let Some(number) = number(user)
        && number.starts_with('+')
        && digits(&number) >= NUMBER_DIGITS
    {
        return Some(format!("tel:{number}"));
    }
    Some(format!("sip:{user}@{host}"))
}

/// The host without port and parameters, in lower case; the brackets of an IPv6 address stay.
fn bare_host(host: &str) -> String {
    let host = host.split(';').next().unwrap_or_default().trim();
    let bare = match host.strip_prefix('[') {
        Some(v6) => v6.split_once(']').map_or(host, |(inside, _)| &host[..inside.len() + 2]),
        None => host.split(':').next().unwrap_or_default(),
    };
    bare.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_has_one_spelling() {
        for written in [
            "tel:+49 30 123-456 78",
            "tel:+49(30)12345678;phone-context=example.com",
            "TEL:0049 30 12345678",
            "sip:+493012345678@trunk.example.com:5060;transport=tcp",
            "sips:+493012345678;npdi@10.0.0.1;user=phone",
            "+49 30 12345678",
        ] {
            assert_eq!(identity(written).as_deref(), Some("tel:+493012345678"), "{written}");
        }
    }

    #[test]
    fn sip_users_keep_their_case_and_lose_port_password_and_parameters() {
        assert_eq!(
            identity("sip:Ann:secret@Example.COM:5070;lr?x=y").as_deref(),
            Some("sip:Ann@example.com")
        );
        assert_eq!(identity("sip:ann@[2001:DB8::1]:5060").as_deref(), Some("sip:ann@[2001:db8::1]"));
        assert_eq!(identity("sip:1101@192.0.2.5").as_deref(), Some("sip:1101@192.0.2.5"));
    }

    #[test]
    fn withheld_numbers_are_nobody() {
        for withheld in [
            "sip:anonymous@anonymous.invalid",
            "sip:192.0.2.1",
            "tel:",
            "",
            "tel:anonymous",
            "unknown",
            "chat:",
            "sip:@",
        ] {
            assert_eq!(identity(withheld), None, "{withheld}");
            assert_eq!(shown(withheld), "anonymous");
        }
    }

    #[test]
    fn staff_see_what_they_can_read() {
        assert_eq!(shown("tel:+49 30 1"), "+4930 1".replace(' ', ""));
        assert_eq!(shown("sip:1101@192.0.2.5"), "1101");
        assert_eq!(shown("sip:ann@example.com"), "ann@example.com");
        assert_eq!(shown("chat:9f2c1177"), "visitor 9f2c11");
        assert_eq!(shown("mailto:Ann@Example.com"), "ann@example.com");
    }

    #[test]
    fn no_text_is_too_strange() {
        for strange in [
            "sip:[",
            "sip:a@[::",
            "sip:é@ü:1",
            "tel:١٢٣",
            "😀:😀",
            ":::",
            "sip:a@[é]:1",
            &"x".repeat(100_000),
        ] {
            if let Some(found) = identity(strange) {
                assert!(found.chars().count() <= ADDRESS_CHARS + 8, "{strange}");
                assert_eq!(
                    identity(&found).as_deref(),
                    Some(found.as_str()),
                    "a second pass changes nothing"
                );
            }
        }
    }
}
