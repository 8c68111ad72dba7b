//! A voice that is a service: a text goes there by HTTP, sound comes back in any format that we read.
//!
//! Promises: an answer is bounded in time and size; redirections are not followed; secrets are put in here and stand in no log, nor do texts.
//! Leaves to others: when a text is spoken (`ivr_voice`, `speaking`), decoding (`media`).

use std::time::Duration;

use ivr_voice::{Speech, Synthesizer, VoiceError};
use kernel::{Lang, Secret};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use tokio::runtime::Handle;

use crate::prompts::RATE;

/// A prompt of a minute takes a slow service some seconds.
const PATIENCE: Duration = Duration::from_secs(30);
/// Ten minutes of uncompressed sound.
const BYTES: usize = 20 << 20;

/// Where a service is and how it is asked.
#[derive(Clone, Debug)]
pub struct HttpVoiceConfig {
    /// The address.
    pub url: String,
    /// Headers, with their secrets.
    pub headers: Vec<(String, Secret<String>)>,
    /// The body: `{text}` and `{lang}` are filled in, as they stand within a JSON string.
    pub body: Secret<String>,
    /// The body as it is written in the configuration: what identifies the voice.
    pub written: String,
}

/// The service. Its methods block, and must be called from a thread that may.
pub struct HttpVoice {
    client: reqwest::Client,
    config: HttpVoiceConfig,
    runtime: Handle,
}

impl HttpVoice {
    /// Ready to be asked.
    ///
    /// # Errors
    /// When TLS cannot be set up, or a header cannot be one.
    pub fn new(config: HttpVoiceConfig, runtime: Handle) -> anyhow::Result<Self> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, value) in &config.headers {
            let mut value = HeaderValue::from_str(value.reveal())?;
            value.set_sensitive(true);
            headers.insert(HeaderName::from_bytes(name.as_bytes())?, value);
        }
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .default_headers(headers)
            .timeout(PATIENCE)
            .user_agent(concat!("Voxdesk/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, config, runtime })
    }

    fn failed(&self, why: impl Into<String>) -> VoiceError {
        VoiceError::Synthesis { program: self.config.url.clone(), why: why.into() }
    }

    async fn ask(&self, text: &str, lang: Lang) -> Result<Vec<u8>, VoiceError> {
        let quoted = serde_json::Value::from(text).to_string();
        let quoted = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
        // The text last: what it says is never filled in.
        let body = self.config.body.reveal().replace("{lang}", lang.code()).replace("{text}", quoted);
        let asked = self.client.post(&self.config.url).body(body).send().await;
        let mut response = asked.map_err(|error| self.failed(error.without_url().to_string()))?;
        if !response.status().is_success() {
            return Err(self.failed(format!("it answered {}", response.status())));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) =
            response.chunk().await.map_err(|error| self.failed(error.without_url().to_string()))?
        {
            if bytes.len() + chunk.len() > BYTES {
                return Err(self.failed(format!("more than {BYTES} bytes of sound for one text")));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}

impl Synthesizer for HttpVoice {
    fn voice(&self, lang: Lang) -> String {
        format!("{} {} {}", self.config.url, lang.code(), self.config.written)
    }

    fn speak(&self, text: &str, lang: Lang) -> Result<Speech, VoiceError> {
        let bytes = self.runtime.block_on(self.ask(text, lang))?;
        let samples = media::files::samples("the voice's answer", bytes, RATE);
        let samples = samples.map_err(|error| self.failed(error.to_string()))?;
        Ok(Speech { rate: RATE, samples })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ivr_voice::Espeak;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    /// A service that answers everybody alike and tells what it was sent.
    async fn service(status: u16, body: Vec<u8>) -> (String, tokio::sync::mpsc::Receiver<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/speak", listener.local_addr().expect("an address"));
        let (to, from) = tokio::sync::mpsc::channel(8);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut bytes = vec![0; 8192];
                let n = stream.read(&mut bytes).await.unwrap_or(0);
                let _ = to.send(String::from_utf8_lossy(&bytes[..n]).into_owned()).await;
                let head = format!(
                    "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                let _ = stream.write_all(&[head.into_bytes(), body.clone()].concat()).await;
            }
        });
        (url, from)
    }

    fn voice(url: String) -> Arc<HttpVoice> {
        let _installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let config = HttpVoiceConfig {
            url,
            headers: vec![("authorization".to_owned(), Secret::new("Bearer k3y".to_owned()))],
            body: Secret::new(r#"{"input":"{text}","voice":"{lang}"}"#.to_owned()),
            written: "one".to_owned(),
        };
        Arc::new(HttpVoice::new(config, Handle::current()).expect("a client"))
    }

    fn wav() -> Vec<u8> {
        let speech =
            Espeak::default().speak("Good morning, and welcome.", Lang::En).expect("espeak-ng speaks");
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: speech.rate,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut bytes = std::io::Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut bytes, spec).expect("a wav");
        speech.samples.iter().for_each(|sample| writer.write_sample(*sample).expect("a sample"));
        writer.finalize().expect("a wav");
        bytes.into_inner()
    }

    async fn said(voice: &Arc<HttpVoice>, text: &str) -> Result<Speech, VoiceError> {
        let (voice, text) = (Arc::clone(voice), text.to_owned());
        tokio::task::spawn_blocking(move || voice.speak(&text, Lang::Zh)).await.expect("it ran")
    }

    #[tokio::test]
    async fn a_text_is_sent_with_its_secret_and_comes_back_as_sound() {
        let (url, mut sent) = service(200, wav()).await;
        let speech = said(&voice(url), "say \"hi\" {lang}").await.expect("it speaks");
        assert!(speech.rate == RATE && speech.samples.len() > RATE as usize / 2);
        let request = sent.recv().await.expect("a request");
        assert!(request.contains("authorization: Bearer k3y"), "{request}");
        assert!(request.ends_with(r#"{"input":"say \"hi\" {lang}","voice":"zh"}"#), "{request}");
    }

    #[tokio::test]
    async fn a_service_that_fails_is_named_and_neither_text_nor_secret_are() {
        for (status, body) in [(503, Vec::new()), (200, b"no sound".to_vec()), (302, Vec::new())] {
            let (url, _sent) = service(status, body).await;
            let error = said(&voice(url.clone()), "my name is Ann").await.expect_err("it cannot").to_string();
            assert!(error.contains(&url) && !error.contains("Ann") && !error.contains("k3y"), "{error}");
        }
        assert!(said(&voice("http://127.0.0.1:1/".to_owned()), "x").await.is_err());
    }
}
