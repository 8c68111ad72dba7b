//! Prompts in the form in which legs send them: coded once for all who play them, as far as somebody has heard.
//!
//! Promises: playing costs a copy; the work of coding is spread over the ticks of the first who listens; no allocation
//! after `prepare`. Leaves to others: reading files (`files`), who plays what (`engine`).

use std::sync::Arc;

use crate::codecs::{Band, Encode, NARROW, WIDE};
use crate::io::{Codec, Repeat, Source};
use crate::resample::{Downsampler, Upsampler};

/// Samples by which the resamplers delay: left out, so that a prompt begins where its file does.
const DOWN_DELAY: usize = 19;
const UP_DELAY: usize = 40;

/// What a kind of leg sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// G.711 bytes, one a sample at 8 kHz.
    Coded(Codec),
    /// Samples at 16 kHz, for codecs with a state.
    Wide,
}

impl Form {
    /// The form for a codec.
    pub(crate) fn of(codec: Codec) -> Self {
        if codec.is_narrow() { Form::Coded(codec) } else { Form::Wide }
    }

    fn rate(self) -> u32 {
        match self {
            Form::Coded(_) => 8000,
            Form::Wide => 16_000,
        }
    }
}

/// A source in one form, as far as it was needed yet.
struct Prepared {
    source: Arc<Source>,
    form: Form,
    users: usize,
    length: usize,
    taken: usize,
    skip: usize,
    bytes: Vec<u8>,
    wide: Vec<i16>,
    encoder: Box<dyn Encode>,
    down: Downsampler,
    up: Upsampler,
}

impl Prepared {
    fn new(source: Arc<Source>, form: Form) -> Self {
        let samples = source.samples.len();
        let (length, skip) = match (form.rate(), source.rate) {
            (8000, 16_000) => (samples / 2, DOWN_DELAY),
            (16_000, 8000) => (samples * 2, UP_DELAY),
            _ => (samples, 0),
        };
        // A frame more than the length: the last may be written in full.
        let (bytes, wide) = match form {
            Form::Coded(_) => (Vec::with_capacity(length + NARROW), Vec::new()),
            Form::Wide if source.rate == 16_000 => (Vec::new(), Vec::new()),
            Form::Wide => (Vec::new(), Vec::with_capacity(length + WIDE)),
        };
        let encoder = match form {
            Form::Coded(codec) => (codec.info().encoder)(),
            Form::Wide => (Codec::Pcmu.info().encoder)(),
        };
        Self {
            source,
            form,
            users: 0,
            length,
            taken: 0,
            skip,
            bytes,
            wide,
            encoder,
            down: Downsampler::new(),
            up: Upsampler::new(),
        }
    }

    /// The next `N` samples of the source, with silence behind its end.
    fn next<const N: usize>(&mut self) -> [i16; N] {
        let mut block = [0; N];
        let rest = self.source.samples.get(self.taken..).unwrap_or_default();
        let n = rest.len().min(N);
        block[..n].copy_from_slice(&rest[..n]);
        self.taken += N;
        block
    }

    /// Makes sure that `until` samples (in the form's rate) are ready.
    fn extend(&mut self, until: usize) {
        let until = until.min(self.length);
        match self.form {
            Form::Coded(_) => {
                while self.bytes.len() < until {
                    let mut block = [0i16; NARROW];
                    if self.source.rate == 16_000 {
                        let wide = self.next::<WIDE>();
                        self.down.process(&wide, &mut block);
                    } else {
                        block = self.next::<NARROW>();
                    }
                    let from = std::mem::take(&mut self.skip);
                    let mut coded = [0u8; NARROW];
                    self.encoder.encode(&block[from..], Band::Narrow, &mut coded);
                    let n = (NARROW - from).min(self.length - self.bytes.len());
                    self.bytes.extend_from_slice(&coded[..n]);
                }
            }
            Form::Wide if self.source.rate == 16_000 => {}
            Form::Wide => {
                while self.wide.len() < until {
                    let block = self.next::<NARROW>();
                    let mut wide = [0i16; WIDE];
                    self.up.process(&block, &mut wide);
                    let from = std::mem::take(&mut self.skip);
                    let n = (WIDE - from).min(self.length - self.wide.len());
                    self.wide.extend_from_slice(&wide[from..from + n]);
                }
            }
        }
    }

    fn samples(&self) -> &[i16] {
        if self.source.rate == 16_000 { &self.source.samples } else { &self.wide }
    }
}

/// All prompts that are played, or were and may be again.
#[derive(Default)]
pub(crate) struct Prompts(Vec<Option<Prepared>>);

impl Prompts {
    /// Makes a source ready to be played; `None` when its rate is not one of ours or it is empty.
    fn prepare(&mut self, source: &Arc<Source>, form: Form) -> Option<usize> {
        if !matches!(source.rate, 8000 | 16_000) || source.samples.len() < 2 {
            return None;
        }
        let same = |p: &Prepared| p.form == form && Arc::ptr_eq(&p.source, source);
        let index = match self.0.iter().position(|slot| slot.as_ref().is_some_and(same)) {
            Some(index) => index,
            None => {
                // Nobody plays it and nobody else holds it: it will not be asked for again.
                for slot in &mut self.0 {
                    if slot.as_ref().is_some_and(|p| p.users == 0 && Arc::strong_count(&p.source) == 1) {
                        *slot = None;
                    }
                }
                let prepared = Some(Prepared::new(Arc::clone(source), form));
                if let Some(index) = self.0.iter().position(Option::is_none) {
                    self.0[index] = prepared;
                    index
                } else {
                    self.0.push(prepared);
                    self.0.len() - 1
                }
            }
        };
        if let Some(prepared) = &mut self.0[index] {
            prepared.users += 1;
        }
        Some(index)
    }

    fn release(&mut self, index: usize) {
        if let Some(Some(prepared)) = self.0.get_mut(index) {
            prepared.users = prepared.users.saturating_sub(1);
        }
    }

    fn at(&mut self, index: usize) -> Option<&mut Prepared> {
        self.0.get_mut(index).and_then(Option::as_mut)
    }
}

/// A list being played to one leg.
pub(crate) struct Play {
    sources: Vec<Arc<Source>>,
    list: Vec<usize>,
    form: Form,
    repeat: Repeat,
    token: u64,
    track: usize,
    at: usize,
    ended: bool,
}

impl Play {
    pub(crate) fn new(
        prompts: &mut Prompts,
        sources: Vec<Arc<Source>>,
        repeat: Repeat,
        token: u64,
        codec: Codec,
    ) -> Self {
        let form = Form::of(codec);
        let list = sources.iter().filter_map(|source| prompts.prepare(source, form)).collect();
        Self { sources, list, form, repeat, token, track: 0, at: 0, ended: false }
    }

    /// The leg sends with another codec now; the list goes on where it was.
    pub(crate) fn turn_to(&mut self, prompts: &mut Prompts, codec: Codec) {
        let form = Form::of(codec);
        if form == self.form {
            return;
        }
        let list = self.sources.iter().filter_map(|source| prompts.prepare(source, form)).collect();
        for index in std::mem::replace(&mut self.list, list) {
            prompts.release(index);
        }
        self.at = self.at * form.rate() as usize / self.form.rate() as usize;
        self.form = form;
    }

    /// Gives back what it held.
    pub(crate) fn stop(self, prompts: &mut Prompts) {
        for index in self.list {
            prompts.release(index);
        }
    }

    /// Whether the list has come to its end.
    pub(crate) fn is_over(&self) -> bool {
        self.ended
    }

    /// The token, once, when the list has just ended.
    fn finish(&mut self) -> Option<u64> {
        self.ended = true;
        Some(self.token)
    }

    /// Walks over `out`-sized ground, handing each piece to `copy(prepared, from, n)`.
    fn walk(
        &mut self,
        prompts: &mut Prompts,
        want: usize,
        mut copy: impl FnMut(&mut Prepared, usize, usize),
    ) -> Option<u64> {
        let mut left = want;
        while left > 0 {
            let Some(index) = self.list.get(self.track) else {
                if self.repeat == Repeat::Forever && !self.list.is_empty() {
                    self.track = 0;
                    continue;
                }
                return self.finish();
            };
            let Some(prepared) = prompts.at(*index) else {
                return self.finish();
            };
            let n = prepared.length.saturating_sub(self.at).min(left);
            prepared.extend(self.at + n);
            copy(prepared, self.at, n);
            self.at += n;
            left -= n;
            if self.at >= prepared.length {
                self.track += 1;
                self.at = 0;
            }
        }
        if self.repeat == Repeat::Once && self.track >= self.list.len() { self.finish() } else { None }
    }

    /// 20 ms of G.711; `out` is silence before. Returns the token when the list ends here.
    pub(crate) fn coded(&mut self, prompts: &mut Prompts, out: &mut [u8; NARROW]) -> Option<u64> {
        let mut at = 0;
        self.walk(prompts, NARROW, |prepared, from, n| {
            if let Some(bytes) = prepared.bytes.get(from..from + n) {
                out[at..at + n].copy_from_slice(bytes);
            }
            at += n;
        })
    }

    /// 20 ms at 16 kHz; `out` is silence before. Also tells their band.
    pub(crate) fn wide(&mut self, prompts: &mut Prompts, out: &mut [i16; WIDE]) -> (Band, Option<u64>) {
        let (mut at, mut band) = (0, Band::Narrow);
        let token = self.walk(prompts, WIDE, |prepared, from, n| {
            if let Some(samples) = prepared.samples().get(from..from + n) {
                out[at..at + n].copy_from_slice(samples);
            }
            if prepared.source.rate == 16_000 {
                band = Band::Wide;
            }
            at += n;
        });
        (band, token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(rate: u32, samples: impl Iterator<Item = i16>) -> Arc<Source> {
        Arc::new(Source { name: "test".into(), rate, samples: samples.collect() })
    }

    #[test]
    fn a_list_is_gapless_and_ends_once() {
        let mut prompts = Prompts::default();
        let (first, second) = (source(8000, 1..251), source(8000, 251..401));
        let mut play = Play::new(&mut prompts, vec![first, second], Repeat::Once, 7, Codec::Pcma);
        let (mut heard, mut tokens) = (Vec::new(), Vec::new());
        for _ in 0..4 {
            let mut out = [0xD5; NARROW];
            if !play.is_over() {
                tokens.extend(play.coded(&mut prompts, &mut out));
            }
            heard.extend(out);
        }
        let mut wanted = vec![0xD5u8; 640];
        let samples: Vec<i16> = (1..401).collect();
        (Codec::Pcma.info().encoder)().encode(&samples, Band::Narrow, &mut wanted);
        assert_eq!(heard, wanted);
        assert_eq!(tokens, [7]);
    }

    #[test]
    fn a_loop_has_no_gap_whatever_its_length() {
        let mut prompts = Prompts::default();
        let tune = source(8000, (0..333).map(|n| n * 90 - 15_000));
        let mut play = Play::new(&mut prompts, vec![Arc::clone(&tune)], Repeat::Forever, 0, Codec::Pcmu);
        let mut heard = Vec::new();
        for _ in 0..20 {
            let mut out = [0; NARROW];
            assert_eq!(play.coded(&mut prompts, &mut out), None);
            heard.extend(out);
        }
        assert!(heard.iter().enumerate().all(|(n, byte)| *byte == heard[n % 333]));
    }

    #[test]
    fn empty_lists_end_at_once_and_never_loop() {
        let mut prompts = Prompts::default();
        let odd = source(44_100, 0..1000);
        for (list, repeat) in
            [(vec![], Repeat::Forever), (vec![odd], Repeat::Forever), (vec![], Repeat::Once)]
        {
            let mut play = Play::new(&mut prompts, list, repeat, 3, Codec::Opus);
            assert_eq!(play.wide(&mut prompts, &mut [0; WIDE]).1, Some(3));
        }
    }

    #[test]
    fn a_source_is_coded_once_for_all_and_forgotten_when_its_owner_drops_it() {
        let mut prompts = Prompts::default();
        let shared = source(16_000, 0..32_000);
        let plays: Vec<Play> = (0..50)
            .map(|_| Play::new(&mut prompts, vec![Arc::clone(&shared)], Repeat::Once, 0, Codec::Pcmu))
            .collect();
        assert_eq!(prompts.0.len(), 1);
        plays.into_iter().for_each(|play| play.stop(&mut prompts));
        drop(shared);
        let other = Play::new(&mut prompts, vec![source(8000, 0..100)], Repeat::Once, 0, Codec::Pcmu);
        assert_eq!(prompts.0.len(), 1, "the place was free again");
        other.stop(&mut prompts);
    }

    #[test]
    fn resampled_prompts_begin_and_end_where_their_files_do() {
        for (rate, codec, scale) in [(16_000, Codec::Pcmu, 0.5), (8000, Codec::G722, 2.0)] {
            let mut prompts = Prompts::default();
            let pulse = source(rate, (0..4000).map(|n| if (1000..1040).contains(&n) { 12_000 } else { 0 }));
            let mut play = Play::new(&mut prompts, vec![pulse], Repeat::Once, 0, codec);
            let mut heard: Vec<i16> = Vec::new();
            while !play.is_over() {
                if codec == Codec::Pcmu {
                    let mut out = [0xFF; NARROW];
                    play.coded(&mut prompts, &mut out);
                    let mut pcm = [0; NARROW];
                    (codec.info().decoder)().decode(&out, &mut pcm);
                    heard.extend(pcm);
                } else {
                    let mut out = [0; WIDE];
                    play.wide(&mut prompts, &mut out);
                    heard.extend(out);
                }
            }
            let loud = |n: &usize| heard[*n].unsigned_abs() > 6000;
            let first = (0..heard.len()).find(loud).expect("the pulse") as f64;
            assert!((first - 1000.0 * scale).abs() <= 2.0, "{rate}: {first}");
        }
    }
}
