//! `/observed`: another system announces a call of its own, and brings its sound over a web socket (or AudioSocket, or SIPREC).
//!
//! Promises: only keys of supervisors and administrators; a side has one source; who sends faster than people speak waits.
//! Leaves to others: what becomes of the sound (`Floor`).

use std::time::Duration;

use axum::Json;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use desk::Speaker;
use kernel::Lang;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};
use utoipa::{IntoParams, ToSchema};

use crate::auth::Identity;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::request::{Body, ConversationId, parse};
use crate::state::App;
use crate::view::LangCode;
use crate::{ObservedCall, ObservedParty, SoundIn};

/// Sides of one call.
const SIDES: usize = 8;
/// Longest number, name or reference, in characters.
const WORDS: usize = 200;
/// Largest message: a second of stereo at 48 kHz has 192 kB; nobody needs to send so much at once.
const MESSAGE_BYTES: usize = 64 << 10;
/// How often a silent wire is looked at.
const LOOK: Duration = Duration::from_millis(100);
/// A farewell that the peer does not answer within this is not waited for.
const FAREWELL: Duration = Duration::from_secs(1);

/// Who a side of a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ObservedSpeaker {
    /// The customer.
    Customer,
    /// Somebody of the staff.
    Agent,
}

impl From<ObservedSpeaker> for Speaker {
    fn from(speaker: ObservedSpeaker) -> Self {
        match speaker {
            ObservedSpeaker::Customer => Speaker::Customer,
            ObservedSpeaker::Agent => Speaker::Agent,
        }
    }
}

/// One side of a call that another system carries.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSide {
    /// Who.
    speaker: ObservedSpeaker,
    /// For staff: the agent's name or extension. The call is shown at their desk.
    #[serde(default)]
    agent: Option<String>,
    /// Number.
    #[serde(default)]
    number: Option<String>,
    /// Name.
    #[serde(default)]
    name: Option<String>,
}

impl NewSide {
    fn checked(self, field: &str) -> Answer<ObservedParty> {
        Ok(ObservedParty {
            speaker: self.speaker.into(),
            agent: words(self.agent, &format!("{field}.agent"))?,
            number: words(self.number, &format!("{field}.number"))?,
            name: words(self.name, &format!("{field}.name"))?,
        })
    }
}

/// A call that another system carries.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewObserved {
    /// Who is in it: 1 to 8, at least one customer.
    legs: Vec<NewSide>,
    /// The number of ours whose language and recording policy hold; the configured one unless said.
    #[serde(default)]
    number: Option<String>,
    /// Language that is talked; the number's unless said.
    #[serde(default)]
    #[schema(value_type = Option<LangCode>)]
    lang: Option<Lang>,
    /// The customer agreed to be recorded and written down (for numbers with `recording = "consent"`).
    #[serde(default)]
    #[schema(required = false)]
    consent: bool,
    /// What the other system calls the call; it is recorded with the conversation.
    #[serde(default)]
    reference: Option<String>,
}

/// A side whose sound may come.
#[derive(Serialize, ToSchema)]
pub(crate) struct ObservedLeg {
    /// Number of its leg.
    leg: u16,
    /// Who.
    #[schema(value_type = ObservedSpeaker)]
    speaker: Speaker,
    /// The agent of ours whose desk shows it; null: nobody of ours.
    agent: Option<String>,
    /// The name under which its sound may come by AudioSocket.
    uuid: String,
}

/// A call whose sound may come.
#[derive(Serialize, ToSchema)]
pub(crate) struct ObservedOpened {
    /// Its conversation.
    conversation: String,
    /// Its sides, the customer first.
    legs: Vec<ObservedLeg>,
}

fn words(text: Option<String>, field: &str) -> Answer<Option<String>> {
    let Some(text) = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    if text.chars().count() > WORDS || text.chars().any(char::is_control) {
        return Err(ApiError::field(field, "is longer than 200 characters, or has control characters"));
    }
    Ok(Some(text))
}

/// Only programs of the house: a page of another site must not bring sound by a cookie.
fn may_bring(identity: &Identity) -> Answer<()> {
    if identity.is_key() && identity.supervises() {
        return Ok(());
    }
    Err(ApiError::forbidden("only API keys of role supervisor or admin bring calls of another system"))
}

/// Announce a call that another system carries. Its conversation begins; it ends when the sound of its sides has ended, or with
/// `no_media` when none comes.
#[utoipa::path(post, path = "/api/v1/observed", tag = "conversations", operation_id = "observe_call",
    request_body = NewObserved,
    responses((status = 201, body = ObservedOpened), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 404, body = ErrorBody), (status = 503, body = ErrorBody)))]
pub(crate) async fn open(
    State(app): State<App>,
    identity: Identity,
    Body(call): Body<NewObserved>,
) -> Answer<(StatusCode, Json<ObservedOpened>)> {
    may_bring(&identity)?;
    if !(1..=SIDES).contains(&call.legs.len()) {
        return Err(ApiError::field("legs", "must have 1 to 8 sides"));
    }
    if call.legs.iter().all(|side| side.speaker != ObservedSpeaker::Customer) {
        return Err(ApiError::field("legs", "has no customer"));
    }
    let parties = call.legs.into_iter().enumerate().map(|(n, side)| side.checked(&format!("legs[{n}]")));
    let order = ObservedCall {
        source: "api",
        number: call.number,
        lang: call.lang,
        agreed: call.consent,
        reference: words(call.reference, "reference")?,
        parties: parties.collect::<Answer<_>>()?,
    };
    let begun = app.floor.observe(order).await?;
    let legs = begun.sides.into_iter().map(|side| ObservedLeg {
        leg: side.leg,
        speaker: side.speaker,
        agent: side.agent.map(|agent| agent.to_string()),
        uuid: side.uuid,
    });
    let opened = ObservedOpened { conversation: begun.conversation.to_string(), legs: legs.collect() };
    Ok((StatusCode::CREATED, Json(opened)))
}

/// Whose sound comes, and how.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct SoundQuery {
    /// Numbers of the legs whose sound comes, e.g. `0`; two for stereo, the left one first, e.g. `0,1`.
    leg: String,
    /// Samples per second: 8000, 16000, 24000 or 48000.
    rate: u32,
}

/// Bring the sound of one side, or of two in stereo: a web socket of binary messages with signed 16-bit little-endian samples.
/// Text messages are JSON: `{"type":"digit","key":"5"}`, `{"type":"hold","on":true}`,
/// `{"type":"passed_on","to":{"speaker":"agent","agent":"bob"}}`, `{"type":"end"}`; for stereo, `"leg"` says which.
#[utoipa::path(get, path = "/api/v1/observed/{id}/audio", tag = "conversations", operation_id = "observed_audio",
    params(("id" = String, Path), SoundQuery),
    responses((status = 101, description = "the sound may come"), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody), (status = 409, body = ErrorBody), (status = 410, body = ErrorBody), (status = 503, body = ErrorBody)))]
pub(crate) async fn audio(
    State(app): State<App>,
    identity: Identity,
    ConversationId(id): ConversationId,
    Query(query): Query<SoundQuery>,
    upgrade: WebSocketUpgrade,
) -> Answer<Response> {
    may_bring(&identity)?;
    if !matches!(query.rate, 8_000 | 16_000 | 24_000 | 48_000) {
        return Err(ApiError::field("rate", "must be 8000, 16000, 24000 or 48000"));
    }
    let legs: Option<Vec<u16>> = query.leg.split(',').map(|leg| leg.trim().parse().ok()).collect();
    let distinct = |legs: &Vec<u16>| legs.len() == 1 || legs.len() == 2 && legs.first() != legs.last();
    let legs = legs.filter(distinct);
    let legs =
        legs.ok_or_else(|| ApiError::field("leg", "must be the number of a leg, or two with a comma"))?;
    let room = app.sockets.clone().try_acquire_owned();
    let room = room.map_err(|_| ApiError::full("too many web sockets are open"))?;
    let sides = app.floor.hear(id, &legs, query.rate).await?;
    let bring = Bring { legs, sides, odd: Vec::new() };
    let patience = app.config.pong_within;
    let every = app.config.ping_every;
    let upgrade = upgrade.max_message_size(MESSAGE_BYTES).max_frame_size(MESSAGE_BYTES);
    Ok(upgrade.on_upgrade(move |ws| async move {
        bring.run(ws, every, patience).await;
        drop(room);
    }))
}

/// What is said beside the sound.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum Word {
    Digit {
        #[serde(default)]
        leg: Option<u16>,
        key: char,
    },
    Hold {
        #[serde(default)]
        leg: Option<u16>,
        on: bool,
    },
    PassedOn {
        #[serde(default)]
        leg: Option<u16>,
        to: NewSide,
    },
    End,
}

/// A socket that brings the sound of one side, or two.
struct Bring {
    legs: Vec<u16>,
    sides: Vec<Box<dyn SoundIn>>,
    /// Bytes of a sample that is not whole yet.
    odd: Vec<u8>,
}

impl Bring {
    async fn run(mut self, mut ws: WebSocket, every: Duration, patience: Duration) {
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut ping = interval(every);
        let mut heard = Instant::now();
        while let Some(first) = self.sides.first_mut() {
            tokio::select! {
                message = ws.recv() => {
                    let Some(Ok(message)) = message else { return };
                    heard = Instant::now();
                    match message {
                        Message::Binary(bytes) => {
                            let wait = self.sound(&bytes);
                            if !wait.is_zero() {
                                // Nothing is read meanwhile: TCP slows the sender.
                                sleep(wait).await;
                            }
                        }
                        Message::Text(text) => match self.word(text.as_bytes()).await {
                            Ok(true) => {}
                            Ok(false) => break,
                            Err(error) => {
                                let answer = serde_json::json!({ "type": "error", "error": error.into_detail() });
                                if ws.send(Message::Text(answer.to_string().into())).await.is_err() {
                                    return;
                                }
                            }
                        },
                        Message::Ping(_) | Message::Pong(_) => {}
                        Message::Close(_) => {
                            self.sides.iter_mut().for_each(|side| side.farewell());
                            return;
                        }
                    }
                }
                () = first.over() => break,
                _ = look.tick() => self.sides.iter_mut().for_each(|side| side.look()),
                _ = ping.tick() => {
                    if heard.elapsed() > patience || ws.send(Message::Ping(bytes::Bytes::new())).await.is_err() {
                        return;
                    }
                }
            }
        }
        drop(self.sides);
        let farewell = async {
            if ws.send(Message::Close(None)).await.is_ok() {
                while let Some(Ok(_)) = ws.recv().await {}
            }
        };
        // Whether the peer heard it or not: this is the end.
        let _ = timeout(FAREWELL, farewell).await;
    }

    /// Sound of all sides, interleaved; says how long to wait.
    fn sound(&mut self, bytes: &[u8]) -> Duration {
        let whole = apart(&mut self.odd, bytes, self.sides.len());
        let waits = self.sides.iter_mut().zip(&whole).map(|(side, samples)| side.sound(samples));
        waits.max().unwrap_or_default()
    }

    /// Whether it goes on.
    async fn word(&mut self, text: &[u8]) -> Answer<bool> {
        match parse::<Word>(text)? {
            Word::Digit { leg, key } if matches!(key, '0'..='9' | '*' | '#' | 'A'..='D') => {
                self.side(leg)?.digit(key).await;
            }
            Word::Digit { .. } => return Err(ApiError::field("key", "must be one of 0-9, *, #, A-D")),
            Word::Hold { leg, on } => self.side(leg)?.held(on).await,
            Word::PassedOn { leg, to } => {
                let to = to.checked("to")?;
                self.side(leg)?.passed_on(to).await;
            }
            Word::End => {
                self.sides.iter_mut().for_each(|side| side.farewell());
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn side(&mut self, leg: Option<u16>) -> Answer<&mut Box<dyn SoundIn>> {
        let which = match leg {
            None => (self.legs.len() == 1).then_some(0),
            Some(leg) => self.legs.iter().position(|one| *one == leg),
        };
        let wrong = || ApiError::field("leg", "must be a leg whose sound comes here");
        which.and_then(|which| self.sides.get_mut(which)).ok_or_else(wrong)
    }
}

/// Interleaved samples, side by side; what is not whole yet is kept.
fn apart(odd: &mut Vec<u8>, bytes: &[u8], sides: usize) -> Vec<Vec<i16>> {
    odd.extend_from_slice(bytes);
    let frame = sides.max(1) * 2;
    let whole = odd.len() / frame * frame;
    let mut out = vec![Vec::with_capacity(whole / frame); sides];
    for (n, pair) in odd.get(..whole).unwrap_or_default().as_chunks::<2>().0.iter().enumerate() {
        if let Some(side) = out.get_mut(n % sides.max(1)) {
            side.push(i16::from_le_bytes(*pair));
        }
    }
    odd.drain(..whole);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stereo_is_taken_apart_however_the_messages_are_cut() {
        let bytes: Vec<u8> = [1i16, -1, 2, -2, 3, -3].iter().flat_map(|s| s.to_le_bytes()).collect();
        for cut in 1..bytes.len() {
            let (mut odd, mut left, mut right) = (Vec::new(), Vec::new(), Vec::new());
            for piece in bytes.chunks(cut) {
                let mut sides = apart(&mut odd, piece, 2).into_iter();
                left.extend(sides.next().expect("left"));
                right.extend(sides.next().expect("right"));
            }
            assert_eq!((left, right, odd.len()), (vec![1, 2, 3], vec![-1, -2, -3], 0), "cut at {cut}");
        }
    }
}
