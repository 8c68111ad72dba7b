//! Flows in service: which version a new customer gets, with the sounds and numbers that belong to it.
//!
//! Promises: what is in service was checked as a whole and has all its voices; it changes at once and as a whole; whoever
//! began with a version keeps it. Leaves to others: the record of versions (`store`), the checks of one flow (`ivr`).

mod here;
mod open;
mod publish;
mod studio;
mod test_numbers;
mod workshop;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use desk::WallMillis;
use ivr::{Flow, Whose, Wrong};
use kernel::Lang;

pub use self::here::{AtStep, Here};
pub use self::open::open;
pub use self::studio::FlowStudio;
pub use self::workshop::Workshop;

use self::test_numbers::TestNumbers;

use crate::config::Number;
use crate::prompts::Sounds;

/// A version of a flow in service. Interactions hold the one that they began with.
#[derive(Debug)]
pub struct Served {
    /// The file, as problems name it.
    pub file: String,
    /// Flow, texts and times of an interaction.
    pub settings: Arc<interaction::Settings>,
    /// Its prompts and tones.
    pub sounds: Sounds,
    /// Who is where in it, whatever their version.
    pub here: Arc<Here>,
}

impl Served {
    /// What the flow is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// The flow.
    #[must_use]
    pub fn flow(&self) -> &Flow {
        &self.settings.flow
    }
}

/// All that is in service.
#[derive(Debug, Default)]
pub struct Board {
    /// What can be dialled.
    pub numbers: BTreeMap<String, Number>,
    /// Flows by name.
    pub served: BTreeMap<String, Arc<Served>>,
}

impl Board {
    /// What a number leads to.
    #[must_use]
    pub fn find(&self, called: &str) -> Option<(&Number, &Arc<Served>)> {
        let number = self.numbers.get(called)?;
        Some((number, self.served.get(&number.flow)?))
    }
}

/// The flows of this process.
#[derive(Debug)]
pub struct Flows {
    board: RwLock<Arc<Board>>,
    /// One publishes at a time, so that a check still holds when its version goes into service.
    publishing: tokio::sync::Mutex<()>,
    /// What versions are made with.
    workshop: Workshop,
    /// Texts that are called before they are published.
    tests: TestNumbers,
}

impl Flows {
    /// Flows that are in service.
    #[must_use]
    pub fn new(board: Board, workshop: Workshop) -> Self {
        let (board, publishing) = (RwLock::new(Arc::new(board)), tokio::sync::Mutex::new(()));
        Self { board, publishing, workshop, tests: TestNumbers::default() }
    }

    /// What is in service now.
    #[must_use]
    pub fn board(&self) -> Arc<Board> {
        // The lock is held for a copy of a handle: a panic cannot leave it half done.
        Arc::clone(&self.board.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What a number leads to, now.
    #[must_use]
    pub fn find(&self, called: &str, now: WallMillis) -> Option<(Number, Arc<Served>)> {
        let board = self.board();
        let served = board.find(called).map(|(number, served)| (number.clone(), Arc::clone(served)));
        served.or_else(|| self.tests.find(called, now))
    }

    fn replace(&self, board: Board) {
        *self.board.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(board);
    }
}

/// Every number: the configured ones, and every entry of a flow that reads like one.
///
/// # Errors
/// What is wrong with the flow `changed`: a configured number lost its entry, or one of its own belongs to another flow.
fn numbers(
    configured: &BTreeMap<String, Number>,
    flows: &BTreeMap<&str, (&str, &Flow)>,
    changed: Option<&str>,
) -> Result<BTreeMap<String, Number>, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let mut numbers = configured.clone();
    for (number, leads) in configured {
        let Some((file, flow)) = flows.get(leads.flow.as_str()) else { continue };
        if !flow.entries().any(|entry| entry == leads.entry) {
            let found = format!("no entry `{}`, to which the configured number {number} leads", leads.entry);
            wrong.push(about(
                file,
                Whose::Flow,
                found,
                "keep that entry, or take the number out of the configuration",
            ));
        }
    }
    // Flows that serve already come first: a number stays where it is.
    let (others, own): (BTreeSet<_>, BTreeSet<_>) =
        flows.keys().copied().partition(|name| Some(*name) != changed);
    for name in others.into_iter().chain(own) {
        let Some((file, flow)) = flows.get(name) else { continue };
        let used: BTreeSet<&str> = configured
            .values()
            .filter(|number| number.flow == name)
            .map(|number| number.entry.as_str())
            .collect();
        for entry in flow.entries().filter(|entry| is_number(entry)) {
            match numbers.get(entry) {
                None => {
                    let lang = Lang::default();
                    let number = Number { flow: name.to_owned(), entry: entry.to_owned(), lang };
                    numbers.insert(entry.to_owned(), number);
                }
                Some(taken) if taken.flow != name && Some(name) == changed && !used.contains(entry) => {
                    let found =
                        format!("the number {entry}, which leads into the flow `{}` already", taken.flow);
                    wrong.push(about(file, Whose::Entry(entry.to_owned()), found, "another number"));
                }
                Some(_) => {}
            }
        }
    }
    if wrong.is_empty() { Ok(numbers) } else { Err(wrong) }
}

/// Whether somebody can dial an entry's name.
fn is_number(entry: &str) -> bool {
    let digits = entry.strip_prefix('+').unwrap_or(entry);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'*' | b'#'))
}

/// A problem of a flow as a whole, or of a part whose place only its file knows.
fn about(file: &str, whose: Whose, found: impl Into<String>, right: &str) -> Wrong {
    Wrong { file: file.to_owned(), line: 1, column: 1, found: found.into(), right: right.to_owned(), whose }
}

#[cfg(test)]
mod tests {
    use ivr::Known;

    use super::*;

    fn flow(entries: &str) -> Flow {
        let text = format!("[flow]\nname = \"x\"\n[entries]\n{entries}\n[steps.bye]\nkind = \"hangup\"\n");
        Flow::parse("x.toml", &text, &Known::anything()).expect("it is good")
    }

    fn configured(number: &str, flow: &str, entry: &str) -> BTreeMap<String, Number> {
        let leads = Number { flow: flow.into(), entry: entry.into(), lang: Lang::Zh };
        BTreeMap::from([(number.to_owned(), leads)])
    }

    #[test]
    fn entries_that_can_be_dialled_are_numbers_and_configured_ones_win() {
        let (one, two) = (flow("1000 = \"bye\"\nchat = \"bye\""), flow("\"*9\" = \"bye\"\n1000 = \"bye\""));
        let flows = BTreeMap::from([("one", ("one.toml", &one)), ("two", ("two.toml", &two))]);
        let numbers = numbers(&configured("7", "two", "1000"), &flows, None).expect("no contradiction");
        let shown: Vec<_> = numbers.iter().map(|(n, to)| (n.as_str(), to.flow.as_str(), to.lang)).collect();
        assert_eq!(shown, [("*9", "two", Lang::En), ("1000", "one", Lang::En), ("7", "two", Lang::Zh)]);
    }

    #[test]
    fn a_new_version_takes_no_number_from_another_flow() {
        let (one, two) = (flow("1000 = \"bye\""), flow("1000 = \"bye\""));
        let flows = BTreeMap::from([("one", ("one.toml", &one)), ("two", ("two.toml", &two))]);
        for changed in ["one", "two"] {
            let wrong = numbers(&BTreeMap::new(), &flows, Some(changed)).expect_err("both want it");
            assert_eq!(wrong.len(), 1);
            assert_eq!(wrong[0].file, format!("{changed}.toml"));
            assert_eq!(wrong[0].whose, Whose::Entry("1000".into()));
        }
    }

    #[test]
    fn a_new_version_keeps_the_entries_of_configured_numbers() {
        let one = flow("1001 = \"bye\"");
        let flows = BTreeMap::from([("one", ("one.toml", &one))]);
        let wrong = numbers(&configured("7", "one", "1000"), &flows, Some("one")).expect_err("it is gone");
        assert!(wrong[0].found.contains("`1000`") && wrong[0].found.contains("number 7"), "{wrong:?}");
    }
}
