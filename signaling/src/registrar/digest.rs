//! HTTP digest as SIP uses it (RFC 7616, RFC 8760; RFC 2069 for clients without qop).

use md5::Md5;
use sha2::{Digest, Sha256, Sha512_256};

use crate::io::{Account, Algorithm};
use crate::message::grammar;

/// The spelling of an algorithm.
pub(super) fn name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Md5 => "MD5",
        Algorithm::Sha256 => "SHA-256",
        Algorithm::Sha512Trunc256 => "SHA-512-256",
    }
}

/// The algorithm that a spelling names.
pub(crate) fn named(text: &[u8]) -> Option<Algorithm> {
    let all = [Algorithm::Md5, Algorithm::Sha256, Algorithm::Sha512Trunc256];
    all.into_iter().find(|algorithm| text.eq_ignore_ascii_case(name(*algorithm).as_bytes()))
}

/// What an Authorization header says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Credentials {
    username: Vec<u8>,
    pub(super) realm: Vec<u8>,
    pub(super) nonce: Vec<u8>,
    uri: Vec<u8>,
    response: Vec<u8>,
    algorithm: Option<Algorithm>,
    /// `nc` as sent and as a number; with `cnonce` when qop is used.
    pub(super) count: Option<u32>,
    nc: Vec<u8>,
    cnonce: Vec<u8>,
    /// The body is proven too (`qop=auth-int`).
    whole: bool,
}

impl Credentials {
    /// Reads the value of one header; `None` when it is not digest or beyond us.
    pub(crate) fn read(value: &[u8]) -> Option<Self> {
        let rest =
            value.get(..6).filter(|scheme| scheme.eq_ignore_ascii_case(b"Digest")).map(|_| &value[6..])?;
        let mut read = Self::default();
        let mut qop = None;
        let mut algorithm = Algorithm::Md5;
        for element in grammar::elements(rest) {
            let Some(equals) = element.iter().position(|b| *b == b'=') else { continue };
            let name = element[..equals].trim_ascii().to_ascii_lowercase();
            let value = grammar::unquote(element[equals + 1..].trim_ascii()).into_owned();
            match name.as_slice() {
                b"username" => read.username = value,
                b"realm" => read.realm = value,
                b"nonce" => read.nonce = value,
                b"uri" => read.uri = value,
                b"response" => read.response = value,
                b"cnonce" => read.cnonce = value,
                b"nc" => read.nc = value,
                b"qop" => qop = Some(value),
                b"algorithm" => algorithm = named(&value)?,
                _ => {}
            }
        }
        read.algorithm = Some(algorithm);
        if let Some(qop) = qop {
            let count = std::str::from_utf8(&read.nc).ok().filter(|nc| nc.len() == 8)?;
            read.count = Some(u32::from_str_radix(count, 16).ok()?);
            read.whole = qop.eq_ignore_ascii_case(b"auth-int");
            if !read.whole && !qop.eq_ignore_ascii_case(b"auth") {
                return None;
            }
        }
        Some(read)
    }

    /// Whether they prove the account's password for this method, and this body if they speak of it.
    pub(crate) fn matches(&self, account: &Account, method: &[u8], body: &[u8]) -> bool {
        let Some(algorithm) = self.algorithm.filter(|a| account.algorithms.contains(a)) else { return false };
        let password = account.password.reveal().as_bytes();
        let secret = hash(algorithm, &[account.user.as_bytes(), &self.realm, password]);
        let request = subject(algorithm, method, &self.uri, self.whole.then_some(body));
        let qop: &[u8] = if self.whole { b"auth-int" } else { b"auth" };
        let expected = match self.count {
            Some(_) => hash(
                algorithm,
                &[secret.as_bytes(), &self.nonce, &self.nc, &self.cnonce, qop, request.as_bytes()],
            ),
            None => hash(algorithm, &[secret.as_bytes(), &self.nonce, request.as_bytes()]),
        };
        same(expected.as_bytes(), &self.response.to_ascii_lowercase())
            && self.username == account.user.as_bytes()
    }
}

/// What a proof is about: the request line, and the body where that is proven too (RFC 7616 section 3.4.3).
pub(crate) fn subject(algorithm: Algorithm, method: &[u8], uri: &[u8], body: Option<&[u8]>) -> String {
    match body {
        Some(body) => hash(algorithm, &[method, uri, hash(algorithm, &[body]).as_bytes()]),
        None => hash(algorithm, &[method, uri]),
    }
}

/// Hex of the hash of the parts with colons between them.
pub(crate) fn hash(algorithm: Algorithm, parts: &[&[u8]]) -> String {
    let text = parts.join(&b":"[..]);
    match algorithm {
        Algorithm::Md5 => hex::encode(Md5::digest(text)),
        Algorithm::Sha256 => hex::encode(Sha256::digest(text)),
        Algorithm::Sha512Trunc256 => hex::encode(Sha512_256::digest(text)),
    }
}

/// Compares in a time that does not tell where they differ.
pub(super) fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |d, (a, b)| d | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mufasa() -> Account {
        Account {
            user: "Mufasa".into(),
            password: String::from("Circle of Life").into(),
            algorithms: vec![Algorithm::Sha512Trunc256, Algorithm::Sha256, Algorithm::Md5],
        }
    }

    #[test]
    fn the_examples_of_rfc_7616_are_proven() {
        let header = |algorithm: &str, response: &str| {
            format!(
                "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", algorithm={algorithm}, \
                 nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", nc=00000001, \
                 cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth, response=\"{response}\""
            )
        };
        let md5 = header("MD5", "8ca523f5e9506fed4657c9700eebdbec");
        let sha = header("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
        // RFC 7616 has the first two for the password "Circle of Life"; the third is by Python's hashlib.
        let sha512 =
            header("SHA-512-256", "430d05014cecc49cab6fbe03176d41a1da86cbfe24a16580e22aaad928d960d0");
        for good in [&md5, &sha, &sha512] {
            assert!(
                Credentials::read(good.as_bytes()).expect("reads").matches(&mufasa(), b"GET", b""),
                "{good}"
            );
            assert!(!Credentials::read(good.as_bytes()).expect("reads").matches(&mufasa(), b"PUT", b""));
        }
    }

    #[test]
    fn algorithms_that_the_account_does_not_offer_prove_nothing() {
        let account = Account { algorithms: vec![Algorithm::Sha256], ..mufasa() };
        let ha1 = hash(Algorithm::Md5, &[b"Mufasa", b"r", b"Circle of Life"]);
        let response = hash(
            Algorithm::Md5,
            &[ha1.as_bytes(), b"n", hash(Algorithm::Md5, &[b"REGISTER", b"sip:r"]).as_bytes()],
        );
        let header = format!("Digest username=Mufasa,realm=r,nonce=n,uri=\"sip:r\",response={response}");
        assert!(Credentials::read(header.as_bytes()).expect("reads").matches(&mufasa(), b"REGISTER", b""));
        assert!(!Credentials::read(header.as_bytes()).expect("reads").matches(&account, b"REGISTER", b""));
    }

    #[test]
    fn what_is_beyond_us_is_not_read() {
        for bad in [
            "Basic abc",
            "Digest algorithm=SHA-512",
            "Digest qop=auth-conf,nc=00000001",
            "Digest qop=auth,nc=1",
        ] {
            assert!(Credentials::read(bad.as_bytes()).is_none(), "{bad}");
        }
    }
}
