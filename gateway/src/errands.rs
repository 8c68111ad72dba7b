//! Requests of flows to outside servers: sent here, and nowhere else.
//!
//! Promises: only servers that the configuration allows are asked, over the address that the flow was checked with;
//! redirections are not followed and no proxy is used; an answer is bounded in time and size; how many run at once is
//! bounded; secrets are put in here and stand in no log. Leaves to others: what is asked, and what the answer means (`ivr`).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use ivr::{Bit, Fetched, Request};
use kernel::Secret;
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use sha2::Sha256;
use tokio::sync::Semaphore;

use crate::clock::Clock;
use crate::limits;

/// Which servers may be asked, and with which secrets.
#[derive(Clone, Debug, Default)]
pub struct HttpConfig {
    /// `host` or `host:port`, in small letters.
    pub hosts: Vec<String>,
    /// By name.
    pub secrets: BTreeMap<String, Secret<String>>,
    /// What one API key or session may ask of us; `None`: no limit.
    pub requests_per_minute: Option<u32>,
}

impl HttpConfig {
    /// Whether the server of `url` may be asked.
    #[must_use]
    pub fn allows(&self, url: &str) -> bool {
        let origin = desk::alerts::origin_and_path(url).map(|(origin, _)| origin);
        let host = origin.as_deref().and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
        host.is_some_and(|host| self.hosts.iter().any(|allowed| allowed == host))
    }
}

/// The one who is sent.
#[derive(Clone)]
pub struct Errands {
    client: reqwest::Client,
    config: Arc<HttpConfig>,
    places: Arc<Semaphore>,
    clock: Clock,
}

impl Errands {
    /// Ready to be sent.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(config: HttpConfig, clock: Clock) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .user_agent(concat!("Voxdesk/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self {
            client,
            config: Arc::new(config),
            places: Arc::new(Semaphore::new(limits::ERRANDS)),
            clock,
        })
    }

    /// Asks, and asks again when the server cannot be had.
    pub async fn fetch(&self, request: Request) -> Fetched {
        let host = request.origin.split_once("://").map_or("", |(_, host)| host);
        // The flow was checked against the same list; a flow from elsewhere gets no further than this.
        if !self.config.hosts.iter().any(|allowed| allowed == host) {
            return failed("refused");
        }
        let Ok(_place) = self.places.try_acquire() else { return failed("full") };
        let mut last = failed("unreachable");
        for _ in 0..=request.retries {
            let attempt = tokio::time::timeout(request.timeout, self.attempt(&request)).await;
            last = attempt.unwrap_or_else(|_| failed("timeout"));
            match &last {
                Fetched::Answer { status: 500..=599, .. } | Fetched::Failed(_) => {}
                Fetched::Answer { .. } => return last,
            }
        }
        last
    }

    async fn attempt(&self, request: &Request) -> Fetched {
        match self.send(request).await {
            Ok(fetched) => fetched,
            Err(error) if error.is_timeout() => failed("timeout"),
            Err(_) => failed("unreachable"),
        }
    }

    async fn send(&self, request: &Request) -> Result<Fetched, reqwest::Error> {
        let url = format!("{}{}", request.origin, self.joined(&request.path));
        let mut builder = match &request.body {
            None => self.client.get(url),
            Some(body) => {
                let body = self.joined(body);
                let builder = match self.signature(request.sign.as_deref(), &body) {
                    Some(signature) => self.client.post(url).header("X-Voxdesk-Signature", signature),
                    None if request.sign.is_some() => return Ok(failed("no_secret")),
                    None => self.client.post(url),
                };
                builder.header(CONTENT_TYPE, "application/json").body(body)
            }
        };
        for (name, value) in &request.headers {
            let name = HeaderName::from_bytes(name.as_bytes());
            let value = HeaderValue::from_str(&self.joined(value));
            let (Ok(name), Ok(mut value)) = (name, value) else { return Ok(failed("bad_header")) };
            value.set_sensitive(true);
            builder = builder.header(name, value);
        }
        let mut response = builder.send().await?;
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > limits::ERRAND_BYTES {
                return Ok(failed("too_large"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(match String::from_utf8(body) {
            Ok(body) => Fetched::Answer { status, body: body.into() },
            Err(_) => failed("not_text"),
        })
    }

    /// The bits of a text, with their secrets.
    fn joined(&self, bits: &[Bit]) -> String {
        let mut text = String::new();
        for bit in bits {
            match bit {
                Bit::Text(plain) => text.push_str(plain.reveal()),
                Bit::Hidden(hidden) => text.push_str(hidden.reveal()),
                Bit::Secret(name) => {
                    text.push_str(
                        self.config.secrets.get(name).map_or("", |secret| secret.reveal().as_str()),
                    );
                }
            }
        }
        text
    }

    /// `t=SECONDS,v1=HEX`: HMAC-SHA256 (RFC 2104) over `SECONDS.BODY`, so that an old request cannot be sent again.
    fn signature(&self, secret: Option<&str>, body: &str) -> Option<String> {
        let secret = self.config.secrets.get(secret?)?;
        let seconds = self.clock.wall_millis() / 1000;
        signature(secret.reveal(), seconds, body)
    }
}

fn signature(secret: &str, seconds: i64, body: &str) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(format!("{seconds}.{body}").as_bytes());
    Some(format!("t={seconds},v1={}", hex::encode(mac.finalize().into_bytes())))
}

fn failed(code: &str) -> Fetched {
    Fetched::Failed(code.to_owned())
}

/// How long a flow's question to the record may take.
pub const RECORD_PATIENCE: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    /// A server that gives one answer to everybody and tells what it was sent.
    async fn server(answer: String) -> (String, tokio::sync::mpsc::Receiver<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let host = listener.local_addr().expect("an address").to_string();
        let (to, from) = tokio::sync::mpsc::channel(8);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut bytes = vec![0; 8192];
                let n = stream.read(&mut bytes).await.unwrap_or(0);
                let _ = to.send(String::from_utf8_lossy(&bytes[..n]).into_owned()).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        (host, from)
    }

    fn errands(host: &str) -> Errands {
        let secrets = [("crm".to_owned(), Secret::new("s3cret".to_owned()))].into();
        let config = HttpConfig { hosts: vec![host.to_owned()], secrets, ..HttpConfig::default() };
        let _installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
        Errands::new(config, Clock::start()).expect("a client")
    }

    fn request(host: &str) -> Request {
        Request {
            origin: format!("http://{host}"),
            path: vec![Bit::Text("/x?n=1".to_owned().into())],
            headers: vec![("authorization".to_owned(), vec![Bit::Secret("crm".to_owned())])],
            body: None,
            timeout: Duration::from_millis(500),
            retries: 1,
            sign: None,
        }
    }

    #[tokio::test]
    async fn an_answer_comes_back_and_secrets_are_put_in_on_the_way() {
        let (host, mut sent) =
            server("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}".to_owned()).await;
        let asked = errands(&host);
        let answer = asked.fetch(request(&host)).await;
        assert_eq!(answer, Fetched::Answer { status: 200, body: "{}".to_owned().into() });
        let text = sent.recv().await.expect("a request");
        assert!(text.starts_with("GET /x?n=1 ") && text.contains("authorization: s3cret"), "{text}");
        let body = vec![Bit::Text("{}".to_owned().into())];
        asked.fetch(Request { body: Some(body), sign: Some("crm".to_owned()), ..request(&host) }).await;
        let text = sent.recv().await.expect("a request").to_lowercase();
        assert!(text.starts_with("post ") && text.contains("x-voxdesk-signature: t="), "{text}");
        let known = "t=7,v1=64089aa581edb495748bb7a47e979f6a761baedb9e06713d14122ec6b656948e";
        assert_eq!(signature("key", 7, "body").as_deref(), Some(known));
    }

    #[tokio::test]
    async fn other_servers_redirections_floods_and_silence_do_no_harm() {
        let (host, _sent) = server("HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned()).await;
        let asked = errands(&host);
        assert!(matches!(asked.fetch(request(&host)).await, Fetched::Answer { status: 302, .. }));
        assert_eq!(asked.fetch(request("127.0.0.1:1")).await, failed("refused"));
        let flood =
            format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{}", "x".repeat(limits::ERRAND_BYTES + 1));
        let (host, _sent) = server(flood).await;
        assert_eq!(errands(&host).fetch(request(&host)).await, failed("too_large"));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let host = listener.local_addr().expect("an address").to_string();
        assert_eq!(errands(&host).fetch(request(&host)).await, failed("timeout"));
    }
}
