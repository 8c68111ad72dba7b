//! The AudioSocket listener: one connection is one side of a call that was announced.
//!
//! Promises: only from configured addresses; who does not say at once whose sound it brings, or names a place that is none, is
//! closed; who sends too fast waits. Leaves to others: frames (`audiosocket`), sound (`source`).

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use interaction::LegIn;
use kernel::Fault;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};

use super::Source;
use super::audiosocket::{Frame, Frames, HANGUP};
use crate::config::AudioSocket;
use crate::limits::{
    AUDIOSOCKET_CHUNK, AUDIOSOCKET_CONNECTIONS, AUDIOSOCKET_FAREWELL, AUDIOSOCKET_HELLO, AUDIOSOCKET_IDLE,
    OBSERVED_LOOK,
};
use crate::shared::Shared;
use crate::stop::Stop;

/// Listens from now on; says where.
///
/// # Errors
/// When the address cannot be had.
pub async fn listen(config: AudioSocket, shared: Arc<Shared>, mut stop: Stop) -> Result<SocketAddr> {
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen for AudioSocket on {}", config.listen))?;
    let at = listener.local_addr()?;
    let room = Arc::new(Semaphore::new(AUDIOSOCKET_CONNECTIONS));
    tokio::spawn(async move {
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = stop.stopped() => return,
            };
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::error!(%error, "AudioSocket cannot accept");
                    sleep(Duration::from_millis(100)).await;
                    continue;
                }
            };
            if !config.from.iter().any(|network| network.contains(peer.ip())) {
                metrics::counter!("audiosocket_refused_total", "why" => "address").increment(1);
                tracing::debug!(%peer, "AudioSocket from an address that is not in observe.audiosocket.from");
                continue;
            }
            let Ok(permit) = Arc::clone(&room).try_acquire_owned() else {
                metrics::counter!("audiosocket_refused_total", "why" => "full").increment(1);
                continue;
            };
            let shared = Arc::clone(&shared);
            tokio::spawn(async move {
                if let Err(error) = serve(stream, shared).await {
                    tracing::debug!(error = format!("{error:#}"), %peer, "an AudioSocket ended");
                }
                drop(permit);
            });
        }
    });
    Ok(at)
}

async fn serve(mut stream: TcpStream, shared: Arc<Shared>) -> Result<()> {
    stream.set_nodelay(true)?;
    let (mut frames, mut came) = (Frames::default(), Vec::new());
    let mut chunk = vec![0; AUDIOSOCKET_CHUNK];
    let hello = async {
        while came.is_empty() {
            let n = stream.read(&mut chunk).await?;
            anyhow::ensure!(n > 0, "closed before it said whose sound it brings");
            frames.push(chunk.get(..n).unwrap_or_default(), &mut came)?;
        }
        anyhow::Ok(())
    };
    timeout(AUDIOSOCKET_HELLO, hello).await.context("did not say whose sound it brings")??;
    let mut came = came.into_iter();
    let Some(Frame::Name(name)) = came.next() else { anyhow::bail!("did not begin with a UUID") };
    let Some((conversation, side, place)) = shared.seats.take(&name) else {
        metrics::counter!("audiosocket_refused_total", "why" => "uuid").increment(1);
        farewell(&mut stream).await;
        anyhow::bail!("names a UUID that was not announced, or is taken");
    };
    let begun = Source::begin(shared, (conversation, side, place), 8_000, "slin/8000".to_owned()).await;
    let mut line = Line { source: begun.context("no rate")?, rate: 8_000 };
    let mut look = interval(OBSERVED_LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard = Instant::now();
    let mut more: Vec<Frame> = came.collect();
    loop {
        for frame in more.drain(..) {
            if !line.take(frame).await {
                return Ok(());
            }
        }
        tokio::select! {
            read = stream.read(&mut chunk) => {
                let n = read?;
                anyhow::ensure!(n > 0, "closed without a farewell");
                heard = Instant::now();
                frames.push(chunk.get(..n).unwrap_or_default(), &mut more)?;
            }
            () = line.source.over() => {
                farewell(&mut stream).await;
                return Ok(());
            }
            _ = look.tick() => {
                anyhow::ensure!(heard.elapsed() < AUDIOSOCKET_IDLE, "nothing came for too long");
                line.source.fill();
            }
        }
    }
}

/// Says that it is over, so that Asterisk goes on in its dialplan, and reads what was on its way: a connection dropped with something
/// unread is reset, and the reset can overtake the farewell.
async fn farewell(stream: &mut TcpStream) {
    let mut rest = [0; 1024];
    let said = async {
        stream.write_all(&HANGUP).await?;
        stream.shutdown().await?;
        while stream.read(&mut rest).await? > 0 {}
        std::io::Result::Ok(())
    };
    // Whether the peer heard it or not: this is the end.
    let _closed = timeout(AUDIOSOCKET_FAREWELL, said).await;
}

struct Line {
    source: Source,
    rate: u32,
}

impl Line {
    /// Whether the call goes on.
    async fn take(&mut self, frame: Frame) -> bool {
        match frame {
            Frame::Hangup => {
                self.source.ends_as(Fault::None, "hangup");
                return false;
            }
            Frame::Failed(code) => {
                tracing::debug!(?code, "an AudioSocket says that it failed");
                return false;
            }
            Frame::Sound { rate, samples } => {
                if rate != self.rate {
                    self.source.set_rate(rate);
                    self.rate = rate;
                }
                let wait = self.source.sound(&samples);
                if !wait.is_zero() {
                    // TCP slows the sender meanwhile.
                    sleep(wait).await;
                }
            }
            Frame::Digit(key) => self.source.tell(LegIn::Digit(key)).await,
            Frame::Name(_) | Frame::Unknown(_) => {}
        }
        true
    }
}
