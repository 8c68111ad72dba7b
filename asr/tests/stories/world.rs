//! A leg, a scripted speaker and a scripted recogniser on virtual time.
//!
//! Speech is a buzz that the voice detector takes for voice; the low byte of its samples holds the word's number, by
//! which the recogniser knows it again. A word whose audio is cut short is heard wrongly, as real ones are.

use std::collections::VecDeque;

use asr::{Decode, DecodeKind, Heard, Hypothesis, In, Out, Piece, Policy, Stream, Window, Word};

/// Samples in a frame of 20 ms.
pub const FRAME: usize = 320;
/// Frames in a word (300 ms).
pub const WORD_FRAMES: usize = 15;

/// How sure the scripted recogniser is of every word.
pub const SURE: f32 = 0.75;

/// What a leg hears, in order.
#[derive(Clone, Debug)]
pub enum Say {
    Words(&'static str),
    Silence(u64),
    /// Buzz without words: music, tones.
    Music(u64),
}

/// How decodings go.
#[derive(Clone, Copy, Debug)]
pub struct Decoder {
    pub takes_ms: u64,
    /// Interims are dropped, as under load.
    pub drops_interims: bool,
    pub fails_finals: bool,
}

impl Decoder {
    pub const QUICK: Decoder = Decoder { takes_ms: 100, drops_interims: false, fails_finals: false };
}

pub struct World {
    stream: Stream,
    decoder: Decoder,
    pub now: u64,
    vocabulary: Vec<String>,
    phase: f64,
    waiting: VecDeque<(u64, Decode)>,
    pub said: Vec<(u64, Out)>,
    pub orders: Vec<(u64, DecodeKind, usize)>,
    pub languages: Vec<Option<String>>,
}

impl World {
    pub fn new(policy: Policy, decoder: Decoder) -> Self {
        Self {
            stream: Stream::new(policy),
            decoder,
            now: 0,
            vocabulary: Vec::new(),
            phase: 0.0,
            waiting: VecDeque::new(),
            said: Vec::new(),
            orders: Vec::new(),
            languages: Vec::new(),
        }
    }

    /// A leg with the usual policy that hears this.
    pub fn hears(script: &[Say]) -> Self {
        let mut world = Self::new(Policy::default(), Decoder::QUICK);
        world.play(script);
        world
    }

    pub fn play(&mut self, script: &[Say]) {
        for say in script {
            match say {
                Say::Words(text) => text.split(' ').for_each(|word| self.word(word)),
                Say::Silence(ms) => (0..ms / 20).for_each(|_| self.frame(&[0; FRAME])),
                Say::Music(ms) => (0..ms / 20).for_each(|_| {
                    let frame = self.buzz();
                    self.frame(&frame);
                }),
            }
        }
    }

    fn word(&mut self, word: &str) {
        self.vocabulary.push(word.to_owned());
        let number = self.vocabulary.len() as i16;
        assert!(number < 256, "too many words for a byte");
        for _ in 0..WORD_FRAMES {
            let frame = self.buzz().map(|sample| sample | number);
            self.frame(&frame);
        }
    }

    /// A saw of 150 Hz; the low byte is free.
    fn buzz(&mut self) -> [i16; FRAME] {
        std::array::from_fn(|_| {
            self.phase = (self.phase + 150.0 / 16_000.0).fract();
            ((self.phase * 2.0 - 1.0) * 8_000.0) as i16 & !0xff
        })
    }

    pub fn frame(&mut self, samples: &[i16]) {
        self.now += 20;
        self.decode_due();
        self.tell(In::Audio { end_ms: self.now, samples });
    }

    pub fn tell(&mut self, input: In<'_>) {
        let mut out = Vec::new();
        self.stream.handle(input, &mut out);
        for effect in out {
            match effect {
                Out::Decode(decode) => {
                    self.languages.push(decode.window.language.clone());
                    self.orders.push((self.now, decode.kind, decode.window.samples.len()));
                    self.waiting.push_back((self.now + self.decoder.takes_ms, decode));
                }
                other => self.said.push((self.now, other)),
            }
        }
    }

    fn decode_due(&mut self) {
        while let Some((due, _)) = self.waiting.front()
            && *due <= self.now
            && let Some((_, decode)) = self.waiting.pop_front()
        {
            self.answer(decode);
        }
    }

    fn answer(&mut self, decode: Decode) {
        let interim = decode.kind == DecodeKind::Interim;
        let dropped = if interim { self.decoder.drops_interims } else { self.decoder.fails_finals };
        let result = (!dropped).then(|| self.recognise(&decode.window));
        self.tell(In::Decoded { id: decode.id, result });
    }

    /// Closes the leg and lets every decoding come back.
    pub fn close(&mut self) {
        self.tell(In::Closed);
        while let Some((_, decode)) = self.waiting.pop_front() {
            self.answer(decode);
        }
    }

    /// The answers that are under way, last first.
    pub fn answer_backwards(&mut self) {
        while let Some((_, decode)) = self.waiting.pop_back() {
            self.answer(decode);
        }
    }

    fn recognise(&self, window: &Window) -> Hypothesis {
        // Per word: its number, its first sample, how many samples.
        let mut heard: Vec<(usize, usize, usize)> = Vec::new();
        for (at, sample) in window.samples.iter().enumerate() {
            let number = ((sample * 32_768.0) as i16 & 0xff) as usize;
            match heard.last_mut() {
                Some((last, _, count)) if *last == number => *count += 1,
                _ => heard.push((number, at, 1)),
            }
        }
        let words: Vec<Word> = heard
            .into_iter()
            .filter(|(number, _, count)| *number > 0 && *count > 2 * FRAME)
            .map(|(number, at, count)| {
                let word = &self.vocabulary[number - 1];
                let whole = count > WORD_FRAMES * FRAME * 2 / 3;
                let start_ms = at as u64 / 16;
                let text = if whole { word.clone() } else { word.chars().take(2).collect() };
                Word { text, start_ms, end_ms: start_ms + count as u64 / 16, confidence: None }
            })
            .collect();
        let text: Vec<&str> = words.iter().map(|w| w.text.as_str()).collect();
        let no_speech = if words.is_empty() { 0.9 } else { 0.1 };
        let pieces =
            words.iter().map(|w| Piece { chars: w.text.chars().count(), probability: SURE }).collect();
        Hypothesis { text: text.join(" "), words, pieces, no_speech, language: "en".to_owned() }
    }

    pub fn finals(&self) -> Vec<Heard> {
        self.said
            .iter()
            .filter_map(|(_, out)| if let Out::Final(heard) = out { Some(heard.clone()) } else { None })
            .collect()
    }

    pub fn texts(&self) -> Vec<String> {
        self.finals().into_iter().map(|heard| heard.text).collect()
    }

    pub fn partials(&self) -> Vec<(String, String)> {
        self.said
            .iter()
            .filter_map(|(_, out)| match out {
                Out::Partial { stable, tentative, .. } => Some((stable.clone(), tentative.clone())),
                _ => None,
            })
            .collect()
    }

    /// Said in the present state of the world, and nothing is open: `Done` came.
    pub fn settles(&self) {
        assert!(
            matches!(self.said.last(), Some((_, Out::Done))),
            "the stream did not settle: {:?}",
            self.said.last()
        );
        assert_eq!(self.said.iter().filter(|(_, out)| *out == Out::Done).count(), 1);
    }
}
