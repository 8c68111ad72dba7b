//! Kinds of attention, how many of each an agent takes at once, and which may come on top of which.
//!
//! Promises: one rule for all channels; a call needs the whole person unless the configuration says otherwise.
//! Leaves to others: the channels themselves (`desk`).

use serde::{Deserialize, Serialize};

/// What kind of attention work needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Medium {
    /// A call.
    Voice,
    /// A call with pictures.
    Video,
    /// The chat widget.
    Chat,
    /// A letter by mail.
    Mail,
    /// A message by WeChat.
    Wechat,
    /// Anything else that somebody must do.
    Task,
}

impl Medium {
    /// Every one.
    pub const ALL: [Medium; 6] =
        [Medium::Voice, Medium::Video, Medium::Chat, Medium::Mail, Medium::Wechat, Medium::Task];

    /// Its bit in a set of media.
    #[must_use]
    pub const fn bit(self) -> u8 {
        1 << self as u8
    }

    /// Its name in the configuration and the API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Medium::Voice => "voice",
            Medium::Video => "video",
            Medium::Chat => "chat",
            Medium::Mail => "mail",
            Medium::Wechat => "wechat",
            Medium::Task => "task",
        }
    }

    /// The medium of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Medium> {
        Medium::ALL.into_iter().find(|medium| medium.name() == name)
    }

    /// Whether the customer is on the line: it rings phones too, and has a wrap-up.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(self, Medium::Voice | Medium::Video)
    }
}

/// How many of each an agent takes at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capacity([u8; 6]);

impl Default for Capacity {
    fn default() -> Self {
        Self([1, 1, 3, 1, 3, 1])
    }
}

impl Capacity {
    /// How many of `medium`.
    #[must_use]
    pub const fn of(&self, medium: Medium) -> u8 {
        self.0[medium as usize]
    }

    /// The same with another number for one medium.
    #[must_use]
    pub const fn with(mut self, medium: Medium, at_once: u8) -> Self {
        self.0[medium as usize] = at_once;
        self
    }
}

/// Which work may come on top of which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interrupts([u8; 6]);

impl Default for Interrupts {
    /// Calls come on top of everything written, writing on top of what nobody waits for, and nothing on top of a call.
    fn default() -> Self {
        use Medium::{Chat, Mail, Task, Video, Voice, Wechat};
        let mut rules = Self([0; 6]);
        for written in [Chat, Mail, Wechat, Task] {
            rules.allow(Voice, written);
            rules.allow(Video, written);
        }
        for over in [Chat, Wechat, Mail, Task] {
            rules.allow(Chat, over);
            rules.allow(Wechat, over);
        }
        rules.allow(Mail, Task);
        rules.allow(Task, Mail);
        rules
    }
}

impl Interrupts {
    /// Nothing comes on top of anything of another kind.
    pub const NOTHING: Interrupts = Interrupts([0; 6]);

    /// `new` may come while `over` is held.
    pub fn allow(&mut self, new: Medium, over: Medium) {
        self.0[new as usize] |= over.bit();
    }

    /// `new` may come on top of exactly these.
    pub fn set(&mut self, new: Medium, over: &[Medium]) {
        self.0[new as usize] = over.iter().fold(0, |set, one| set | one.bit());
    }

    /// Whether `new` may come while `over`, of another kind, is held.
    #[must_use]
    pub const fn allows(&self, new: Medium, over: Medium) -> bool {
        self.0[new as usize] & over.bit() != 0
    }
}
