//! Lines over TCP, with or without TLS, as mail servers speak.
//!
//! Promises: a line and a literal are bounded; nothing is read past what was asked for before TLS begins.

use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::limits;

/// Whether and when TLS begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// At once.
    Tls,
    /// After a command.
    StartTls,
    /// Never; within the house.
    Plain,
}

impl Security {
    /// As the configuration says it.
    pub fn of(word: &str) -> Self {
        match word {
            "plain" => Self::Plain,
            "starttls" => Self::StartTls,
            _ => Self::Tls,
        }
    }
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// A connection.
pub struct Wire {
    stream: BufReader<Box<dyn Stream>>,
    host: String,
}

impl Wire {
    /// Connects to `HOST:PORT`.
    pub async fn open(place: &str, security: Security, tls: &Arc<ClientConfig>) -> Result<Self> {
        let host = place.rsplit_once(':').map_or(place, |(host, _)| host).trim_matches(['[', ']']).to_owned();
        let connecting = tokio::time::timeout(limits::MAIL_CONNECT, TcpStream::connect(place));
        let tcp = connecting.await.context("no connection in time")?.context("no connection")?;
        let wire = Self { stream: BufReader::new(Box::new(tcp)), host };
        if security == Security::Tls { wire.with_tls(tls).await } else { Ok(wire) }
    }

    /// Goes on over TLS. What a server sent before that is not believed.
    pub async fn with_tls(self, tls: &Arc<ClientConfig>) -> Result<Self> {
        let Self { stream, host } = self;
        if !stream.buffer().is_empty() {
            bail!("the server spoke before TLS began");
        }
        let name = ServerName::try_from(host.clone()).context("the server's name is no name of a host")?;
        let connecting = TlsConnector::from(Arc::clone(tls)).connect(name, stream.into_inner());
        let secured =
            tokio::time::timeout(limits::MAIL_CONNECT, connecting).await.context("no TLS in time")??;
        Ok(Self { stream: BufReader::new(Box::new(secured)), host })
    }

    /// Writes a line.
    pub async fn say(&mut self, line: &str) -> Result<()> {
        if line.contains(['\r', '\n']) {
            bail!("a command of two lines");
        }
        self.write(format!("{line}\r\n").as_bytes()).await
    }

    /// Writes bytes as they are.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.stream.get_mut().write_all(bytes).await?;
        self.stream.get_mut().flush().await?;
        Ok(())
    }

    /// Reads a line, without its end.
    pub async fn line(&mut self) -> Result<String> {
        let mut bytes = Vec::new();
        let most = u64::try_from(limits::MAIL_LINE).unwrap_or(u64::MAX);
        let count = (&mut self.stream).take(most).read_until(b'\n', &mut bytes).await?;
        if count == 0 {
            bail!("the server closed the connection");
        }
        if bytes.last() != Some(&b'\n') {
            bail!("a line is too long, or the connection was cut off in it");
        }
        Ok(String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned())
    }

    /// Reads so many bytes.
    pub async fn literal(&mut self, count: usize) -> Result<Vec<u8>> {
        if count > limits::MAIL_BYTES {
            bail!("{count} bytes at once; {} at most", limits::MAIL_BYTES);
        }
        let mut bytes = vec![0; count];
        self.stream.read_exact(&mut bytes).await?;
        Ok(bytes)
    }
}
