//! The small pieces of the SIP grammar (RFC 3261 section 25.1): tokens, quoted strings, parameters, comma lists, numbers.

use std::borrow::Cow;

/// Whether `text` is a non-empty token.
pub(crate) fn is_token(text: &[u8]) -> bool {
    !text.is_empty()
        && text.iter().all(|b| {
            b.is_ascii_alphanumeric()
                || matches!(b, b'-' | b'.' | b'!' | b'%' | b'*' | b'_' | b'+' | b'`' | b'\'' | b'~')
        })
}

/// A decimal number of nothing but digits; `None` when it is not one or does not fit.
pub(crate) fn number(text: &[u8]) -> Option<u64> {
    if text.is_empty() || text.len() > 20 {
        return None;
    }
    text.iter().try_fold(0u64, |n, b| {
        let digit = b.is_ascii_digit().then(|| u64::from(b - b'0'))?;
        n.checked_mul(10)?.checked_add(digit)
    })
}

/// Text for people and for our own comparisons: invalid UTF-8 and control characters are replaced.
pub(crate) fn shown(text: &[u8]) -> String {
    String::from_utf8_lossy(text).chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Undoes `%41`; a `%` that starts no escape stays.
pub(crate) fn unescape(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.contains(&b'%') {
        return Cow::Borrowed(text);
    }
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, tail)) = rest.split_first() {
        match (first, tail) {
            (b'%', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    plain.push(high << 4 | low);
                    rest = after;
                }
                _ => {
                    plain.push(first);
                    rest = tail;
                }
            },
            _ => {
                plain.push(first);
                rest = tail;
            }
        }
    }
    Cow::Owned(plain)
}

/// Escapes the user part of a URI (RFC 3261 section 25.1, `user`).
pub(crate) fn escape_user(user: &str) -> String {
    use std::fmt::Write;

    let mut escaped = String::with_capacity(user.len());
    for b in user.bytes() {
        if b.is_ascii_alphanumeric() || b"-_.!~*'()&=+$,;?/".contains(&b) {
            escaped.push(char::from(b));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(escaped, "%{b:02X}");
        }
    }
    escaped
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

/// Where the quoted string that opens at `text[0]` closes (index of the closing quote).
pub(crate) fn closing_quote(text: &[u8]) -> Option<usize> {
    let mut escaped = false;
    for (i, b) in text.iter().enumerate().skip(1) {
        match b {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(i),
            _ => {}
        }
    }
    None
}

/// A parameter's value without its quotes and backslashes, if it has any.
pub(crate) fn unquote(text: &[u8]) -> Cow<'_, [u8]> {
    let [b'"', inner @ .., b'"'] = text else {
        return Cow::Borrowed(text);
    };
    unbackslash(inner)
}

/// The inside of a quoted string without its backslashes.
pub(crate) fn unbackslash(inner: &[u8]) -> Cow<'_, [u8]> {
    if !inner.contains(&b'\\') {
        return Cow::Borrowed(inner);
    }
    let mut plain = Vec::with_capacity(inner.len());
    let mut escaped = false;
    for &b in inner {
        if b == b'\\' && !escaped {
            escaped = true;
        } else {
            plain.push(b);
            escaped = false;
        }
    }
    Cow::Owned(plain)
}

/// The elements of a header value, cut at `separator` outside quotes and angle brackets, trimmed.
#[derive(Clone)]
pub(crate) struct Elements<'a> {
    rest: Option<&'a [u8]>,
    separator: u8,
}

/// A comma list.
pub(crate) fn elements(value: &[u8]) -> Elements<'_> {
    Elements { rest: Some(value), separator: b',' }
}

impl<'a> Iterator for Elements<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let text = self.rest?;
        let (mut quoted, mut escaped, mut angled) = (false, false, false);
        for (i, b) in text.iter().enumerate() {
            match b {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                b'<' if !quoted => angled = true,
                b'>' if !quoted => angled = false,
                b if *b == self.separator && !quoted && !angled => {
                    let (element, rest) = text.split_at(i);
                    self.rest = rest.get(1..);
                    return Some(element.trim_ascii());
                }
                _ => {}
            }
        }
        self.rest = None;
        Some(text.trim_ascii())
    }
}

/// The parameters of `;name=value;flag`, names and values trimmed, empty ones skipped.
pub(crate) fn params(text: &[u8]) -> impl Iterator<Item = (&[u8], Option<&[u8]>)> {
    Elements { rest: Some(text), separator: b';' }.filter(|p| !p.is_empty()).map(|p| {
        match p.iter().position(|b| *b == b'=') {
            Some(i) => (p[..i].trim_ascii(), Some(p[i + 1..].trim_ascii())),
            None => (p, None),
        }
    })
}

/// The value of the parameter `name`: `Some(None)` when it stands without one.
pub(crate) fn param<'a>(text: &'a [u8], name: &str) -> Option<Option<&'a [u8]>> {
    params(text).find(|(n, _)| n.eq_ignore_ascii_case(name.as_bytes())).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_in_quotes_and_brackets_do_not_split() {
        let parts: Vec<_> = elements(br#""a, \", b" <sip:x,y@h>;p=1 , <sip:z>"#).collect();
        assert_eq!(parts, [&br#""a, \", b" <sip:x,y@h>;p=1"#[..], b"<sip:z>"]);
    }

    #[test]
    fn parameters_may_have_space_around_equals() {
        assert_eq!(param(b";   tag    = 1918181833n", "tag"), Some(Some(&b"1918181833n"[..])));
        assert_eq!(param(b";lr;x=\"a;b\"", "lr"), Some(None));
        assert_eq!(param(b";lr;x=\"a;b\"", "X"), Some(Some(&b"\"a;b\""[..])));
    }

    #[test]
    fn numbers_are_digits_that_fit() {
        assert_eq!(number(b"0068"), Some(68));
        assert_eq!(number(b"-1"), None);
        assert_eq!(number(b"36893488147419103232"), None);
        assert_eq!(number(b""), None);
    }

    #[test]
    fn escapes_are_undone_and_broken_ones_stay() {
        assert_eq!(&*unescape(b"sips%3Auser%40x%zz%4"), b"sips:user@x%zz%4");
        assert_eq!(escape_user("a b@c"), "a%20b%40c");
    }
}
