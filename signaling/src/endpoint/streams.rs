//! Streams: their framing, and which of them reaches whom.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::Duration;

use kernel::Time;
use kernel::limits::SIP_MESSAGE_BYTES;

use crate::guard::{Offence, Source};
use crate::io::{Connection, Out, Path, Transport};
use crate::message::frame::{Frame, Framed};
use crate::message::parse::Message;

use super::agenda::Due;
use super::{Endpoint, Turn};

/// How long part of a message may wait for the rest.
const STALLED: Duration = Duration::from_secs(32);

/// What streams to the same place share. The transport is part of it: what is meant for TLS never leaves by plain TCP.
type Place = (Transport, SocketAddr);

fn place(path: &Path) -> Place {
    (path.transport, path.remote)
}

/// One stream.
#[derive(Debug)]
struct Stream {
    frame: Frame,
    place: Place,
    /// Client transactions whose request went this way.
    clients: BTreeSet<u64>,
    /// Its entry in the agenda, while part of a message waits.
    at: Option<Time>,
}

/// All streams.
#[derive(Debug, Default)]
pub(super) struct Streams {
    all: BTreeMap<Connection, Stream>,
    by_place: BTreeMap<Place, Connection>,
    /// Client transactions that wait for a stream to be opened.
    opening: BTreeMap<Place, BTreeSet<u64>>,
}

impl Streams {
    /// Notes a stream that is there.
    pub(super) fn opened(&mut self, path: Path) {
        let Some(connection) = path.connection else { return };
        let clients = self.opening.remove(&place(&path)).unwrap_or_default();
        let stream = self.all.entry(connection).or_insert_with(|| Stream {
            frame: Frame::default(),
            place: place(&path),
            clients: BTreeSet::new(),
            at: None,
        });
        stream.clients.extend(clients);
        self.by_place.insert(place(&path), connection);
    }

    /// The path with a stream that lives, or with none.
    pub(super) fn resolve(&self, mut path: Path) -> Path {
        if path.transport.is_stream() {
            let usable = |c: &Connection| self.all.contains_key(c);
            path.connection = path
                .connection
                .filter(usable)
                .or_else(|| self.by_place.get(&place(&path)).copied().filter(usable));
        }
        path
    }

    /// Notes that a client transaction depends on a resolved path.
    pub(super) fn attach(&mut self, path: Path, client: u64) {
        match path.connection {
            _ if !path.transport.is_stream() => {}
            Some(connection) => {
                if let Some(stream) = self.all.get_mut(&connection) {
                    stream.clients.insert(client);
                }
            }
            None => {
                self.opening.entry(place(&path)).or_default().insert(client);
            }
        }
    }

    /// Undoes `attach`.
    pub(super) fn detach(&mut self, path: Path, client: u64) {
        if !path.transport.is_stream() {
            return;
        }
        let connection = path.connection.or_else(|| self.by_place.get(&place(&path)).copied());
        if let Some(stream) = connection.and_then(|c| self.all.get_mut(&c)) {
            stream.clients.remove(&client);
        }
        if let Some(waiting) = self.opening.get_mut(&place(&path)) {
            waiting.remove(&client);
            if waiting.is_empty() {
                self.opening.remove(&place(&path));
            }
        }
    }

    /// The streams of a source. Only for a ban: it walks over all.
    pub(super) fn from(&self, source: Source) -> Vec<Connection> {
        let of = |stream: &Stream| Source::of(stream.place.1.ip()) == source;
        self.all.iter().filter(|(_, stream)| of(stream)).map(|(connection, _)| *connection).collect()
    }

    /// Whether no transaction depends on any stream.
    pub(super) fn is_quiet(&self) -> bool {
        self.opening.is_empty() && self.all.values().all(|s| s.clients.is_empty())
    }
}

impl Endpoint {
    /// Bytes of a stream.
    pub(super) fn stream(&mut self, turn: &mut Turn<'_>, path: Path, bytes: &[u8]) {
        let Some(connection) = path.connection else { return };
        if !self.streams.all.contains_key(&connection) {
            self.streams.opened(path);
        }
        if let Some(stream) = self.streams.all.get_mut(&connection) {
            stream.frame.push(bytes);
        }
        while let Some(framed) = self.next_frame(connection) {
            match framed {
                Framed::Message(bytes) => {
                    if self.admits_message(turn, path) {
                        self.message(turn, path, &bytes);
                    }
                }
                Framed::Ping => turn.out.emit(Out::Send { path, bytes: b"\r\n".to_vec() }),
                Framed::Lost(head) => {
                    self.offended(turn, path, Offence::Malformed);
                    if let Some((status, head)) = head {
                        self.answer_unframed(turn, path, status, &head);
                    }
                    self.close(turn, connection);
                }
                Framed::Wait => break,
            }
        }
        if let Some(stream) = self.streams.all.get_mut(&connection) {
            let waits = stream.frame.is_partial();
            // The clock runs from the first byte of the message: dribbling does not wind it up.
            let at = waits.then(|| stream.at.unwrap_or(turn.now + STALLED));
            self.agenda.set(Due::Stream(connection), &mut stream.at, at);
        }
    }

    /// One whole message of a WebSocket. A keepalive gets its answer as on other streams (RFC 7118 section 6).
    pub(super) fn framed(&mut self, turn: &mut Turn<'_>, path: Path, bytes: &[u8]) {
        let Some(connection) = path.connection else { return };
        if !self.streams.all.contains_key(&connection) {
            self.streams.opened(path);
        }
        let message = bytes.trim_ascii_start();
        match bytes {
            b"\r\n\r\n" => turn.out.emit(Out::Send { path, bytes: b"\r\n".to_vec() }),
            _ if message.is_empty() => {}
            _ if bytes.len() > SIP_MESSAGE_BYTES => self.close(turn, connection),
            _ if !self.admits_message(turn, path) => {}
            _ => self.message(turn, path, message),
        }
    }

    fn next_frame(&mut self, connection: Connection) -> Option<Framed> {
        let stream = self.streams.all.get_mut(&connection)?;
        let framed = stream.frame.next();
        if let Framed::Message(_) = framed {
            self.agenda.set(Due::Stream(connection), &mut stream.at, None);
        }
        Some(framed)
    }

    fn answer_unframed(&mut self, turn: &mut Turn<'_>, path: Path, status: u16, head: &[u8]) {
        let why = if status == 513 {
            "message is too large"
        } else {
            "Content-Length is missing, doubled or no number"
        };
        if let Some(message) = Message::split(head).filter(|m| !m.is_response()) {
            self.refuse_broken(turn, path, &message, crate::message::request::Refusal { status, why });
        }
    }

    /// Closes a stream. The driver does not tell that it did: for us it is gone now.
    pub(super) fn close(&mut self, turn: &mut Turn<'_>, connection: Connection) {
        turn.out.emit(Out::Close(connection));
        self.stream_closed(turn, connection);
    }

    /// Half a message, and no more came.
    pub(super) fn stream_stalled(&mut self, turn: &mut Turn<'_>, connection: Connection) {
        if let Some(stream) = self.streams.all.get_mut(&connection) {
            stream.at = None;
            self.close(turn, connection);
        }
    }

    /// A stream is gone: so are the requests that waited for an answer on it, and the phones behind it.
    pub(super) fn stream_closed(&mut self, turn: &mut Turn<'_>, connection: Connection) {
        if let Some(stream) = self.streams.all.remove(&connection) {
            self.agenda.clear(Due::Stream(connection), stream.at);
            if self.streams.by_place.get(&stream.place) == Some(&connection) {
                self.streams.by_place.remove(&stream.place);
            }
            for client in stream.clients {
                self.client_lost(turn, client);
            }
        }
        for user in self.registrar.flow_lost(connection) {
            turn.out.emit(Out::Unregistered { user });
        }
    }
}
