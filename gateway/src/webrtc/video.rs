//! The pictures of one browser's connection: what it sends, and the one stream that it is shown.
//!
//! Promises: payloads pass untouched; whole pictures are asked for no more often than a page can make them. Leaves to
//! others: who is shown whom (`media_loop::pictures`), numbers of the stream (`media::video`).

use std::sync::Arc;
use std::time::{Duration, Instant};

use kernel::Time;
use media::video::{Arrived, Gate, Passed, Relay, Turn, Verdict, VideoCodec};
use str0m::Rtc;
use str0m::bwe::Bitrate;
use str0m::media::{KeyframeRequestKind, Mid, Pt};
use str0m::rtp::{ExtensionValues, RtpPacket, RtpWrite, VideoOrientation};

/// A page is asked for a whole picture at most this often: each costs as much as a second of video.
const ASK_EVERY: Duration = Duration::from_millis(500);
/// A page is told how much gets through at most this often, unless it is much less than before.
const LIMIT_EVERY: Duration = Duration::from_secs(1);
/// What a page may be sent before anything is known of the way to it, in bits a second.
pub(super) const FIRST_ESTIMATE: Bitrate = Bitrate::kbps(1_000);
/// What we should like to send: a camera in high definition.
const DESIRED: Bitrate = Bitrate::kbps(2_500);

/// A packet of a picture, on its way from one page to others.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    source: u64,
    sequence: u64,
    timestamp: u32,
    marker: bool,
    turned: Option<VideoOrientation>,
    payload: Arc<[u8]>,
}

impl Picture {
    pub(super) fn of(packet: RtpPacket) -> Self {
        let header = packet.header;
        Self {
            source: u64::from(*header.ssrc),
            sequence: *packet.seq_no,
            timestamp: header.timestamp,
            marker: header.marker,
            turned: header.ext_vals.video_orientation,
            payload: packet.payload,
        }
    }
}

/// The video section of a connection.
pub(super) struct Video {
    mid: Mid,
    pub(super) pt: Pt,
    relay: Relay,
    gate: Gate,
    /// From when the relay counts.
    began: Instant,
    asked: Option<Instant>,
    estimate: Option<u64>,
    told: Option<(u64, Instant)>,
}

/// What became of a picture that was to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Sent,
    /// A whole one is needed first.
    Wanting,
    Dropped,
}

impl Video {
    /// The negotiated section; `None` when the page and we share no codec after all.
    pub(super) fn of(rtc: &mut Rtc, mid: &str, codec: VideoCodec, now: Instant) -> Option<Self> {
        let mid = Mid::from(mid);
        let media = rtc.media(mid)?;
        let pts = media.remote_pts();
        let pt = rtc.codec_config().params().iter().map(str0m::format::PayloadParams::pt).find(|pt| {
            pts.contains(pt)
                && rtc.codec_config().params().iter().any(|p| p.pt() == *pt && p.spec().codec.is_video())
        })?;
        // Pages send at a measured pace already; a queue of ours would only delay.
        rtc.direct_api().stream_tx_by_mid(mid, None)?.set_unpaced(true);
        rtc.bwe().set_bitrate(Bitrate::ZERO, DESIRED);
        let relay = Relay::new(codec, u64::from(rand::random::<u16>() >> 1));
        Some(Self {
            mid,
            pt,
            relay,
            gate: Gate::default(),
            began: now,
            asked: None,
            estimate: None,
            told: None,
        })
    }

    pub(super) const fn look_elsewhere(&mut self) {
        self.relay.begin_anew();
    }

    /// Queues a packet for the page, if it is to be shown.
    pub(super) fn show(&mut self, rtc: &mut Rtc, now: Instant, picture: &Picture) -> Shown {
        if !self.gate.is_open() {
            return Shown::Dropped;
        }
        let Picture { source, sequence, timestamp, .. } = *picture;
        let arrived = Arrived { source, sequence, timestamp, payload: &picture.payload };
        let Passed { sequence, timestamp } = match self.relay.pass(self.time(now), &arrived) {
            Verdict::Pass(passed) => passed,
            Verdict::Wait => return Shown::Wanting,
            Verdict::Late => return Shown::Dropped,
        };
        let turned = ExtensionValues { video_orientation: picture.turned, ..ExtensionValues::default() };
        let packet = RtpWrite::new(self.pt, sequence.into(), timestamp, now, Arc::clone(&picture.payload))
            .marker(picture.marker)
            .ext_vals(turned)
            .nackable(true);
        match rtc.direct_api().stream_tx_by_mid(self.mid, None) {
            Some(stream) => {
                stream.write_rtp(packet);
                Shown::Sent
            }
            None => Shown::Dropped,
        }
    }

    /// Asks the page for a whole picture, unless it was asked just now.
    pub(super) fn ask(&mut self, rtc: &mut Rtc, now: Instant) {
        if self.asked.is_some_and(|asked| now.saturating_duration_since(asked) < ASK_EVERY) {
            return;
        }
        // Before its first packet there is nobody to ask, and that will be a whole picture anyway.
        if let Some(stream) = rtc.direct_api().stream_rx_by_mid(self.mid, None) {
            stream.request_keyframe(KeyframeRequestKind::Pli);
            self.asked = Some(now);
        }
    }

    /// So much gets through to the page now; what that changes.
    pub(super) fn estimated(&mut self, now: Instant, bits: u64) -> Option<Turn> {
        self.estimate = Some(bits);
        let turn = self.gate.estimate(self.time(now), bits);
        if turn == Some(Turn::Go) {
            self.relay.begin_anew();
        }
        turn
    }

    pub(super) const fn estimate(&self) -> Option<u64> {
        self.estimate
    }

    /// Tells the page how much of what it sends gets through to those who see it.
    pub(super) fn limit(&mut self, rtc: &mut Rtc, now: Instant, bits: u64) {
        if let Some((told, at)) = self.told {
            let much_less = bits < told - told / 4;
            if !much_less && now.saturating_duration_since(at) < LIMIT_EVERY {
                return;
            }
        }
        if let Some(stream) = rtc.direct_api().stream_rx_by_mid(self.mid, None) {
            stream.request_remb(Bitrate::from(bits));
            self.told = Some((bits, now));
        }
    }

    fn time(&self, now: Instant) -> Time {
        let since = now.saturating_duration_since(self.began).as_nanos();
        Time::from_nanos(u64::try_from(since).unwrap_or(u64::MAX))
    }
}
