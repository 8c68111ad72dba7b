//! Limits on what comes from outside. Each is a named constant with its reason; parsers take them from here.

/// Largest SIP message over a stream, in bytes: RFC 3261 sets none; 64 KiB is what a datagram could carry.
pub const SIP_MESSAGE_BYTES: usize = 65_535;
/// Header lines in one SIP message: real ones have under 40, torture messages under 100.
pub const SIP_HEADERS: usize = 256;
/// Lines in one SDP body: a browser's video offer has about 180.
pub const SDP_LINES: usize = 2_000;
/// Media sections in one SDP body.
pub const SDP_MEDIA: usize = 32;
/// Formats on one m= line.
pub const SDP_FORMATS: usize = 128;
/// Largest flow or configuration file, in bytes.
pub const FILE_BYTES: usize = 1 << 20;
/// Steps in one flow.
pub const FLOW_STEPS: usize = 2_000;
/// Longest text message that a customer or agent may send, in characters.
pub const MESSAGE_CHARS: usize = 10_000;
/// Largest JSON body of the API, in bytes.
pub const JSON_BYTES: usize = 256 << 10;
/// Longest decoded recording or prompt, in seconds.
pub const AUDIO_SECONDS: u64 = 4 * 3600;
