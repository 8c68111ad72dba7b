//! What a caller would hear: found by walking through the flow, for people who check recordings and for tests.

use kernel::{Effects, Lang, Time};

use crate::flow::Flow;
use crate::io::{Clip, In, Out, Start};
use crate::run;
use crate::scene::{Progress, Sound};

/// Prompts in the order in which they are said, each with the language in which it is said there.
pub type Heard = Vec<(String, Lang)>;

impl Flow {
    /// The prompts that a caller hears first at this entry; empty when there are none.
    #[must_use]
    pub fn heard_first(&self, entry: &str, lang: Lang) -> Heard {
        self.walk(entry, lang).map(|(_, orders)| first_said(&orders)).unwrap_or_default()
    }

    /// The prompts that a caller hears first after pressing a key at this entry; empty when the key leads nowhere. The
    /// language is the one that holds by then: a key may change it.
    #[must_use]
    pub fn heard_after(&self, entry: &str, key: char, lang: Lang) -> Heard {
        let Some((mut progress, _)) = self.walk(entry, lang) else { return Heard::new() };
        let mut orders = self.told(&mut progress, &In::Digit(key));
        if let (true, Sound::Once(token)) = (orders.is_empty(), progress.memory.sound) {
            // Without barge-in the key counts only when the prompt is over.
            self.told(&mut progress, &In::Played { token });
            orders = self.told(&mut progress, &In::Digit(key));
        }
        if moved(&orders) { first_said(&orders) } else { Heard::new() }
    }

    /// The names in [`Flow::heard_first`].
    #[must_use]
    pub fn first_prompts(&self, entry: &str) -> Vec<String> {
        names(self.heard_first(entry, Lang::default()))
    }

    /// The names in [`Flow::heard_after`].
    #[must_use]
    pub fn prompts_after(&self, entry: &str, digit: char) -> Vec<String> {
        names(self.heard_after(entry, digit, Lang::default()))
    }

    fn walk(&self, entry: &str, lang: Lang) -> Option<(Progress, Vec<Out>)> {
        let entry = entry.to_owned();
        let start = Start { entry, lang, text: false, caller: String::new(), called: String::new() };
        let mut orders = Vec::new();
        let progress = run::begin(self, start, Time::ZERO, &mut orders).ok()?;
        Some((progress, orders))
    }

    fn told(&self, progress: &mut Progress, input: &In) -> Vec<Out> {
        let mut orders: Vec<Out> = Vec::new();
        let out: &mut dyn Effects<Out> = &mut orders;
        run::tell(self, progress, Time::ZERO, input, out);
        orders
    }
}

fn moved(orders: &[Out]) -> bool {
    orders.iter().any(|order| matches!(order, Out::At(_)))
}

fn names(heard: Heard) -> Vec<String> {
    heard.into_iter().map(|(name, _)| name).collect()
}

fn first_said(orders: &[Out]) -> Heard {
    let clips = orders.iter().find_map(|order| match order {
        Out::Play { clips, .. } => Some(clips),
        _ => None,
    });
    let prompts = clips.into_iter().flatten().filter_map(|clip| match clip {
        Clip::Prompt { name, lang } => Some((name.clone(), *lang)),
        Clip::Tone(_) | Clip::Spoken(_) => None,
    });
    prompts.collect()
}
