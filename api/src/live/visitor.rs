//! `/widget/chats/{id}/events`: one chat, live, for its customer.

use axum::extract::State;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::response::Response;
use desk::{Change, Speaker};
use kernel::InteractionId;
use serde::Deserialize;
use store::Event;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OwnedSemaphorePermit, broadcast};
use tokio::time::{MissedTickBehavior, interval, timeout};
use utoipa::IntoParams;

use super::seam::{Seam, Verdict};
use super::socket::{End, Socket, limited};
use super::staff::seat;
use super::wire::{ChatMessage, ChatRequest};
use crate::Live;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{ConversationId, Params, resumed};
use crate::routes::widget::admit_token;
use crate::state::App;
use crate::view::{ChatStateName, LineView, Stamp};

/// Entries read from the record at a time.
const ENTRIES_PAGE: u32 = 256;

/// Where to resume.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Resume {
    /// `seq` of the last line one has; 0 unless said.
    after: Option<i64>,
}

/// The chat, live (WebSocket): `ChatMessage` from the server, `ChatRequest` to it; the first message is `auth`.
#[utoipa::path(get, path = "/api/v1/widget/chats/{id}/events", tag = "widget", operation_id = "chat_events",
    security(()), params(("id" = String, Path), Resume),
    responses((status = 101, description = "the socket"), (status = 400, body = ErrorBody), (status = 503, body = ErrorBody)))]
pub(crate) async fn events(
    State(app): State<App>,
    ConversationId(id): ConversationId,
    Params(resume): Params<Resume>,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
) -> Answer<Response> {
    // Who does not open a socket cannot show the token in its first message: to them this is closed.
    let upgrade = upgrade.map_err(|_| ApiError::unauthorized())?;
    let room = seat(&app.open_sockets)?;
    let after = resumed(resume.after)?.unwrap_or(0);
    Ok(limited(upgrade).on_upgrade(move |ws| serve(app, ws, id, after, room)))
}

async fn serve(app: App, ws: WebSocket, id: InteractionId, after: i64, _room: OwnedSemaphorePermit) {
    let mut socket = Socket::new(ws, app.config.pong_within);
    if let Err(error) = introduced(&app, &mut socket, id).await {
        // Refused: whether the reason still arrives is the peer's affair.
        let _ = socket.send(&ChatMessage::from(error)).await;
        return socket.close(End::Refused).await;
    }
    let news = app.floor.live();
    let mut visit = Visit { app, id, news, seam: Seam::after(after), state: ChatStateName::Flow };
    let end = match visit.run(&mut socket).await {
        Ok(end) | Err(end) => end,
    };
    tracing::debug!(?end, "api: a customer's socket ended");
    socket.close(end).await;
}

async fn introduced(app: &App, socket: &mut Socket, id: InteractionId) -> Answer<()> {
    match timeout(app.config.auth_within, socket.recv::<ChatRequest>()).await {
        Ok(Ok(Ok(ChatRequest::Auth { token }))) => admit_token(app, id, &token).await,
        Ok(Ok(Err(error))) => Err(error),
        Ok(_) | Err(_) => {
            let message = "the first message must be `auth` with the chat's token";
            Err(ApiError::new(StatusCode::UNAUTHORIZED, "unauthorized", message))
        }
    }
}

/// One customer's socket.
struct Visit {
    app: App,
    id: InteractionId,
    news: broadcast::Receiver<Live>,
    /// By position in the conversation, over all its entries; only messages are sent.
    seam: Seam,
    state: ChatStateName,
}

impl Visit {
    async fn run(&mut self, socket: &mut Socket) -> Result<End, End> {
        self.state = self.recorded_state().await?;
        let at = Stamp(self.app.clock.wall());
        socket.send(&ChatMessage::Hello { state: self.state, at }).await?;
        self.catch_up(socket).await?;
        let mut beat = interval(self.app.config.ping_every);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while self.state != ChatStateName::Ended {
            tokio::select! {
                said = socket.recv() => self.obey(socket, said?).await?,
                news = self.news.recv() => match news {
                    Ok(news) => self.pass(socket, news).await?,
                    Err(RecvError::Lagged(_)) => self.resume(socket).await?,
                    Err(RecvError::Closed) => return Ok(End::Stopping),
                },
                _ = beat.tick() => {
                    socket.ping().await?;
                    socket.send(&ChatMessage::Tick { at: Stamp(self.app.clock.wall()) }).await?;
                }
            }
        }
        self.catch_up(socket).await?;
        Ok(End::Over)
    }

    async fn recorded_state(&self) -> Result<ChatStateName, End> {
        let conversation = self.app.store.conversation(self.id).await.map_err(ApiError::from)?;
        Ok(conversation.state.into())
    }

    async fn obey(&mut self, socket: &mut Socket, said: Answer<ChatRequest>) -> Result<(), End> {
        match said {
            Ok(ChatRequest::Auth { .. }) => {}
            Ok(ChatRequest::Typing { on }) => {
                let key = format!("{} typing", self.id);
                if self.app.chat_posts.take(&key, self.app.clock.wall()).is_ok() {
                    self.app.floor.customer_typing(self.id, on);
                }
            }
            Err(error) => socket.send(&ChatMessage::from(error)).await?,
        }
        Ok(())
    }

    async fn pass(&mut self, socket: &mut Socket, news: Live) -> Result<(), End> {
        match news {
            Live::Event(event) if event.conversation == Some(self.id) => self.event(socket, event).await,
            Live::Typing { conversation, speaker: Speaker::Agent, on } if conversation == self.id => {
                socket.send(&ChatMessage::Typing { on }).await
            }
            Live::BringMedia { conversation } if conversation == self.id => {
                socket.send(&ChatMessage::BringMedia).await
            }
            _ => Ok(()),
        }
    }

    async fn event(&mut self, socket: &mut Socket, event: Event) -> Result<(), End> {
        match (event.change, event.entry_seq) {
            (Change::EntryAdded { entry, .. }, Some(seq)) => match self.seam.judge(seq) {
                Verdict::Known => Ok(()),
                Verdict::Next => self.put(socket, desk::Entry { seq, entry, is_final: true }).await,
                Verdict::Gap => self.catch_up(socket).await,
            },
            (Change::ConversationMoved { state, .. }, _) => self.moved(socket, state.into()).await,
            (Change::ConversationEnded { .. }, _) => self.moved(socket, ChatStateName::Ended).await,
            _ => Ok(()),
        }
    }

    async fn moved(&mut self, socket: &mut Socket, state: ChatStateName) -> Result<(), End> {
        if state == self.state {
            return Ok(());
        }
        if state == ChatStateName::Ended {
            self.catch_up(socket).await?;
        }
        self.state = state;
        socket.send(&ChatMessage::State { state }).await
    }

    async fn put(&mut self, socket: &mut Socket, entry: desk::Entry) -> Result<(), End> {
        if let Some(line) = LineView::of(&entry) {
            socket.send(&ChatMessage::Line(line)).await?;
        }
        self.seam.sent(entry.seq);
        Ok(())
    }

    async fn catch_up(&mut self, socket: &mut Socket) -> Result<(), End> {
        loop {
            let page = self.app.store.entries(self.id, self.seam.last(), ENTRIES_PAGE).await;
            let page = page.map_err(ApiError::from)?;
            if page.is_empty() {
                return Ok(());
            }
            for entry in page {
                self.put(socket, entry).await?;
            }
        }
    }

    async fn resume(&mut self, socket: &mut Socket) -> Result<(), End> {
        self.news = self.news.resubscribe();
        self.catch_up(socket).await?;
        let state = self.recorded_state().await?;
        self.moved(socket, state).await
    }
}
