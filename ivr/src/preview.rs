//! What a caller would hear: found by walking through the flow, for people who check recordings and for tests.

use kernel::{Effects, Lang, Time};

use crate::flow::Flow;
use crate::io::{Clip, In, Out, Start};
use crate::run;
use crate::scene::{Progress, Sound};

impl Flow {
    /// The prompts that a caller hears first at this entry, with their language; empty when there are none.
    #[must_use]
    pub fn first_prompts(&self, entry: &str) -> Vec<(String, Lang)> {
        self.walk(entry).map(|(_, orders)| first_said(&orders)).unwrap_or_default()
    }

    /// The prompts that a caller hears first after pressing a key at this entry; empty when the key leads nowhere.
    #[must_use]
    pub fn prompts_after(&self, entry: &str, digit: char) -> Vec<(String, Lang)> {
        let Some((mut progress, _)) = self.walk(entry) else { return Vec::new() };
        let mut orders = self.told(&mut progress, &In::Digit(digit));
        if let (true, Sound::Once(token)) = (orders.is_empty(), progress.memory.sound) {
            // Without barge-in the key counts only when the prompt is over.
            self.told(&mut progress, &In::Played { token });
            orders = self.told(&mut progress, &In::Digit(digit));
        }
        if moved(&orders) { first_said(&orders) } else { Vec::new() }
    }

    fn walk(&self, entry: &str) -> Option<(Progress, Vec<Out>)> {
        let start = Start {
            entry: entry.to_owned(),
            lang: Lang::default(),
            text: false,
            caller: String::new(),
            called: String::new(),
        };
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

fn first_said(orders: &[Out]) -> Vec<(String, Lang)> {
    let clips = orders.iter().find_map(|order| match order {
        Out::Play { clips, .. } => Some(clips),
        _ => None,
    });
    let prompts = clips.into_iter().flatten().filter_map(|clip| match clip {
        Clip::Prompt { name, lang } => Some((name.clone(), *lang)),
        Clip::Tone(_) => None,
    });
    prompts.collect()
}
