//! One web socket: JSON in and out, heartbeat, and the ways it ends.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, timeout};

use crate::error::{Answer, ApiError};
use crate::request::parse;

/// Largest message taken from a page: an authorisation or a small order.
const MESSAGE_BYTES: usize = 16 << 10;
/// A farewell that the peer does not answer within this is not waited for.
const FAREWELL: Duration = Duration::from_secs(1);

/// Why a socket ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The peer left.
    Left,
    /// The peer does not answer.
    Dead,
    /// The peer does not take what is sent.
    Slow,
    /// Not (or no longer) authorised.
    Refused,
    /// What it was for is over.
    Over,
    /// The server stops.
    Stopping,
    /// A fault of ours.
    Fault,
}

impl End {
    /// Close codes of RFC 6455 section 7.4.1 and its registry.
    const fn code(self) -> u16 {
        match self {
            Self::Left | Self::Over => 1000,
            Self::Stopping => 1001,
            Self::Refused => 1008,
            Self::Fault => 1011,
            Self::Dead | Self::Slow => 1013,
        }
    }
}

impl From<ApiError> for End {
    fn from(_: ApiError) -> Self {
        // The error was logged where it arose, if it was ours.
        Self::Fault
    }
}

/// The limits of every socket of ours.
pub(super) fn limited(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade.max_message_size(MESSAGE_BYTES).max_frame_size(MESSAGE_BYTES)
}

/// A socket with its heartbeat.
pub(super) struct Socket {
    ws: WebSocket,
    heard: Instant,
    patience: Duration,
}

impl Socket {
    /// `patience`: silent (or blocked) for so long, the peer is given up.
    pub fn new(ws: WebSocket, patience: Duration) -> Self {
        Self { ws, heard: Instant::now(), patience }
    }

    /// Sends a message.
    pub async fn send<T: Serialize>(&mut self, message: &T) -> Result<(), End> {
        let text = serde_json::to_string(message).map_err(|error| End::from(ApiError::ours(&error)))?;
        self.put(Message::Text(text.into())).await
    }

    async fn put(&mut self, message: Message) -> Result<(), End> {
        match timeout(self.patience, self.ws.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Left),
            Err(_) => Err(End::Slow),
        }
    }

    /// The next message of the peer, parsed; the inner error is theirs. Safe to cancel.
    pub async fn recv<T: DeserializeOwned>(&mut self) -> Result<Answer<T>, End> {
        loop {
            let message = self.ws.recv().await.ok_or(End::Left)?.map_err(|_| End::Left)?;
            self.heard = Instant::now();
            match message {
                Message::Text(text) => return Ok(parse(text.as_bytes())),
                Message::Binary(bytes) => return Ok(parse(&bytes)),
                Message::Ping(_) | Message::Pong(_) => {}
                Message::Close(_) => return Err(End::Left),
            }
        }
    }

    /// Pings, and notices a peer that has been silent for too long.
    pub async fn ping(&mut self) -> Result<(), End> {
        if self.heard.elapsed() > self.patience {
            return Err(End::Dead);
        }
        self.put(Message::Ping(bytes::Bytes::new())).await
    }

    /// Says goodbye, and waits a little for the answer: a connection dropped with something unread is reset, and the
    /// reset can overtake what was said last.
    pub async fn close(mut self, end: End) {
        if end == End::Left {
            return;
        }
        let frame = CloseFrame { code: end.code(), reason: "".into() };
        let farewell = async {
            if self.ws.send(Message::Close(Some(frame))).await.is_ok() {
                while let Some(Ok(_)) = self.ws.recv().await {}
            }
        };
        // Whether the peer heard it or not: this is the end.
        let _ = timeout(FAREWELL, farewell).await;
    }
}
