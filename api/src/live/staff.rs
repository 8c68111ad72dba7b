//! `/events`: the record and the floor as they happen, for staff and programs.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use desk::WallMillis;
use kernel::{AgentName, InteractionId};
use routing::AgentStatus;
use serde::Deserialize;
use store::Event;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast};
use tokio::time::{MissedTickBehavior, interval, timeout};
use utoipa::IntoParams;

use super::seam::{Seam, Verdict};
use super::socket::{End, Socket, limited};
use super::wire::{LiveMessage, LiveRequest};
use crate::auth::{Identity, Presented, from_our_pages, lookup, lookup_hash, presented};
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Params, resumed};
use crate::routes::sessions::UserView;
use crate::scopes;
use crate::state::App;
use crate::view::{AgentView, CallOut, OfferOut, QueueView, Stamp};
use crate::{DeskGuard, Live};

/// Events read from the record at a time.
const EVENTS_PAGE: u32 = 256;
/// The sign-in is looked up again at every so many heartbeats.
const BEATS_PER_CHECK: u32 = 6;

/// Where to resume.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Resume {
    /// Number of the last event one has; without it, from the present.
    after: Option<i64>,
}

/// The live socket (WebSocket): `LiveMessage` from the server, `LiveRequest` to it.
#[utoipa::path(get, path = "/api/v1/events", tag = "live", operation_id = "live_events", params(Resume),
    responses((status = 101, description = "the socket"), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 503, body = ErrorBody)))]
pub(crate) async fn events(
    State(app): State<App>,
    headers: HeaderMap,
    Params(resume): Params<Resume>,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
) -> Answer<Response> {
    // The guard cannot stand before this route: a page of another origin may authorise itself in the first message.
    let identity = match presented(&headers)? {
        Presented::Bearer(token) => Some(lookup(&app, &token).await?),
        Presented::Cookie(token) if from_our_pages(&headers, &app.config) => {
            Some(lookup(&app, &token).await?)
        }
        // A foreign page: the browser's cookie does not speak for it.
        Presented::Cookie(_) | Presented::Nothing => None,
    };
    let after = resumed(resume.after)?;
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(_) if identity.is_none() => return Err(ApiError::unauthorized()),
        Err(error) => {
            return Err(ApiError::new(StatusCode::BAD_REQUEST, "bad_request", error.body_text()));
        }
    };
    // Strangers never take the room of staff.
    let room = seat(if identity.is_some() { &app.sockets } else { &app.open_sockets })?;
    Ok(limited(upgrade).on_upgrade(move |ws| serve(app, ws, identity, after, room)))
}

/// Room for one more socket.
pub(super) fn seat(sockets: &Arc<Semaphore>) -> Answer<OwnedSemaphorePermit> {
    Arc::clone(sockets)
        .try_acquire_owned()
        .map_err(|_| ApiError::full("as many live sockets as there may be are open"))
}

async fn serve(
    app: App,
    ws: WebSocket,
    identity: Option<Identity>,
    after: Option<i64>,
    room: OwnedSemaphorePermit,
) {
    let mut socket = Socket::new(ws, app.config.pong_within);
    let seated = match identity {
        Some(identity) => Ok((identity, room)),
        None => {
            let introduced = introduced(&app, &mut socket).await;
            introduced.and_then(|identity| Ok((identity, seat(&app.sockets)?)))
        }
    };
    let need = scopes::need(&Method::GET, "/api/v1/events");
    let seated = seated.and_then(|(identity, seat)| identity.allowed(need).map(|()| (identity, seat)));
    let (identity, _seat) = match seated {
        Ok(seated) => seated,
        Err(error) => {
            // Refused: whether the reason still arrives is the peer's affair.
            let _ = socket.send(&LiveMessage::from(error)).await;
            return socket.close(End::Refused).await;
        }
    };
    let news = app.floor.live();
    let mut watch = Watch { app, identity, news, seam: Seam::after(0), mine: BTreeSet::new(), desk: None };
    let end = match watch.run(&mut socket, after).await {
        Ok(end) | Err(end) => end,
    };
    tracing::debug!(?end, "api: a live socket ended");
    socket.close(end).await;
}

/// Reads the first message, which says who is asking.
async fn introduced(app: &App, socket: &mut Socket) -> Answer<Identity> {
    let first = timeout(app.config.auth_within, socket.recv::<LiveRequest>()).await;
    match first {
        Ok(Ok(Ok(LiveRequest::Auth { token }))) => lookup(app, &token).await,
        Ok(Ok(Err(error))) => Err(error),
        Ok(_) => Err(ApiError::unauthorized()),
        Err(_) => Err(ApiError::new(StatusCode::UNAUTHORIZED, "unauthorized", "no `auth` message in time")),
    }
}

/// One authorised socket.
struct Watch {
    app: App,
    identity: Identity,
    news: broadcast::Receiver<Live>,
    seam: Seam,
    /// Conversations that this agent holds: their previews are theirs to see.
    mine: BTreeSet<InteractionId>,
    desk: Option<Box<dyn DeskGuard>>,
}

impl Watch {
    async fn run(&mut self, socket: &mut Socket, after: Option<i64>) -> Result<End, End> {
        // Subscribed before the record is read: what commits in between is in both, and the seam drops the second.
        let last = self.app.store.last_event().await.map_err(ApiError::from)?;
        let after = after.map_or(last, |after| after.min(last));
        self.seam = Seam::after(after);
        let user = UserView::of(&self.app, &self.identity).await?;
        let at = Stamp(self.now());
        socket.send(&LiveMessage::Hello { last, after, user, at }).await?;
        self.snapshot(socket).await?;
        self.catch_up(socket, last).await?;
        let mut beat = interval(self.app.config.ping_every);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut beats = 0u32;
        loop {
            tokio::select! {
                said = socket.recv() => self.obey(socket, said?).await?,
                news = self.news.recv() => match news {
                    Ok(news) => self.pass(socket, news).await?,
                    Err(RecvError::Lagged(_)) => self.resume(socket).await?,
                    Err(RecvError::Closed) => return Ok(End::Stopping),
                },
                _ = beat.tick() => {
                    beats = beats.wrapping_add(1);
                    self.beat(socket, beats).await?;
                }
            }
        }
    }

    fn now(&self) -> WallMillis {
        self.app.clock.wall()
    }

    async fn obey(&mut self, socket: &mut Socket, said: Answer<LiveRequest>) -> Result<(), End> {
        match said {
            Ok(LiveRequest::Auth { .. }) => Ok(()),
            Ok(LiveRequest::Desk) => {
                let me = self.identity.agent();
                let agents = self.app.floor.agents().await;
                if self.desk.is_none() && !self.identity.is_key() && agents.iter().any(|a| a.name == me) {
                    self.desk = Some(self.app.floor.desk(me));
                }
                Ok(())
            }
            Err(error) => socket.send(&LiveMessage::from(error)).await,
        }
    }

    async fn beat(&mut self, socket: &mut Socket, beats: u32) -> Result<(), End> {
        if beats.is_multiple_of(BEATS_PER_CHECK) {
            match lookup_hash(&self.app, &self.identity.token_hash).await {
                Ok(identity) => self.identity = identity,
                Err(error) => {
                    socket.send(&LiveMessage::from(error)).await?;
                    return Err(End::Refused);
                }
            }
        }
        socket.ping().await?;
        socket.send(&LiveMessage::Tick { at: Stamp(self.now()) }).await
    }

    /// One piece of news.
    async fn pass(&mut self, socket: &mut Socket, news: Live) -> Result<(), End> {
        match news {
            Live::Event(event) => match self.seam.judge(event.seq) {
                Verdict::Known => Ok(()),
                Verdict::Next => self.put(socket, event).await,
                Verdict::Gap => self.catch_up(socket, event.seq).await,
            },
            news => {
                self.learn(&news);
                if !self.may_see(&news) {
                    return Ok(());
                }
                socket.send(&LiveMessage::of(news, &*self.app.clock)).await
            }
        }
    }

    async fn put(&mut self, socket: &mut Socket, event: Event) -> Result<(), End> {
        let seq = event.seq;
        socket.send(&LiveMessage::of(Live::Event(event), &*self.app.clock)).await?;
        self.seam.sent(seq);
        Ok(())
    }

    /// Sends what the record has, up to `until` at least.
    async fn catch_up(&mut self, socket: &mut Socket, until: i64) -> Result<(), End> {
        while self.seam.last() < until {
            let page = self.app.store.events_after(self.seam.last(), EVENTS_PAGE).await;
            let page = page.map_err(ApiError::from)?;
            if page.is_empty() {
                // Told of an event that the record does not have: a defect; better to end than to skip it silently.
                return Err(ApiError::ours(&format!("event {until} is not in the record")).into());
            }
            for event in page {
                self.put(socket, event).await?;
            }
        }
        Ok(())
    }

    /// News were lost: go on from the record, and show the floor anew.
    async fn resume(&mut self, socket: &mut Socket) -> Result<(), End> {
        self.news = self.news.resubscribe();
        self.snapshot(socket).await?;
        let last = self.app.store.last_event().await.map_err(ApiError::from)?;
        self.catch_up(socket, last).await
    }

    /// The floor as it is.
    async fn snapshot(&mut self, socket: &mut Socket) -> Result<(), End> {
        let floor = &self.app.floor;
        let agents = floor.agents().await;
        let me = self.identity.agent();
        self.mine = agents.iter().find(|agent| agent.name == me).map(held).unwrap_or_default();
        let whose: Vec<AgentName> = if self.identity.supervises() {
            agents.iter().map(|agent| agent.name.clone()).collect()
        } else {
            vec![me]
        };
        let (mut offers, mut calls) = (Vec::new(), Vec::new());
        for agent in &whose {
            let (theirs, held) = floor.holding(agent).await;
            offers.extend(theirs.into_iter().map(OfferOut::from));
            calls.extend(held.into_iter().map(CallOut::from));
        }
        let clock = &*self.app.clock;
        let queues = floor.queues().await.into_iter().map(|queue| QueueView::new(queue, clock)).collect();
        let agents = agents.into_iter().map(|agent| AgentView::new(agent, clock)).collect();
        socket.send(&LiveMessage::Snapshot { agents, queues, offers, calls }).await
    }

    /// Keeps track of what this agent holds.
    fn learn(&mut self, news: &Live) {
        let me = self.identity.agent();
        match news {
            Live::Agent(agent) if agent.name == me => self.mine = held(agent),
            Live::Call(call) if call.agent == me && call.state != "ended" => {
                self.mine.insert(call.conversation);
            }
            _ => {}
        }
    }

    /// Whether this piece of news concerns whom it would be sent to.
    fn may_see(&self, news: &Live) -> bool {
        let me = |agent: &AgentName| agent.as_str() == self.identity.subject;
        self.identity.supervises()
            || match news {
                Live::Event(_) | Live::Agent(_) | Live::Queue(_) => true,
                Live::Offer(offer) => me(&offer.agent),
                Live::OfferOver { agent, .. } => me(agent),
                Live::Call(call) => me(&call.agent),
                Live::BringMedia { conversation } => self.mine.contains(conversation),
                Live::Preview(preview) => self.mine.contains(&preview.conversation),
                Live::Typing { conversation, .. } => self.mine.contains(conversation),
            }
    }
}

/// What an agent holds.
fn held(agent: &AgentStatus) -> BTreeSet<InteractionId> {
    agent.call.iter().chain(&agent.chats).copied().collect()
}
