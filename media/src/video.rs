//! Pictures, which are passed on and never decoded: the codec that all pages of a call share, and how the stream of one
//! page goes on in that of another.
//!
//! Promises: pure; a hostile payload is at worst no whole picture; numbers of a stream that is shown never jump back,
//! whoever is seen. Leaves to others: transport (`gateway::webrtc`), who sees whom (`interaction`).

mod av1;
mod gate;
mod h264;
mod relay;
mod vp8;
mod vp9;

pub use gate::{Gate, Turn};
pub use relay::{Arrived, Passed, Relay, Verdict};

/// A video codec. Every one counts time in [`CLOCK`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VideoCodec {
    /// RFC 7741.
    Vp8,
    /// RFC 6184; the constrained baseline profile, which every browser has (RFC 7742 section 5).
    H264,
    /// RFC 9628.
    Vp9,
    /// As the Alliance for Open Media specifies its RTP payload.
    Av1,
}

/// RTP timestamp units per second.
pub const CLOCK: u32 = 90_000;

impl VideoCodec {
    /// Every one, by how widely it is understood. One more is one file, and its line here and below.
    pub const ALL: [VideoCodec; 4] = [VideoCodec::Vp8, VideoCodec::H264, VideoCodec::Vp9, VideoCodec::Av1];

    /// Its name in SDP (`a=rtpmap`).
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            VideoCodec::Vp8 => "VP8",
            VideoCodec::H264 => "H264",
            VideoCodec::Vp9 => "VP9",
            VideoCodec::Av1 => "AV1",
        }
    }

    /// The codec of a name, whatever its case (RFC 8866 section 6.6).
    #[must_use]
    pub fn named(name: &str) -> Option<VideoCodec> {
        Self::ALL.into_iter().find(|codec| codec.name().eq_ignore_ascii_case(name))
    }

    /// Whether a whole picture, which needs none before it, begins with this payload.
    #[must_use]
    pub fn begins_whole_picture(self, payload: &[u8]) -> bool {
        match self {
            VideoCodec::Vp8 => vp8::begins_whole_picture(payload),
            VideoCodec::H264 => h264::begins_whole_picture(payload),
            VideoCodec::Vp9 => vp9::begins_whole_picture(payload),
            VideoCodec::Av1 => av1::begins_whole_picture(payload),
        }
    }
}

/// The codec that all of these pages understand: the one in use if it still serves, else the first of `order`.
/// Pages without any (no video, or none we know) do not count. `None`: they share nothing.
#[must_use]
pub fn shared(
    order: &[VideoCodec],
    now: Option<VideoCodec>,
    pages: &[Vec<VideoCodec>],
) -> Option<VideoCodec> {
    let serves = |codec: &VideoCodec| pages.iter().all(|page| page.is_empty() || page.contains(codec));
    if pages.iter().all(Vec::is_empty) {
        return None;
    }
    now.filter(serves).or_else(|| order.iter().copied().find(serves))
}

#[cfg(test)]
mod tests {
    use super::VideoCodec::{Av1, H264, Vp8, Vp9};
    use super::*;

    #[test]
    fn the_first_page_gets_the_first_codec_of_the_order_that_it_offers() {
        assert_eq!(shared(&VideoCodec::ALL, None, &[vec![Av1, Vp9, Vp8]]), Some(Vp8));
        assert_eq!(shared(&[Av1, Vp8], None, &[vec![Vp8, Av1]]), Some(Av1));
    }

    #[test]
    fn the_codec_in_use_stays_while_it_serves_everybody_and_gives_way_when_it_does_not() {
        let customer = vec![Vp9, Vp8, H264];
        assert_eq!(shared(&VideoCodec::ALL, Some(Vp9), &[customer.clone(), vec![Vp8, Vp9]]), Some(Vp9));
        assert_eq!(shared(&VideoCodec::ALL, Some(Vp9), &[customer, vec![H264]]), Some(H264));
    }

    #[test]
    fn a_page_without_pictures_changes_nothing_and_pages_that_share_nothing_have_none() {
        assert_eq!(shared(&VideoCodec::ALL, None, &[vec![Vp8], Vec::new()]), Some(Vp8));
        assert_eq!(shared(&VideoCodec::ALL, Some(Vp8), &[vec![Vp8], vec![Av1]]), None);
        assert_eq!(shared(&VideoCodec::ALL, None, &[Vec::new()]), None);
    }

    #[test]
    fn whole_pictures_are_told_from_others() {
        // VP8: descriptor without and with a picture id, then the frame tag, whose lowest bit is 0 in a key frame.
        assert!(Vp8.begins_whole_picture(&[0x10, 0x50, 0x01, 0x00]));
        assert!(Vp8.begins_whole_picture(&[0x90, 0x80, 0x81, 0x05, 0x50]));
        assert!(!Vp8.begins_whole_picture(&[0x10, 0x51, 0x01]));
        assert!(!Vp8.begins_whole_picture(&[0x00, 0x50]), "not the beginning of a frame");
        // VP9: not predicted (P = 0), beginning of a frame (B = 1).
        assert!(Vp9.begins_whole_picture(&[0x88, 0x05]));
        assert!(!Vp9.begins_whole_picture(&[0xC8, 0x05]) && !Vp9.begins_whole_picture(&[0x80, 0x05]));
        // H.264: parameter sets alone, and in an aggregate.
        assert!(H264.begins_whole_picture(&[0x67, 0x42, 0xE0, 0x1F]));
        assert!(H264.begins_whole_picture(&[0x78, 0, 2, 0x67, 0x42, 0, 2, 0x68, 0xCE]));
        assert!(!H264.begins_whole_picture(&[0x41, 0x9A]) && !H264.begins_whole_picture(&[0x7C, 0x81]));
        // AV1: the N bit.
        assert!(Av1.begins_whole_picture(&[0x18, 0x0A]) && !Av1.begins_whole_picture(&[0x10, 0x0A]));
    }

    #[test]
    fn hostile_payloads_are_no_pictures_and_no_panic() {
        for codec in VideoCodec::ALL {
            for length in 0..12 {
                for byte in 0..=255_u8 {
                    let _any = codec.begins_whole_picture(&vec![byte; length]);
                }
            }
            assert!(!codec.begins_whole_picture(&[]));
        }
        assert!(!H264.begins_whole_picture(&[0x78, 0xFF, 0xFF, 0x67]), "an aggregate longer than its packet");
    }
}
