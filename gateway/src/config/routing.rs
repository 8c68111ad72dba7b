//! The router's part of the configuration: queues with their rings and overflow, tiers, capacities, interruptions.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kernel::QueueName;
use kernel::hours::{self, Calendar, Holiday, Interval, Week};
use routing::{
    Capacity, Interrupts, MOST_RINGS, Medium, Overflow, OverflowWhen, QueueSetup, Ring, SkillWish,
};
use toml::Spanned;

use super::compile::Compiler;
use super::raw::{self, Text};
use super::{RING, WRAPUP};

impl Compiler<'_> {
    pub(super) fn queues(&mut self, raw: Vec<raw::Queue>) -> Vec<QueueSetup> {
        let names: BTreeSet<String> = raw.iter().map(|queue| queue.name.get_ref().clone()).collect();
        let mut seen = BTreeSet::new();
        let mut queues = Vec::new();
        for queue in raw {
            let name = queue.name.get_ref().clone();
            if name.is_empty() || !seen.insert(name.clone()) {
                let found = format!("the queue \"{name}\" again or without a name");
                self.wrong(queue.name.span(), found, "a name of its own");
                continue;
            }
            queues.push(self.queue(name, queue, &names));
        }
        queues
    }

    fn queue(&mut self, name: String, raw: raw::Queue, names: &BTreeSet<String>) -> QueueSetup {
        let usual = QueueSetup::named(name.as_str());
        let skills = match raw.skills {
            Some(skills) => self.wishes(skills),
            None => usual.skills.clone(),
        };
        let misses = raw.misses.map_or(usual.misses, |misses| {
            if *misses.get_ref() == 0 {
                self.wrong(misses.span(), "0 misses", "1 to 255");
            }
            *misses.get_ref()
        });
        QueueSetup {
            rings: self.rings(raw.rings, &skills, &raw.groups),
            skills,
            prefer: self.wishes(raw.prefer),
            groups: raw.groups,
            ring: self.seconds(raw.ring.as_ref(), RING),
            wrapup: self.seconds(raw.wrapup.as_ref(), WRAPUP),
            strategy: self.strategy(raw.strategy),
            point: self.seconds(raw.point.as_ref(), usual.point),
            misses,
            max_wait: raw.max_wait.as_ref().map(|span| self.seconds(Some(span), Duration::ZERO)),
            overflow: raw.overflow.into_iter().filter_map(|rule| self.overflow(&name, rule, names)).collect(),
            name: usual.name,
        }
    }

    /// Calendars of the queues that have hours.
    pub(super) fn hours(&mut self, raw: &[raw::Queue]) -> BTreeMap<QueueName, Calendar> {
        let mut all = BTreeMap::new();
        for queue in raw {
            let Some(raw) = &queue.hours else { continue };
            all.extend(self.calendar(raw).map(|calendar| (queue.name.get_ref().as_str().into(), calendar)));
        }
        all
    }

    fn calendar(&mut self, raw: &raw::Hours) -> Option<Calendar> {
        let zone = hours::zone(raw.zone.get_ref());
        let zone = zone.map_err(|bad| self.wrong(raw.zone.span(), bad.found, bad.right)).ok()?;
        let mut week = Week::default();
        for (days, open) in &raw.days {
            let list = match open {
                raw::Intervals::One(one) => std::slice::from_ref(one),
                raw::Intervals::Several(several) => several.as_slice(),
            };
            let open = list.iter().map(|text| Interval::parse(text)).collect::<Result<Vec<_>, _>>();
            let opened = open.and_then(hours::intervals).and_then(|open| week.open(days.get_ref(), &open));
            opened.map_err(|bad| self.wrong(days.span(), bad.found, bad.right)).ok()?;
        }
        let mut holidays = Vec::new();
        for date in &raw.holidays {
            let holiday = Holiday::parse(date.get_ref());
            holidays.push(holiday.map_err(|bad| self.wrong(date.span(), bad.found, bad.right)).ok()?);
        }
        Some(Calendar { zone, week, holidays })
    }

    fn wishes(&mut self, raw: BTreeMap<String, Spanned<u8>>) -> Vec<SkillWish> {
        raw.into_iter().map(|(skill, level)| SkillWish { at_least: self.level(&level), skill }).collect()
    }

    /// Each ring as a whole, from what it changes.
    fn rings(&mut self, raw: Vec<raw::Ring>, skills: &[SkillWish], groups: &[String]) -> Vec<Ring> {
        let mut asked: BTreeMap<String, u8> =
            skills.iter().map(|wish| (wish.skill.clone(), wish.at_least)).collect();
        let mut groups = groups.to_vec();
        let mut rings: Vec<Ring> = Vec::new();
        for ring in raw {
            let after = self.seconds(Some(&ring.after), Duration::ZERO);
            if rings.last().is_some_and(|last| last.after >= after) || rings.len() == MOST_RINGS {
                let right = format!("at most {MOST_RINGS} rings, each after the one before");
                self.wrong(ring.after.span(), format!("a ring after {after:?}"), right);
            }
            for (skill, level) in ring.skills {
                match *level.get_ref() {
                    0 => drop(asked.remove(&skill)),
                    _ => drop(asked.insert(skill, self.level(&level))),
                }
            }
            groups = ring.groups.unwrap_or(groups);
            let skills =
                asked.iter().map(|(skill, at_least)| SkillWish { skill: skill.clone(), at_least: *at_least });
            rings.push(Ring { after, skills: skills.collect(), groups: groups.clone() });
        }
        rings
    }

    fn overflow(
        &mut self,
        queue: &str,
        raw: Spanned<raw::Overflow>,
        names: &BTreeSet<String>,
    ) -> Option<Overflow> {
        let span = raw.span();
        let raw = raw.into_inner();
        let waited = raw.waited.map(|waited| self.seconds(Some(&waited), Duration::ZERO));
        let mut when = Vec::new();
        when.extend(waited.map(OverflowWhen::Waited));
        when.extend(raw.length.map(OverflowWhen::Length));
        when.extend(raw.closed.filter(|on| *on).map(|_| OverflowWhen::Closed));
        when.extend(raw.no_agent.filter(|on| *on).map(|_| OverflowWhen::NoAgent));
        let [when] = when.as_slice() else {
            let right = "exactly one of waited, length, closed = true, no_agent = true";
            self.wrong(span, format!("an overflow with {} conditions", when.len()), right);
            return None;
        };
        if let Some(to) = raw.to.as_ref().filter(|to| !names.contains(to.get_ref()) || to.get_ref() == queue)
        {
            self.wrong(to.span(), format!("the queue \"{}\"", to.get_ref()), "another queue of this file");
            return None;
        }
        Some(Overflow { when: *when, to: raw.to.map(|to| to.get_ref().as_str().into()) })
    }

    fn strategy(&mut self, raw: Option<Text>) -> String {
        let Some(raw) = raw else { return routing::DEFAULT_STRATEGY.to_owned() };
        if !routing::strategy_names().any(|name| name == raw.get_ref()) {
            let names = routing::strategy_names().collect::<Vec<_>>().join(", ");
            self.wrong(raw.span(), format!("the strategy \"{}\"", raw.get_ref()), format!("one of {names}"));
        }
        raw.into_inner()
    }

    pub(super) fn level(&mut self, level: &Spanned<u8>) -> u8 {
        if !(1..=10).contains(level.get_ref()) {
            self.wrong(level.span(), format!("the level {}", level.get_ref()), "1 to 10");
        }
        *level.get_ref()
    }

    pub(super) fn weight(&mut self, weight: Option<&Spanned<u8>>) -> u8 {
        let Some(weight) = weight else { return 1 };
        if *weight.get_ref() == 0 {
            self.wrong(weight.span(), "the weight 0", "1 to 255; who is to get nothing takes a break");
        }
        *weight.get_ref()
    }

    fn medium(&mut self, text: &Text) -> Option<Medium> {
        let medium = Medium::named(text.get_ref());
        if medium.is_none() {
            let names = Medium::ALL.map(Medium::name).join(", ");
            self.wrong(text.span(), format!("the medium \"{}\"", text.get_ref()), format!("one of {names}"));
        }
        medium
    }

    pub(super) fn capacity(&mut self, chats: Option<&Spanned<u8>>, raw: BTreeMap<Text, u8>) -> Capacity {
        let usual = Capacity::default();
        let mut capacity = chats.map_or(usual, |chats| usual.with(Medium::Chat, *chats.get_ref()));
        for (medium, at_once) in raw {
            if let Some(medium) = self.medium(&medium) {
                capacity = capacity.with(medium, at_once);
            }
        }
        capacity
    }

    pub(super) fn interrupts(&mut self, raw: BTreeMap<Text, Vec<Text>>) -> Interrupts {
        let mut rules = Interrupts::default();
        for (new, over) in raw {
            let over: Vec<Medium> = over.iter().filter_map(|one| self.medium(one)).collect();
            if let Some(new) = self.medium(&new) {
                rules.set(new, &over);
            }
        }
        rules
    }

    pub(super) fn tiers(&mut self, raw: BTreeMap<String, Spanned<f64>>) -> BTreeMap<String, Duration> {
        raw.into_iter().map(|(tier, worth)| (tier, self.seconds(Some(&worth), Duration::ZERO))).collect()
    }
}
