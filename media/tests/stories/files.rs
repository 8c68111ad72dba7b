//! Files of every format that a person may have a prompt in.

use media::files;

const TONES: [(&str, &[u8]); 6] = [
    ("tone.flac", include_bytes!("../data/tone.flac")),
    ("tone.m4a", include_bytes!("../data/tone.m4a")),
    ("tone.mp3", include_bytes!("../data/tone.mp3")),
    ("tone.ogg", include_bytes!("../data/tone.ogg")),
    ("tone.opus", include_bytes!("../data/tone.opus")),
    ("tone_mulaw.wav", include_bytes!("../data/tone_mulaw.wav")),
];

#[test]
fn every_format_gives_its_tone_at_both_rates() {
    for (name, bytes) in TONES {
        for rate in [8000, 16_000] {
            let source = files::source(name, bytes.to_vec(), rate).expect(name);
            let length = source.samples.len() as f64 / f64::from(rate);
            assert!((0.55..0.72).contains(&length), "{name}: {length} s");
            let n = source.samples.len();
            let middle = source.samples[n / 4..n * 3 / 4].to_vec();
            let heard = crate::world::Heard { samples: middle, rate: f64::from(rate) };
            let (tone, all) = (heard.tone(1000.0), heard.rms() * std::f64::consts::SQRT_2);
            // ffmpeg's sine is an eighth of full scale.
            assert!((tone - 4096.0).abs() < 500.0, "{name} at {rate}: {tone}");
            assert!(tone > 0.97 * all, "{name} at {rate}: {tone} of {all}");
        }
    }
}

#[test]
fn damaged_files_of_every_format_never_panic() {
    let mut rng = kernel::Rng::seeded(11);
    for (name, bytes) in TONES {
        for _ in 0..60 {
            let mut broken = bytes.to_vec();
            for _ in 0..1 + rng.below(8) {
                let at = rng.below(broken.len() as u64) as usize;
                broken[at] = rng.next_u32() as u8;
            }
            broken.truncate(1 + rng.below(broken.len() as u64) as usize);
            let _ = files::samples(name, broken, 8000);
        }
    }
}
