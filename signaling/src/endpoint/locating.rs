//! Searches for servers by name (RFC 3263): questions out, answers in, and who waits for the end.
//!
//! Promises: every search ends once, or is forgotten with whoever wanted it. Leaves to others: the choice (`locate`).

use std::collections::BTreeMap;

use super::{Endpoint, Turn};
use crate::dialog::session::Hop;
use crate::io::{DialogId, Out, Question, Record, Transport};
use crate::locate::{Families, Found, Search};
use crate::message::uri::{Scheme, Uri};

/// Who wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seeker {
    /// A call of ours.
    Call(DialogId),
    /// A trunk's registration or probe.
    Line(u64),
}

/// Searches under way.
#[derive(Debug, Default)]
pub(super) struct Searches(BTreeMap<u64, (Search, Seeker)>);

/// What a search came to at once.
pub(super) enum Located {
    /// These places.
    Places(Vec<Hop>),
    /// It is under way.
    Later(u64),
}

impl Searches {
    /// Nobody wants it any more.
    pub(super) fn forget(&mut self, number: u64) {
        self.0.remove(&number);
    }

    /// Whether none is under way for a call.
    pub(super) fn is_quiet(&self) -> bool {
        self.0.values().all(|(_, seeker)| matches!(seeker, Seeker::Line(_)))
    }
}

impl Endpoint {
    /// Begins to look for the server of a URI.
    pub(super) fn locate(&mut self, turn: &mut Turn<'_>, text: &[u8], seeker: Seeker) -> Located {
        let Some(uri) = Uri::parse(text).filter(|uri| matches!(uri.scheme, Scheme::Sip | Scheme::Sips))
        else {
            return Located::Places(Vec::new());
        };
        let listening = &self.setup.listening;
        let able: Vec<Transport> = [Transport::Udp, Transport::Tcp, Transport::Tls]
            .into_iter()
            .filter(|transport| listening.iter().any(|(t, _)| t == transport))
            .collect();
        let families = Families {
            v4: listening.iter().any(|(_, a)| a.is_ipv4()),
            v6: listening.iter().any(|(_, a)| a.is_ipv6()),
        };
        match Search::begin(&uri, &able, families) {
            None => Located::Places(Vec::new()),
            Some((_, Found::Places(places))) => Located::Places(places),
            Some((search, Found::Ask(questions))) => {
                let number = self.fresh();
                self.searches.0.insert(number, (search, seeker));
                ask(turn, number, questions);
                Located::Later(number)
            }
        }
    }

    /// The name system answers.
    pub(super) fn named(
        &mut self,
        turn: &mut Turn<'_>,
        number: u64,
        question: &Question,
        records: Vec<Record>,
    ) {
        let Some((search, seeker)) = self.searches.0.get_mut(&number) else { return };
        let seeker = *seeker;
        match search.told(turn.rng, question, records) {
            Found::Ask(questions) => ask(turn, number, questions),
            Found::Places(places) => {
                self.searches.forget(number);
                match seeker {
                    Seeker::Call(owner) => self.call_located(turn, owner, places),
                    Seeker::Line(line) => self.line_located(turn, line, places),
                }
            }
        }
    }
}

fn ask(turn: &mut Turn<'_>, search: u64, questions: Vec<Question>) {
    for question in questions {
        turn.out.emit(Out::Ask { search, question });
    }
}
