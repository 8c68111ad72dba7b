//! A class of work: one queue and the further skills that some of its work asks for. Who fits, who of them is free, who waits.
//!
//! Promises: agents who are free are filed by rank, the others by what keeps them, work by kind and ring, so that the best agent
//! for work and the first work for an agent are each found in logarithmic time. Leaves to others: the choice (`router::choosing`).

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::agent::{Agent, Indexed, Member};
use crate::flags::Flags;
use crate::history::History;
use crate::queue::Place;
use crate::reason::Code;
use crate::strategies::{Candidate, Strategy, strategy};
use crate::{AgentSetup, Medium, QueueSetup, Ring, SkillWish};

/// An agent's rank within a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Standing {
    pub preferred: Reverse<u16>,
    pub rank: (u64, u64),
    pub by_name: u32,
    pub agent: u32,
}

/// Agents who are free for the same.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub free: u8,
    pub ring: u8,
    pub agents: BTreeSet<Standing>,
}

/// Agents whom the same thing keeps from all work: nobody chooses among them, so that their order is that of the names.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub code: Code,
    pub ring: u8,
    /// Their slots.
    pub agents: Flags,
}

/// Work of one kind that asks the same ring.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub medium: Medium,
    pub ring: u8,
    pub works: BTreeSet<Place>,
}

#[derive(Clone, Debug)]
pub(crate) struct Class {
    pub queue: usize,
    /// Further skills, sorted.
    pub extra: Vec<SkillWish>,
    /// The queue's wishes, ring by ring.
    rings: Vec<Ring>,
    prefer: Vec<SkillWish>,
    pub strategy: &'static Strategy,
    /// Agents who fit, by name: their place here is the slot of their membership.
    pub members: Vec<u32>,
    pub files: Vec<File>,
    pub kept: Vec<Kept>,
    pub counts: [u32; Code::COUNT],
    pub free_for: [u32; Medium::ALL.len()],
    pub lines: Vec<Line>,
    /// Work that waits or rings.
    pub waiting: u32,
    pub history: History,
}

impl Class {
    pub fn new(queue: usize, setup: &QueueSetup, extra: Vec<SkillWish>) -> Self {
        let mut class = Self {
            queue,
            extra,
            rings: Vec::new(),
            prefer: Vec::new(),
            strategy: strategy(&setup.strategy),
            members: Vec::new(),
            files: Vec::new(),
            kept: Vec::new(),
            counts: [0; Code::COUNT],
            free_for: [0; Medium::ALL.len()],
            lines: Vec::new(),
            waiting: 0,
            history: History::default(),
        };
        class.adopt(setup);
        class
    }

    /// Takes over the rules of a (new) setup and forgets the agents.
    pub fn adopt(&mut self, setup: &QueueSetup) {
        let first = Ring {
            after: std::time::Duration::ZERO,
            skills: setup.skills.clone(),
            groups: setup.groups.clone(),
        };
        self.rings = std::iter::once(first)
            .chain(setup.rings.iter().take(crate::setup::MOST_RINGS).cloned())
            .collect();
        self.prefer.clone_from(&setup.prefer);
        self.strategy = strategy(&setup.strategy);
        self.members.clear();
        self.files.clear();
        self.kept.clear();
        self.counts = [0; Code::COUNT];
        self.free_for = [0; Medium::ALL.len()];
    }

    pub fn rings(&self) -> &[Ring] {
        &self.rings
    }

    /// How an agent fits; `None` when in no ring.
    pub fn member(&self, class: usize, agent: &AgentSetup) -> Option<Member> {
        let level = |wish: &SkillWish| agent.skills.get(&wish.skill).copied();
        if !self.extra.iter().all(|wish| level(wish).is_some_and(|level| level >= wish.at_least)) {
            return None;
        }
        let fits = |(ring, wishes): (usize, &Ring)| {
            let in_group = wishes.groups.is_empty() || wishes.groups.iter().any(|g| agent.groups.contains(g));
            let mut lowest = None;
            for wish in &wishes.skills {
                let level = level(wish).filter(|level| *level >= wish.at_least)?;
                lowest = Some(lowest.map_or(level, |lowest: u8| lowest.min(level)));
            }
            in_group.then(|| (ring as u8, lowest.unwrap_or(0)))
        };
        let (ring, lowest) = self.rings.iter().enumerate().find_map(fits)?;
        let liked = self.prefer.iter().filter_map(|wish| level(wish).filter(|level| *level >= wish.at_least));
        Some(Member { class, slot: 0, ring, level: lowest, preferred: liked.map(u16::from).sum() })
    }

    /// Those who fit (agent, place among all by name, membership) get their slots; nobody is filed yet.
    pub fn enrol(
        &mut self,
        mut found: Vec<(usize, u32, Member)>,
    ) -> impl Iterator<Item = (usize, Member)> + use<> {
        found.sort_unstable_by_key(|(_, by_name, _)| *by_name);
        self.members = found.iter().map(|(agent, ..)| *agent as u32).collect();
        found.into_iter().zip(0..).map(|((agent, _, member), slot)| (agent, Member { slot, ..member }))
    }

    /// Their rank among those who are free.
    pub fn standing(&self, at: usize, agent: &Agent, member: &Member, indexed: &Indexed) -> Standing {
        let rank = Candidate { level: member.level, ..indexed.rank };
        Standing {
            preferred: Reverse(member.preferred),
            rank: (self.strategy.rank)(&rank),
            by_name: agent.by_name,
            agent: at as u32,
        }
    }

    /// Files an agent.
    pub fn file(&mut self, at: usize, agent: &Agent, member: &Member, indexed: &Indexed) {
        self.count(indexed, u32::wrapping_add);
        if indexed.free == 0 {
            let wanted = |kept: &Kept| kept.code == indexed.code && kept.ring == member.ring;
            let known = self.kept.iter().position(wanted).unwrap_or_else(|| {
                let agents = Flags::with_room(self.members.len());
                self.kept.push(Kept { code: indexed.code, ring: member.ring, agents });
                self.kept.len() - 1
            });
            self.kept[known].agents.insert(member.slot);
            return;
        }
        let standing = self.standing(at, agent, member, indexed);
        let wanted = |file: &File| file.free == indexed.free && file.ring == member.ring;
        match self.files.iter_mut().find(|file| wanted(file)) {
            Some(file) => drop(file.agents.insert(standing)),
            None => self.files.push(File {
                free: indexed.free,
                ring: member.ring,
                agents: BTreeSet::from([standing]),
            }),
        }
    }

    /// Takes an agent out of where they were filed.
    pub fn unfile(&mut self, at: usize, agent: &Agent, member: &Member, indexed: &Indexed) {
        self.count(indexed, u32::wrapping_sub);
        if indexed.free == 0 {
            let kept = |kept: &&mut Kept| kept.code == indexed.code && kept.ring == member.ring;
            self.kept.iter_mut().filter(kept).for_each(|kept| kept.agents.remove(member.slot));
            return;
        }
        let standing = self.standing(at, agent, member, indexed);
        for file in &mut self.files {
            if file.free == indexed.free && file.ring == member.ring {
                file.agents.remove(&standing);
            }
        }
    }

    fn count(&mut self, indexed: &Indexed, step: fn(u32, u32) -> u32) {
        let count = &mut self.counts[indexed.code as usize];
        *count = step(*count, 1);
        for medium in Medium::ALL {
            if indexed.free & medium.bit() != 0 {
                let count = &mut self.free_for[medium as usize];
                *count = step(*count, 1);
            }
        }
    }

    /// Files with agents who are free for `medium` and asked by `ring`.
    pub fn free_files(&self, medium: Medium, ring: u8) -> impl Iterator<Item = &File> {
        self.files
            .iter()
            .filter(move |file| file.free & medium.bit() != 0 && file.ring <= ring && !file.agents.is_empty())
    }

    /// Agents who fit and are signed in.
    pub fn staffed(&self) -> u32 {
        self.counts.iter().sum::<u32>() - self.counts[Code::Offline as usize]
    }

    /// Agents who fit and take work: free, at work, or about to be.
    pub fn working(&self) -> u32 {
        Code::ALL.into_iter().filter(|code| works(*code)).map(|code| self.counts[code as usize]).sum()
    }

    /// The agents of a set of slots, by name.
    pub fn agents_of<'a>(&'a self, kept: &'a Kept) -> impl Iterator<Item = usize> + 'a {
        kept.agents.iter().map(|slot| self.members[slot as usize] as usize)
    }

    pub fn line_mut(&mut self, medium: Medium, ring: u8) -> &mut BTreeSet<Place> {
        let known = self.lines.iter().position(|line| line.medium == medium && line.ring == ring);
        let at = known.unwrap_or_else(|| {
            self.lines.push(Line { medium, ring, works: BTreeSet::new() });
            self.lines.len() - 1
        });
        &mut self.lines[at].works
    }
}

/// Whether an agent whom this keeps (or nothing) takes work now or soon.
pub(crate) const fn works(code: Code) -> bool {
    match code {
        Code::Free | Code::Offered | Code::Busy | Code::Wrapup | Code::JustMissed => true,
        Code::NotReady | Code::SetAside | Code::Offline => false,
    }
}
