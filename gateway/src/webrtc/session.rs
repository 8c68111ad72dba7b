//! One browser's connection: `str0m` driven by datagrams, frames and time, answering with datagrams, frames and news.
//!
//! Promises: a panic or error of the library ends this connection alone; after `Lost` nothing more comes out; a
//! browser that falls silent is noticed within `limits::BROWSER_SILENCE`. RTP mode is used, so that sequence numbers
//! and timestamps reach the engine's own jitter buffer. Leaves to others: which datagram belongs to whom.

use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use media::video::{Turn, VideoCodec};
use media::{Codec, Direction, LegSetup, PayloadType};
use str0m::bwe::BweKind;
use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::format::{Codec as Format, FormatParams};
use str0m::media::{Direction as Way, Frequency, MediaKind, Mid, Pt};
use str0m::net::{DatagramSend, Protocol, Receive};
use str0m::rtp::{Extension, RtpPacket, RtpWrite};
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig, RtcError};

use super::offer::{Cut, Pictures, cut, offered_video};
use super::video::{FIRST_ESTIMATE, Picture, Shown, Video};
use super::{Accepted, Identity, WebrtcError};
use crate::limits::{BROWSER_CONNECT, BROWSER_OFFER, BROWSER_SILENCE};
use crate::media_loop::LostReason;

/// Payload types that we would offer ourselves; a browser's own numbers win.
const OPUS: PayloadType = 111;
const EVENTS_48K: PayloadType = 110;
const EVENTS_8K: PayloadType = 126;
/// What we speak over WebRTC, best first: G.711 for gateways and old phones behind them.
const SPOKEN: [(Format, Codec); 3] =
    [(Format::Opus, Codec::Opus), (Format::PCMU, Codec::Pcmu), (Format::PCMA, Codec::Pcma)];
/// Payload types of H.264 and its retransmission that we would offer ourselves.
const H264: (u8, u8) = (108, 109);
/// The same of VP9.
const VP9: (u8, u8) = (98, 99);
/// Largest datagram that the library takes (its buffers have 2,000 bytes).
const LARGEST: usize = 1_900;
/// What is due this soon is done at once: the library counts in steps of a microsecond between packets.
const SOON: Duration = Duration::from_millis(1);
/// Rounds of that in a row, so that nothing keeps the thread.
const ROUNDS: usize = 64;
/// Largest frame that fits a packet with its header, extension and tag.
const LARGEST_FRAME: usize = 1_400;

/// What came out of a connection; reused from call to call.
#[derive(Default)]
pub(crate) struct Outbox {
    /// To be sent: our address, theirs, the bytes.
    pub(crate) datagrams: Vec<(SocketAddr, SocketAddr, DatagramSend)>,
    /// Audio that arrived.
    pub(crate) frames: Vec<RtpPacket>,
    /// Pictures that arrived.
    pub(crate) pictures: Vec<Picture>,
    /// The page needs a whole picture of whom it sees.
    pub(crate) wants_picture: bool,
    /// How many bits a second get through to the page is known anew.
    pub(crate) estimated: bool,
    /// Pictures that were passed to the page, and that were not.
    pub(crate) shown: (u64, u64),
    /// How often pictures were stopped because the way to the page is too narrow.
    pub(crate) stopped: u64,
    /// News for the leg's owner.
    pub(crate) happened: Vec<Happened>,
}

/// News of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Happened {
    Up,
    Lost(LostReason),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Connecting { until: Instant },
    Up,
    Over,
}

/// A connection to one browser page.
pub(crate) struct Session {
    rtc: Rtc,
    mid: Mid,
    /// Our ICE user fragment: how checks name us (RFC 8445 section 7.2.2).
    user: String,
    send: PayloadType,
    /// Extended sequence number of the next packet; starts below 2^16 (RFC 3711 section 3.3.1).
    sequence: u64,
    marker: bool,
    state: State,
    heard: Instant,
    due: Instant,
    /// The latest moment we were told.
    now: Instant,
    /// Pictures, where the page and we agreed on them.
    video: Option<Video>,
}

/// The user fragment of ours that an ICE check names, if the bytes are one.
pub(crate) fn stun_user(bytes: &[u8]) -> Option<&str> {
    if !matches!(bytes.first(), Some(0 | 1)) || bytes.len() < 20 {
        return None;
    }
    let (ours, _theirs) = str0m::ice::StunMessage::parse(bytes).ok()?.username()?.split_once(':')?;
    Some(ours)
}

impl Session {
    /// Answers an offer. Costs about a millisecond; not for the shard's thread.
    pub(crate) fn accept(
        identity: &Identity,
        offer: &str,
        codec: Option<VideoCodec>,
        candidates: &[SocketAddr],
        now: Instant,
    ) -> Result<Accepted, WebrtcError> {
        // Without the codec the library would make a section of it that nobody can use.
        let codec = codec.filter(|codec| offered_video(offer).contains(codec));
        let cut = cut(offer, if codec.is_some() { Pictures::Wanted } else { Pictures::Refused })?;
        let negotiate = AssertUnwindSafe(|| negotiate(identity, &cut, codec, candidates, now));
        let (mut rtc, mid, answer) = catch_unwind(negotiate)
            .unwrap_or_else(|_panic| Err(WebrtcError::Refused("the offer confused the library".into())))?;
        let setup = setup_of(&rtc, mid)?;
        let wanted = cut.video.as_deref().zip(codec);
        let video = wanted.and_then(|(mid, codec)| Video::of(&mut rtc, mid, codec, now));
        let session = Self { video, ..Self::begin(rtc, mid, user_of(&answer)?, &setup, now) };
        Ok(Accepted { session, answer: cut.grow(&answer), setup })
    }

    fn begin(rtc: Rtc, mid: Mid, user: String, setup: &LegSetup, now: Instant) -> Self {
        Self {
            rtc,
            mid,
            user,
            send: setup.send.1,
            sequence: u64::from(rand::random::<u16>() >> 1),
            marker: true,
            state: State::Connecting { until: now + BROWSER_CONNECT },
            heard: now,
            due: now,
            now,
            video: None,
        }
    }

    /// Answers another offer of the same connection (hold, resume, new ICE credentials). The answer is whole.
    fn reoffer(
        &mut self,
        cut: &Cut,
        offer: SdpOffer,
        out: &mut Outbox,
    ) -> Result<(String, LegSetup), WebrtcError> {
        let mut answer = Err(WebrtcError::Gone);
        self.work(out, |rtc| {
            answer = rtc.sdp_api().accept_offer(offer).map_err(refused);
            Ok(())
        });
        let answer = answer?.to_sdp_string();
        let setup = setup_of(&self.rtc, self.mid)?;
        self.user = user_of(&answer)?;
        self.send = setup.send.1;
        Ok((cut.grow(&answer), setup))
    }

    pub(crate) fn user(&self) -> &str {
        &self.user
    }

    /// Whether the datagram is a check that proves to know our ICE password.
    pub(crate) fn proves(&self, now: Instant, from: SocketAddr, to: SocketAddr, bytes: &[u8]) -> bool {
        match Receive::new(Protocol::Udp, from, to, bytes) {
            Ok(receive) => self.rtc.accepts(&Input::Receive(now, receive)),
            Err(_) => false,
        }
    }

    /// A datagram arrived. `proven`: it is a check that `proves` to be genuine.
    pub(crate) fn receive(&mut self, now: Instant, datagram: &Datagram<'_>, out: &mut Outbox) {
        if datagram.bytes.len() > LARGEST {
            return;
        }
        self.now = now;
        if datagram.proven {
            self.heard = now;
        }
        let Ok(receive) = Receive::new(Protocol::Udp, datagram.from, datagram.to, datagram.bytes) else {
            return;
        };
        let frames = out.frames.len() + out.pictures.len();
        self.work(out, |rtc| rtc.handle_input(Input::Receive(now, receive)));
        if out.frames.len() + out.pictures.len() > frames {
            // Only what SRTP authenticated comes out as a frame.
            self.heard = now;
        }
    }

    /// Time has passed: call once per tick.
    pub(crate) fn elapsed(&mut self, now: Instant, out: &mut Outbox) {
        self.now = now;
        match self.state {
            State::Connecting { until } if now >= until => self.lose(LostReason::NoConnection, out),
            State::Up if now.saturating_duration_since(self.heard) > BROWSER_SILENCE => {
                self.lose(LostReason::Silent, out);
            }
            State::Connecting { .. } | State::Up => {
                if now >= self.due {
                    self.work(out, |rtc| rtc.handle_input(Input::Timeout(now)));
                }
            }
            State::Over => {}
        }
    }

    /// Sends one coded frame; dropped until the connection is up.
    pub(crate) fn write(
        &mut self,
        now: Instant,
        pt: PayloadType,
        timestamp: u32,
        payload: &[u8],
        out: &mut Outbox,
    ) {
        if self.state != State::Up || pt != self.send || payload.len() > LARGEST_FRAME {
            return;
        }
        self.now = now;
        let packet =
            RtpWrite::new(Pt::from(pt), self.sequence.into(), timestamp, now, payload).marker(self.marker);
        self.sequence += 1;
        self.marker = false;
        let mid = self.mid;
        self.work(out, |rtc| {
            if let Some(stream) = rtc.direct_api().stream_tx_by_mid(mid, None) {
                stream.write_rtp(packet);
            }
            Ok(())
        });
        // A packet leaves the library only when time moves.
        self.work(out, |rtc| rtc.handle_input(Input::Timeout(now)));
    }

    /// Whether pictures were agreed on.
    pub(crate) const fn has_video(&self) -> bool {
        self.video.is_some()
    }

    /// Shows a packet of somebody's picture; what cannot be shown now is left out.
    pub(crate) fn show(&mut self, now: Instant, picture: &Picture, out: &mut Outbox) {
        self.now = now;
        match self.with_video(out, |video, rtc| video.show(rtc, now, picture)) {
            Some(Shown::Sent) => {
                out.shown.0 += 1;
                self.send(out);
            }
            Some(Shown::Wanting) => {
                out.shown.1 += 1;
                out.wants_picture = true;
            }
            Some(Shown::Dropped) => out.shown.1 += 1,
            None => {}
        }
    }

    /// Somebody else is shown from now on.
    pub(crate) fn look_elsewhere(&mut self) {
        if let Some(video) = &mut self.video {
            video.look_elsewhere();
        }
    }

    /// Asks the page for a whole picture.
    pub(crate) fn ask_picture(&mut self, now: Instant, out: &mut Outbox) {
        self.now = now;
        if self.with_video(out, |video, rtc| video.ask(rtc, now)).is_some() {
            self.send(out);
        }
    }

    /// So many bits a second get through to those who see this page.
    pub(crate) fn limit(&mut self, now: Instant, bits: u64, out: &mut Outbox) {
        self.now = now;
        if self.with_video(out, |video, rtc| video.limit(rtc, now, bits)).is_some() {
            self.send(out);
        }
    }

    /// Works on the pictures of a connection that is up. As ever, a panic ends this connection alone.
    fn with_video<T>(&mut self, out: &mut Outbox, act: impl FnOnce(&mut Video, &mut Rtc) -> T) -> Option<T> {
        if self.state != State::Up {
            return None;
        }
        let (rtc, video) = (&mut self.rtc, self.video.as_mut()?);
        let done = catch_unwind(AssertUnwindSafe(|| act(video, rtc)));
        if done.is_err() {
            self.lose(LostReason::Failed, out);
        }
        done.ok()
    }

    /// What was written leaves the library when time moves.
    fn send(&mut self, out: &mut Outbox) {
        let now = self.now;
        self.work(out, |_| Ok(()));
        self.work(out, |rtc| rtc.handle_input(Input::Timeout(now)));
    }

    /// How many bits a second get through to this page.
    pub(crate) fn estimate(&self) -> Option<u64> {
        self.video.as_ref().and_then(Video::estimate)
    }

    /// Says goodbye (RTCP BYE, DTLS close_notify). Nothing is reported.
    pub(crate) fn close(&mut self, out: &mut Outbox) {
        let news = out.happened.len();
        self.work(out, Rtc::close);
        out.happened.truncate(news);
        self.state = State::Over;
    }

    /// One mutation of the library, then everything that it has to say.
    fn work(&mut self, out: &mut Outbox, change: impl FnOnce(&mut Rtc) -> Result<(), RtcError>) {
        if self.state == State::Over {
            return;
        }
        self.once(out, change);
        // With pictures the library paces what it sends: it wants to be told the time between two packets.
        if self.video.is_some() {
            for _ in 0..ROUNDS {
                if self.state == State::Over || self.due > self.now + SOON {
                    return;
                }
                let at = self.due.max(self.now);
                self.once(out, |rtc| rtc.handle_input(Input::Timeout(at)));
            }
        }
    }

    fn once(&mut self, out: &mut Outbox, change: impl FnOnce(&mut Rtc) -> Result<(), RtcError>) {
        let (rtc, pictures) = (&mut self.rtc, self.video.as_ref().map(|video| video.pt));
        let drained = catch_unwind(AssertUnwindSafe(|| drain(rtc, pictures, out, change)));
        let Drained { due, up, lost, estimate } = drained.unwrap_or(Drained::failed());
        if let Some(due) = due {
            self.due = due;
        }
        if up && self.state != State::Up {
            self.state = State::Up;
            out.happened.push(Happened::Up);
        }
        if let Some((video, bits)) = self.video.as_mut().zip(estimate) {
            out.estimated = true;
            match video.estimated(self.now, bits) {
                Some(Turn::Go) => out.wants_picture = true,
                Some(Turn::Stop) => out.stopped += 1,
                None => {}
            }
        }
        if let Some(reason) = lost {
            self.lose(reason, out);
        }
    }

    fn lose(&mut self, reason: LostReason, out: &mut Outbox) {
        self.state = State::Over;
        out.happened.push(Happened::Lost(reason));
    }
}

/// A datagram for a session.
pub(crate) struct Datagram<'a> {
    pub(crate) from: SocketAddr,
    /// Our address that it came to.
    pub(crate) to: SocketAddr,
    pub(crate) bytes: &'a [u8],
    pub(crate) proven: bool,
}

/// What draining the library told about the connection as a whole.
struct Drained {
    due: Option<Instant>,
    up: bool,
    lost: Option<LostReason>,
    /// Bits a second that get through.
    estimate: Option<u64>,
}

impl Drained {
    const fn failed() -> Self {
        Self { due: None, up: false, lost: Some(LostReason::Failed), estimate: None }
    }
}

fn drain(
    rtc: &mut Rtc,
    pictures: Option<Pt>,
    out: &mut Outbox,
    change: impl FnOnce(&mut Rtc) -> Result<(), RtcError>,
) -> Drained {
    let mut drained = Drained { due: None, up: false, lost: None, estimate: None };
    // An error may be a stranger's datagram; what ends the connection leaves it dead or never connected.
    let _refused = change(rtc);
    loop {
        match rtc.poll_output() {
            Ok(Output::Timeout(due)) => {
                drained.due = Some(due);
                break;
            }
            Ok(Output::Transmit(transmit)) => {
                out.datagrams.push((transmit.source, transmit.destination, transmit.contents));
            }
            Ok(Output::Event(Event::RtpPacket(packet))) if Some(packet.header.payload_type) == pictures => {
                out.pictures.push(Picture::of(packet));
            }
            Ok(Output::Event(Event::RtpPacket(packet))) => out.frames.push(packet),
            Ok(Output::Event(Event::KeyframeRequest(_))) => out.wants_picture = true,
            Ok(Output::Event(Event::EgressBitrateEstimate(BweKind::Twcc { estimate, .. }))) => {
                drained.estimate = Some(estimate.as_u64());
            }
            Ok(Output::Event(Event::Connected)) => drained.up = true,
            Ok(Output::Event(Event::Closed)) => drained.lost = Some(LostReason::Closed),
            Ok(Output::Event(_)) => {}
            Err(_) => {
                drained.lost = Some(LostReason::Failed);
                break;
            }
        }
    }
    if drained.lost.is_none() && !rtc.is_alive() {
        drained.lost = Some(LostReason::Failed);
    }
    drained
}

fn user_of(description: &str) -> Result<String, WebrtcError> {
    let user = description.lines().find_map(|line| line.strip_prefix("a=ice-ufrag:"));
    user.map(str::to_owned).ok_or_else(|| WebrtcError::Refused("no ICE credentials".into()))
}

/// Another offer of a page, read: what is costly is done outside of the shard's thread.
pub(crate) struct Reoffer {
    cut: Cut,
    offer: SdpOffer,
}

impl Reoffer {
    pub(crate) fn read(text: &str) -> Result<Self, WebrtcError> {
        let cut = cut(text, Pictures::Refused)?;
        let offer = SdpOffer::from_sdp_string(&cut.kept).map_err(refused)?;
        Ok(Self { cut, offer })
    }

    pub(crate) fn answer(
        self,
        session: &mut Session,
        out: &mut Outbox,
    ) -> Result<(String, LegSetup), WebrtcError> {
        session.reoffer(&self.cut, self.offer, out)
    }
}

/// An offer of ours that is not answered yet.
pub(crate) struct Offering {
    rtc: Rtc,
    mid: Mid,
    pending: SdpPendingOffer,
    user: String,
}

impl Offering {
    /// Makes an offer.
    pub(crate) fn new(
        identity: &Identity,
        candidates: &[SocketAddr],
        now: Instant,
    ) -> Result<(Self, String), WebrtcError> {
        let mut rtc = library(identity, None, candidates, now)?;
        let mut changes = rtc.sdp_api();
        let mid = changes.add_media(MediaKind::Audio, Way::SendRecv, None, None, None);
        let (offer, pending) =
            changes.apply().ok_or_else(|| WebrtcError::Refused("there is nothing to offer".into()))?;
        let text = offer.to_sdp_string();
        let user = user_of(&text)?;
        Ok((Self { rtc, mid, pending, user }, text))
    }

    /// Takes the answer.
    pub(crate) fn accept(self, answer: &str, now: Instant) -> Result<Accepted, WebrtcError> {
        let Self { mut rtc, mid, pending, user } = self;
        if answer.len() > BROWSER_OFFER {
            return Err(WebrtcError::TooLarge);
        }
        let take = AssertUnwindSafe(|| -> Result<Rtc, WebrtcError> {
            let answer = SdpAnswer::from_sdp_string(answer).map_err(refused)?;
            rtc.sdp_api().accept_answer(pending, answer).map_err(refused)?;
            Ok(rtc)
        });
        let rtc = catch_unwind(take)
            .unwrap_or_else(|_panic| Err(WebrtcError::Refused("the answer confused the library".into())))?;
        let setup = setup_of(&rtc, mid)?;
        let session = Session::begin(rtc, mid, user, &setup, now);
        Ok(Accepted { session, answer: String::new(), setup })
    }
}

fn library(
    identity: &Identity,
    video: Option<VideoCodec>,
    candidates: &[SocketAddr],
    now: Instant,
) -> Result<Rtc, WebrtcError> {
    let mut config = Rtc::builder()
        .set_crypto_provider(identity.crypto.clone())
        .set_dtls_cert(identity.certificate.clone())
        .set_ice_lite(true)
        .set_rtp_mode(true)
        .clear_codecs()
        .enable_opus(true, false)
        .enable_pcmu(true, false)
        .enable_pcma(true, false)
        .clear_extension_map()
        .set_extension(4, Extension::RtpMid);
    for (pt, rate) in [(EVENTS_48K, Frequency::FORTY_EIGHT_KHZ), (EVENTS_8K, Frequency::EIGHT_KHZ)] {
        let format = FormatParams { telephone_event_max: Some(15), ..FormatParams::default() };
        config.codec_config().add_config(Pt::from(pt), None, Format::Tele, rate, None, format);
    }
    if let Some(codec) = video {
        config = with_pictures(config, codec);
    }
    let mut rtc = config.build(now);
    for address in candidates {
        let candidate = Candidate::host(*address, Protocol::Udp).map_err(refused)?;
        rtc.add_local_candidate(candidate);
    }
    Ok(rtc)
}

/// Pictures in one codec, with retransmission and a measure of what gets through both ways.
fn with_pictures(config: RtcConfig, codec: VideoCodec) -> RtcConfig {
    let mut config = config
        .set_extension(2, Extension::AbsoluteSendTime)
        .set_extension(3, Extension::TransportSequenceNumber)
        .set_extension(13, Extension::VideoOrientation)
        .enable_bwe(Some(FIRST_ESTIMATE));
    let codecs = config.codec_config();
    match codec {
        VideoCodec::Vp8 => codecs.enable_vp8(true),
        // Eight bits a colour: what every browser makes.
        VideoCodec::Vp9 => {
            let format = FormatParams { profile_id: Some(0), ..FormatParams::default() };
            let (pt, resend) = (Pt::from(VP9.0), Some(Pt::from(VP9.1)));
            codecs.add_config(pt, resend, Format::Vp9, Frequency::NINETY_KHZ, None, format);
        }
        VideoCodec::Av1 => codecs.enable_av1(true),
        // Constrained baseline, units in several packets: what every browser has (RFC 7742 section 6.2).
        VideoCodec::H264 => codecs.add_h264(H264.0.into(), Some(H264.1.into()), true, 0x0042_E01F),
    }
    config
}

fn negotiate(
    identity: &Identity,
    cut: &Cut,
    codec: Option<VideoCodec>,
    candidates: &[SocketAddr],
    now: Instant,
) -> Result<(Rtc, Mid, String), WebrtcError> {
    let mut rtc = library(identity, codec, candidates, now)?;
    let offer = SdpOffer::from_sdp_string(&cut.kept).map_err(refused)?;
    let answer = rtc.sdp_api().accept_offer(offer).map_err(refused)?;
    Ok((rtc, Mid::from(cut.mid.as_str()), answer.to_sdp_string()))
}

fn refused(error: impl std::fmt::Display) -> WebrtcError {
    WebrtcError::Refused(error.to_string())
}

/// What the engine must know of the negotiated audio.
fn setup_of(rtc: &Rtc, mid: Mid) -> Result<LegSetup, WebrtcError> {
    let media = rtc.media(mid).ok_or(WebrtcError::NoAudio)?;
    let agreed =
        || rtc.codec_config().params().iter().filter(|params| media.remote_pts().contains(&params.pt()));
    let spoken = |(format, codec): &(Format, Codec)| {
        agreed().find(|params| params.spec().codec == *format).map(|params| (*codec, *params.pt()))
    };
    let receive: Vec<_> = SPOKEN.iter().filter_map(spoken).collect();
    let send = *receive.first().ok_or(WebrtcError::NoCodec)?;
    let dtmf = agreed()
        .filter(|params| params.spec().codec == Format::Tele)
        .map(|params| (*params.pt(), params.spec().clock_rate.get()))
        .collect();
    let direction = match media.direction() {
        Way::SendRecv => Direction::SendRecv,
        Way::SendOnly => Direction::SendOnly,
        Way::RecvOnly => Direction::RecvOnly,
        Way::Inactive => Direction::Inactive,
    };
    Ok(LegSetup { send, receive, dtmf, direction, remote: None, rtcp_mux: true })
}

/// The setup of a browser leg before its page is connected, so that orders for it find a leg.
pub(crate) fn unconnected() -> LegSetup {
    LegSetup {
        send: (Codec::Opus, OPUS),
        receive: vec![(Codec::Opus, OPUS)],
        dtmf: vec![(EVENTS_48K, 48_000)],
        direction: Direction::SendRecv,
        remote: None,
        rtcp_mux: true,
    }
}
