//! Decoding through symphonia, and through libopus where symphonia only opens the container.

use std::io::{Cursor, ErrorKind};

use kernel::limits::AUDIO_SECONDS;
use opus::{Channels, Decoder};
use symphonia::core::codecs::audio::well_known::CODEC_ID_OPUS;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;

use super::FileError;
use super::rate::Changer;

/// Longest Opus packet, at 16 kHz (RFC 6716 section 2.1.4).
const OPUS_PACKET: usize = 1920;

/// Which of a file's channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Take {
    /// All of them as one.
    Mixed,
    /// This one.
    One(usize),
}

/// Decodes a whole file; tells how many channels it has.
pub(super) fn decode(
    name: &str,
    bytes: Vec<u8>,
    rate: u32,
    take: Take,
) -> Result<(Vec<i16>, usize), FileError> {
    let head: Vec<u8> = bytes.iter().take(64).copied().collect();
    let stream = MediaSourceStream::new(Box::new(Cursor::new(bytes)), Default::default());
    let mut hint = Hint::new();
    if let Some((_, extension)) = name.rsplit_once('.') {
        hint.with_extension(extension);
    }
    let probe = symphonia::default::get_probe();
    let mut format = probe
        .probe(&hint, stream, FormatOptions::default(), MetadataOptions::default())
        .map_err(|_| FileError::Unknown { name: name.to_owned(), found: looks_like(&head) })?;
    let undecodable = |found: String| FileError::Undecodable { name: name.to_owned(), found };
    let track = format
        .first_track_known_codec(TrackType::Audio)
        .or_else(|| format.default_track(TrackType::Audio))
        .ok_or_else(|| undecodable("no audio track".to_owned()))?;
    let id = track.id;
    let params = track
        .codec_params
        .as_ref()
        .and_then(|params| params.audio())
        .cloned()
        .ok_or_else(|| undecodable("an audio track without parameters".to_owned()))?;
    let (samples, channels) = if params.codec == CODEC_ID_OPUS {
        opus(name, &mut *format, id, &params, rate, take)?
    } else {
        other(name, &mut *format, id, &params, rate, take)?
    };
    if samples.is_empty() { Err(FileError::Empty { name: name.to_owned() }) } else { Ok((samples, channels)) }
}

/// The next packet of the track; `None` at the end. A file that was cut off ends where it was cut.
fn next_packet(format: &mut dyn FormatReader, track: u32) -> Result<Option<Box<[u8]>>, Error> {
    Ok(next(format, track)?.map(|packet| packet.data))
}

fn next(format: &mut dyn FormatReader, track: u32) -> Result<Option<symphonia::core::packet::Packet>, Error> {
    loop {
        match format.next_packet() {
            Ok(Some(packet)) if packet.track_id == track => return Ok(Some(packet)),
            Ok(Some(_)) => {}
            Ok(None) => return Ok(None),
            Err(Error::IoError(error)) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
            Err(Error::ResetRequired) => return Ok(None),
            Err(error) => return Err(error),
        }
    }
}

fn other(
    name: &str,
    format: &mut dyn FormatReader,
    track: u32,
    params: &AudioCodecParameters,
    rate: u32,
    take: Take,
) -> Result<(Vec<i16>, usize), FileError> {
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(params, &AudioDecoderOptions::default())
        .map_err(|error| FileError::Undecodable { name: name.to_owned(), found: error.to_string() })?;
    let mut changer: Option<(u32, Changer)> = None;
    let (mut interleaved, mut mono, mut out) = (Vec::<f32>::new(), Vec::new(), Vec::new());
    let (mut bad, mut most) = (None, 1);
    loop {
        let packet = match next(format, track) {
            Ok(Some(packet)) => packet,
            Ok(None) => break,
            Err(error) if out.is_empty() => return Err(damaged(name, &error)),
            Err(_) => break,
        };
        let audio = match decoder.decode(&packet) {
            Ok(audio) => audio,
            // A damaged packet is skipped; the next may be whole.
            Err(error @ (Error::DecodeError(_) | Error::IoError(_))) => {
                bad = Some(error);
                continue;
            }
            Err(error) if out.is_empty() => return Err(damaged(name, &error)),
            Err(_) => break,
        };
        let (found, channels) = (audio.spec().rate(), audio.spec().channels().count().max(1));
        let (first, changer) = match &mut changer {
            Some((first, changer)) => (first, changer),
            None => {
                let new =
                    Changer::new(found, rate).ok_or(FileError::Rate { name: name.to_owned(), found })?;
                let (first, changer) = changer.insert((found, new));
                (first, changer)
            }
        };
        if found != *first {
            break; // Another rate within a file: another recording was joined to it.
        }
        audio.copy_to_vec_interleaved(&mut interleaved);
        mono.clear();
        most = channels.max(most);
        let scale = 1.0 / channels as f32;
        mono.extend(interleaved.chunks_exact(channels).map(|frame| match take {
            Take::Mixed => frame.iter().sum::<f32>() * scale,
            Take::One(n) => frame.get(n).copied().unwrap_or(0.0),
        }));
        changer.push(&mono, &mut out);
        limit(name, &out, rate)?;
    }
    if let Some((_, changer)) = &mut changer {
        changer.finish(&mut out);
    }
    match bad {
        Some(error) if out.is_empty() => Err(damaged(name, &error)),
        _ => Ok((out, most)),
    }
}

fn opus(
    name: &str,
    format: &mut dyn FormatReader,
    track: u32,
    params: &AudioCodecParameters,
    rate: u32,
    take: Take,
) -> Result<(Vec<i16>, usize), FileError> {
    let undecodable = |found: String| FileError::Undecodable { name: name.to_owned(), found };
    // libopus gives any of its own rates; both of ours are among them.
    let decoded = if matches!(rate, 8000 | 12_000 | 16_000 | 24_000 | 48_000) { rate } else { 16_000 };
    // OpusHead again: the number of channels is at octet 9. libopus mixes where we ask for one.
    let channels =
        params.extra_data.as_deref().and_then(|head| head.get(9)).map_or(1, |count| usize::from(*count));
    let sides = if take == Take::Mixed || channels < 2 { 1 } else { 2 };
    let wanted = if sides == 2 { Channels::Stereo } else { Channels::Mono };
    let mut decoder = Decoder::new(decoded, wanted).map_err(|error| undecodable(error.to_string()))?;
    // OpusHead (RFC 7845 section 5.1): pre-skip in samples of 48 kHz at octet 10.
    let skip = params
        .extra_data
        .as_deref()
        .and_then(|head| head.get(10..12))
        .map_or(0, |skip| usize::from(u16::from_le_bytes([skip[0], skip[1]])));
    let mut skip = skip * decoded as usize / 48_000;
    let mut out = Vec::new();
    let mut pcm = [0i16; OPUS_PACKET * 3 * 2];
    loop {
        let data = match next_packet(format, track) {
            Ok(Some(data)) => data,
            Ok(None) => break,
            Err(error) if out.is_empty() => return Err(damaged(name, &error)),
            Err(_) => break,
        };
        if data.is_empty() {
            continue;
        }
        let Ok(got) = decoder.decode(&data, &mut pcm, false) else { continue };
        let from = skip.min(got);
        skip -= from;
        let side = match take {
            Take::One(n) if sides == 2 => n.min(1),
            Take::One(_) | Take::Mixed => 0,
        };
        out.extend(pcm.chunks_exact(sides).take(got).skip(from).filter_map(|frame| frame.get(side)));
        limit(name, &out, decoded)?;
    }
    Ok((if decoded == rate { out } else { super::resample(&out, decoded, rate) }, channels))
}

fn limit(name: &str, out: &[i16], rate: u32) -> Result<(), FileError> {
    if out.len() as u64 > AUDIO_SECONDS * u64::from(rate) {
        return Err(FileError::TooLong { name: name.to_owned() });
    }
    Ok(())
}

fn damaged(name: &str, error: &Error) -> FileError {
    FileError::Damaged { name: name.to_owned(), found: error.to_string() }
}

/// What the beginning of a file says about it, in words for a person.
fn looks_like(head: &[u8]) -> String {
    let known: [(&[u8], &str); 8] = [
        (b"\x89PNG", "a PNG picture"),
        (b"\xFF\xD8\xFF", "a JPEG picture"),
        (b"%PDF", "a PDF document"),
        (b"PK\x03\x04", "a zip archive or office document"),
        (b"#!AMR", "an AMR recording"),
        (b"GIF8", "a GIF picture"),
        (b"0&\xB2u", "a WMA or WMV file"),
        (b"RIFF", "a RIFF file without sound we know"),
    ];
    if let Some((_, words)) = known.iter().find(|(magic, _)| head.starts_with(magic)) {
        return (*words).to_owned();
    }
    if std::str::from_utf8(head).is_ok_and(|text| !text.contains('\0'))
        || head.iter().all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace())
    {
        return "text".to_owned();
    }
    let hex: Vec<String> = head.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("a file of a kind we do not know, beginning with {}", hex.join(" "))
}
