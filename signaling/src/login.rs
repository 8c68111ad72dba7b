//! Proving who we are to a peer that asks (RFC 3261 section 22, RFC 7616, RFC 8760): digest as a caller.
//!
//! Promises: the password never leaves; a count is used once with its nonce; a server that refuses what is right is not
//! asked for ever. Leaves to others: sending again (`endpoint`).

use kernel::Rng;

use crate::io::{Algorithm, Login};
use crate::message::grammar;
use crate::message::header::Name;
use crate::message::response::Response;
use crate::registrar::digest;

/// Times that one request is sent again for the sake of a proof: once, and once more for a nonce that went stale.
pub(crate) const TRIES: u8 = 2;

/// What a peer wants to be proven, and how often it was.
#[derive(Clone, Debug)]
pub(crate) struct Challenge {
    realm: Vec<u8>,
    nonce: Vec<u8>,
    opaque: Option<Vec<u8>>,
    algorithm: Algorithm,
    /// As it spelled it; the answer repeats it.
    spelled: Option<Vec<u8>>,
    /// The old way (RFC 2069) where it is `None`.
    qop: Option<Qop>,
    proxy: bool,
    /// Proofs given with this nonce.
    count: u32,
    /// It says that the password was right and the nonce old.
    pub(crate) stale: bool,
}

/// How much a proof covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Qop {
    /// The request line.
    Auth,
    /// The body too.
    AuthInt,
}

impl Qop {
    /// What is used of what is offered: the least, since servers on the way may change a body.
    fn of(offered: &[u8]) -> Option<Self> {
        let has = |name: &str| {
            offered.split(|b| *b == b',').any(|q| q.trim_ascii().eq_ignore_ascii_case(name.as_bytes()))
        };
        match (has("auth"), has("auth-int")) {
            (true, _) => Some(Self::Auth),
            (false, true) => Some(Self::AuthInt),
            (false, false) => None,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::AuthInt => "auth-int",
        }
    }
}

impl Challenge {
    /// The first challenge of a 401 or 407 that we can answer (RFC 8760 section 2.4: the topmost that is supported).
    pub(crate) fn of(response: &Response<'_>) -> Option<Self> {
        let (name, proxy) = match response.status {
            401 => (Name::WwwAuthenticate, false),
            407 => (Name::ProxyAuthenticate, true),
            _ => return None,
        };
        response.message.all(name).flat_map(apart).find_map(|value| Self::read(value, proxy))
    }

    fn read(value: &[u8], proxy: bool) -> Option<Self> {
        let scheme = value.get(..6)?;
        let rest = value.get(6..).filter(|_| scheme.eq_ignore_ascii_case(b"Digest"))?;
        let mut read = Self {
            realm: Vec::new(),
            nonce: Vec::new(),
            opaque: None,
            algorithm: Algorithm::Md5,
            spelled: None,
            qop: None,
            proxy,
            count: 0,
            stale: false,
        };
        for element in grammar::elements(rest) {
            let Some(equals) = element.iter().position(|b| *b == b'=') else { continue };
            let (name, value) = element.split_at(equals);
            let value = grammar::unquote(value.get(1..)?.trim_ascii()).into_owned();
            match name.trim_ascii().to_ascii_lowercase().as_slice() {
                b"realm" => read.realm = value,
                b"nonce" => read.nonce = value,
                b"opaque" => read.opaque = Some(value),
                b"stale" => read.stale = value.eq_ignore_ascii_case(b"true"),
                b"algorithm" => {
                    read.algorithm = digest::named(&value)?;
                    read.spelled = Some(value);
                }
                b"qop" => {
                    // What offers nothing that we know is beyond us.
                    read.qop = Some(Qop::of(&value)?);
                }
                _ => {}
            }
        }
        (!read.nonce.is_empty()).then_some(read)
    }

    /// The header that proves it for one request.
    pub(crate) fn prove(
        &mut self,
        login: &Login,
        method: &str,
        (uri, body): (&[u8], &[u8]),
        rng: &mut Rng,
    ) -> (&'static str, Vec<u8>) {
        self.count = self.count.saturating_add(1);
        let nc = format!("{:08x}", self.count);
        let cnonce = rng.token(16);
        let password = login.password.reveal().as_bytes();
        let secret = digest::hash(self.algorithm, &[login.user.as_bytes(), &self.realm, password]);
        let whole = (self.qop == Some(Qop::AuthInt)).then_some(body);
        let request = digest::subject(self.algorithm, method.as_bytes(), uri, whole);
        let (secret, request) = (secret.as_bytes(), request.as_bytes());
        let response = match self.qop {
            Some(qop) => digest::hash(
                self.algorithm,
                &[secret, &self.nonce, nc.as_bytes(), cnonce.as_bytes(), qop.name().as_bytes(), request],
            ),
            None => digest::hash(self.algorithm, &[secret, &self.nonce, request]),
        };
        let mut value = b"Digest ".to_vec();
        let mut put = |name: &str, text: &[u8], quote: bool| {
            if value.len() > 7 {
                value.extend_from_slice(b", ");
            }
            value.extend_from_slice(name.as_bytes());
            value.push(b'=');
            match quote {
                true => value.extend_from_slice(&quoted(text)),
                false => value.extend_from_slice(text),
            }
        };
        put("username", login.user.as_bytes(), true);
        put("realm", &self.realm, true);
        put("nonce", &self.nonce, true);
        put("uri", uri, true);
        put("response", response.as_bytes(), true);
        if let Some(spelled) = &self.spelled {
            put("algorithm", spelled, false);
        }
        if let Some(opaque) = &self.opaque {
            put("opaque", opaque, true);
        }
        if let Some(qop) = self.qop {
            put("cnonce", cnonce.as_bytes(), true);
            put("qop", qop.name().as_bytes(), false);
            put("nc", nc.as_bytes(), false);
        }
        (if self.proxy { "Proxy-Authorization" } else { "Authorization" }, value)
    }

    /// Whether the peer asks the very thing that was proven: then what we know is wrong.
    pub(crate) fn repeats(&self, former: &Self) -> bool {
        self.nonce == former.nonce && !self.stale
    }
}

/// The challenges in the value of one header: each begins with its scheme, a word before the first parameter (RFC 7235 section 4.1).
fn apart(value: &[u8]) -> Vec<&[u8]> {
    let begins = |element: &[u8]| {
        let name = element.split(|b| *b == b'=').next().unwrap_or(element);
        name.trim_ascii().iter().any(u8::is_ascii_whitespace)
    };
    let mut starts: Vec<usize> = Vec::new();
    let mut at = 0;
    for element in grammar::elements(value) {
        // Elements are cut out of the value in order: each is found behind the one before.
        let found =
            value.get(at..).and_then(|rest| rest.windows(element.len().max(1)).position(|w| w == element));
        at += found.unwrap_or(0);
        if starts.is_empty() || begins(element) {
            starts.push(at);
        }
        at += element.len();
    }
    let ends = starts.iter().skip(1).copied().chain([value.len()]);
    let pieces = starts.iter().zip(ends).filter_map(|(start, end)| value.get(*start..end));
    pieces.map(|piece| piece.trim_ascii().strip_suffix(b",").unwrap_or(piece.trim_ascii())).collect()
}

fn quoted(text: &[u8]) -> Vec<u8> {
    let mut quoted = vec![b'"'];
    for byte in text.iter().filter(|b| !b.is_ascii_control()) {
        if matches!(byte, b'"' | b'\\') {
            quoted.push(b'\\');
        }
        quoted.push(*byte);
    }
    quoted.push(b'"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::Account;
    use crate::registrar::digest::Credentials;

    fn login() -> Login {
        Login { user: "Mufasa".into(), password: String::from("Circle of Life").into() }
    }

    #[test]
    fn what_we_prove_our_own_registrar_believes() {
        let mut rng = Rng::seeded(4);
        let account = Account {
            user: "Mufasa".into(),
            password: String::from("Circle of Life").into(),
            algorithms: vec![Algorithm::Md5, Algorithm::Sha256, Algorithm::Sha512Trunc256],
        };
        for more in [
            "",
            ", algorithm=MD5",
            ", algorithm=SHA-256, qop=\"auth,auth-int\"",
            ", algorithm=sha-512-256, qop=auth",
            ", algorithm=MD5, qop=\"auth-int\"",
        ] {
            let value = format!("Digest realm=\"a \\\"b\\\"\", nonce=\"n,1\", opaque=\"o\"{more}");
            let mut challenge = Challenge::read(value.as_bytes(), false).expect("a challenge");
            for _ in 0..2 {
                let (name, proof) =
                    challenge.prove(&login(), "INVITE", (b"sip:1@example.com", b"v=0"), &mut rng);
                assert_eq!(name, "Authorization");
                let read = Credentials::read(&proof).expect("credentials");
                assert!(
                    read.matches(&account, b"INVITE", b"v=0") && !read.matches(&account, b"BYE", b"v=0"),
                    "{more}"
                );
                assert_eq!(read.matches(&account, b"INVITE", b"v=1"), !more.contains("\"auth-int"), "{more}");
            }
        }
    }

    #[test]
    fn the_example_of_rfc_2617_is_what_we_say() {
        let value = b"Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"";
        let mut challenge = Challenge::read(value, true).expect("a challenge");
        let login = Login { user: "Mufasa".into(), password: String::from("Circle Of Life").into() };
        let (name, proof) = challenge.prove(&login, "GET", (b"/dir/index.html", b""), &mut Rng::seeded(1));
        let proof = String::from_utf8(proof).expect("text");
        assert_eq!(name, "Proxy-Authorization");
        let cnonce = proof.split("cnonce=\"").nth(1).and_then(|t| t.split('"').next()).expect("a cnonce");
        let ha1 = digest::hash(Algorithm::Md5, &[b"Mufasa", b"testrealm@host.com", b"Circle Of Life"]);
        assert_eq!(ha1, "939e7578ed9e3c518a452acee763bce9", "RFC 2617 section 3.5");
        let parts = [
            ha1.as_bytes(),
            b"dcd98b7102dd2f0e8b11d0f600bfb0c093",
            b"00000001",
            cnonce.as_bytes(),
            b"auth",
            b"39aff3a2bab6126f332b942af96d3366",
        ];
        assert!(proof.contains(&format!("response=\"{}\"", digest::hash(Algorithm::Md5, &parts))), "{proof}");
    }

    #[test]
    fn challenges_in_one_line_are_told_apart() {
        let line = b"Basic realm=\"a, b\", Digest realm=\"r\", nonce=\"1, Digest x=2\", algorithm=SHA-1,  digest nonce=\"2\",algorithm=MD5 , qop=\"auth,auth-int\"";
        let shown: Vec<_> = apart(line).into_iter().map(grammar::shown).collect();
        assert_eq!(
            shown,
            [
                "Basic realm=\"a, b\"",
                "Digest realm=\"r\", nonce=\"1, Digest x=2\", algorithm=SHA-1",
                "digest nonce=\"2\",algorithm=MD5 , qop=\"auth,auth-int\"",
            ]
        );
        let read = apart(line).into_iter().find_map(|value| Challenge::read(value, false)).expect("the last");
        assert_eq!((read.nonce.as_slice(), read.qop), (&b"2"[..], Some(Qop::Auth)));
        for odd in [&b""[..], b",", b", ,Digest", b"Digest nonce", b"\"", b"=,= ="] {
            let _pieces = apart(odd);
        }
    }

    #[test]
    fn what_is_beyond_us_is_left_alone() {
        for bad in [
            "Basic realm=\"x\"",
            "Digest realm=\"x\"",
            "Digest nonce=\"n\", algorithm=SHA-1",
            "Digest nonce=\"n\", qop=\"auth-conf\"",
        ] {
            assert!(Challenge::read(bad.as_bytes(), false).is_none(), "{bad}");
        }
    }
}
