//! Texts that are different for everybody: spoken when they are needed, by a bounded pool away from the media tick.
//!
//! Promises: what was said lately is kept in memory (never on disk: it may name people) and said again at once; when the pool
//! is full or too slow, the caller hears the fixed prompt that the flow gives for it. Leaves to others: the voice (`ivr_voice`).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ivr::{Clip, Piece, Spoken};
use ivr_voice::Synthesizer;
use kernel::Lang;
use media::Source;
use tokio::sync::Semaphore;

use crate::limits;
use crate::prompts::{RATE, Sounds};

/// How long a caller waits for a text; then they hear the fixed prompt.
const PATIENCE: Duration = Duration::from_secs(2);

/// The pool.
pub struct Speaking {
    voice: Arc<dyn Synthesizer>,
    /// Texts being spoken, and texts that wait for it.
    busy: Arc<Semaphore>,
    waiting: Semaphore,
    kept: Mutex<Kept>,
}

/// What was said lately.
#[derive(Default)]
struct Kept {
    by_text: BTreeMap<(Lang, String), (Arc<Source>, u64)>,
    /// Counts uses, so that the longest unused goes first.
    uses: u64,
}

impl Speaking {
    /// A pool with this voice.
    #[must_use]
    pub fn new(voice: Arc<dyn Synthesizer>) -> Self {
        Self {
            voice,
            busy: Arc::new(Semaphore::new(limits::VOICES)),
            waiting: Semaphore::new(limits::VOICES_WAITING),
            kept: Mutex::default(),
        }
    }

    /// The sounds of clips, in order; a text that cannot be spoken in time gives way to its fixed prompt.
    pub async fn sources(&self, clips: &[Clip], sounds: &Sounds) -> Vec<Arc<Source>> {
        let mut sources = Vec::new();
        for clip in clips {
            let Clip::Spoken(spoken) = clip else {
                sources.extend(sounds.find(clip));
                continue;
            };
            match tokio::time::timeout(PATIENCE, self.spoken(spoken, sounds)).await {
                Ok(Some(mut all)) => sources.append(&mut all),
                Ok(None) | Err(_) => {
                    metrics::counter!("texts_not_spoken_total").increment(1);
                    let instead = spoken.instead.clone();
                    let clip = instead.map(|name| Clip::Prompt { name, lang: spoken.lang });
                    sources.extend(clip.and_then(|clip| sounds.find(&clip)));
                }
            }
        }
        sources
    }

    async fn spoken(&self, spoken: &Spoken, sounds: &Sounds) -> Option<Vec<Arc<Source>>> {
        let mut sources = Vec::new();
        for piece in &spoken.pieces {
            sources.push(match piece {
                Piece::Text(text) => self.text(text.reveal(), spoken.lang).await?,
                Piece::Pause(ms) => Arc::new(media::tones::silence(RATE, *ms)),
                Piece::Prompt(name) => {
                    sounds.find(&Clip::Prompt { name: name.clone(), lang: spoken.lang })?
                }
            });
        }
        Some(sources)
    }

    async fn text(&self, text: &str, lang: Lang) -> Option<Arc<Source>> {
        let key = (lang, text.trim().to_owned());
        if let Some(source) = self.kept(&key) {
            return Some(source);
        }
        let _turn = self.waiting.try_acquire().ok()?;
        // Held by the work itself: a caller who no longer waits does not make room for another thread.
        let place = Arc::clone(&self.busy).acquire_owned().await.ok()?;
        let (voice, said) = (Arc::clone(&self.voice), key.1.clone());
        let work = tokio::task::spawn_blocking(move || {
            let samples = ivr_voice::say(&*voice, &said, lang);
            drop(place);
            samples
        });
        match work.await {
            Ok(Ok(samples)) => {
                let source =
                    Arc::new(Source { name: "spoken".to_owned(), rate: RATE, samples: samples.into() });
                self.keep(key, &source);
                Some(source)
            }
            Ok(Err(error)) => {
                // The error names the program, never the text.
                tracing::warn!(%error, "a text could not be spoken");
                None
            }
            Err(_) => None,
        }
    }

    fn kept(&self, key: &(Lang, String)) -> Option<Arc<Source>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.uses += 1;
        let now = kept.uses;
        let (source, used) = kept.by_text.get_mut(key)?;
        *used = now;
        Some(Arc::clone(source))
    }

    fn keep(&self, key: (Lang, String), source: &Arc<Source>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.by_text.len() >= limits::VOICES_KEPT {
            let oldest = kept.by_text.iter().min_by_key(|(_, (_, used))| *used).map(|(key, _)| key.clone());
            oldest.and_then(|oldest| kept.by_text.remove(&oldest));
        }
        let now = kept.uses;
        kept.by_text.insert(key, (Arc::clone(source), now));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use ivr_voice::{Speech, VoiceError};

    use super::*;

    /// Hums after a while, and counts.
    struct Slow(Duration, AtomicUsize);

    impl Synthesizer for Slow {
        fn voice(&self, _lang: Lang) -> String {
            "slow".to_owned()
        }

        fn speak(&self, text: &str, _lang: Lang) -> Result<Speech, VoiceError> {
            self.1.fetch_add(1, Ordering::SeqCst);
            std::thread::sleep(self.0);
            let sample = |n: usize| if n % 40 < 20 { 3000 } else { -3000 };
            Ok(Speech { rate: 8000, samples: (0..text.len() * 800).map(sample).collect() })
        }
    }

    fn clip(text: &str) -> Clip {
        Clip::Spoken(Spoken {
            lang: Lang::En,
            pieces: vec![Piece::Text(text.to_owned().into()), Piece::Pause(100)],
            written: text.to_owned().into(),
            instead: Some("sorry".to_owned()),
        })
    }

    fn sounds() -> Sounds {
        let sorry = media::tones::beep(RATE);
        Sounds::of([(Clip::Prompt { name: "sorry".to_owned(), lang: Lang::En }, sorry)])
    }

    #[tokio::test]
    async fn a_text_is_spoken_once_and_kept() {
        let voice = Arc::new(Slow(Duration::ZERO, AtomicUsize::new(0)));
        let pool = Speaking::new(Arc::clone(&voice) as Arc<dyn Synthesizer>);
        for _ in 0..3 {
            let sources = pool.sources(&[clip("hello")], &sounds()).await;
            assert_eq!(sources.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["spoken", "silence"]);
        }
        assert_eq!(voice.1.load(Ordering::SeqCst), 1);
        for n in 0..limits::VOICES_KEPT + 10 {
            pool.sources(&[clip(&format!("t{n}"))], &sounds()).await;
        }
        assert_eq!(pool.kept.lock().expect("kept").by_text.len(), limits::VOICES_KEPT);
    }

    #[tokio::test]
    async fn when_the_pool_is_full_the_fixed_prompt_is_heard_at_once() {
        let voice = Arc::new(Slow(Duration::from_millis(300), AtomicUsize::new(0)));
        let pool = Arc::new(Speaking::new(voice));
        let all: Vec<_> = (0..limits::VOICES_WAITING + 5)
            .map(|n| {
                let pool = Arc::clone(&pool);
                tokio::spawn(async move { pool.sources(&[clip(&format!("t{n}"))], &sounds()).await })
            })
            .collect();
        let mut instead = 0;
        for one in all {
            let sources = one.await.expect("an answer");
            assert!(!sources.is_empty(), "nobody hears nothing");
            instead += usize::from(sources[0].name == "beep");
        }
        assert!(instead >= 5, "{instead}");
    }
}
