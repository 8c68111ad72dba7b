//! What queueing theory says of one queue with equal agents: Erlang C (nobody gives up) and Erlang A (everybody does, some day).
//!
//! Erlang, "Solution of some problems in the theory of probabilities" (1917); Palm, "Research on telephone traffic" (1957).
//! It is what a simulated day is printed beside, and what the engine is checked against.

/// A queue in theory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Theory {
    /// Customers a second.
    pub arrivals: f64,
    /// Seconds that an agent is taken by one.
    pub handling: f64,
    /// Agents.
    pub agents: u32,
    /// Mean seconds until somebody gives up; `None`: never.
    pub patience: Option<f64>,
}

/// What comes of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// Part that has to wait.
    pub waiting: f64,
    /// Part that gives up.
    pub giving_up: f64,
    /// Mean wait of all, in seconds.
    pub wait: f64,
    /// Part of the agents' time that is work.
    pub occupancy: f64,
}

impl Theory {
    /// Work offered, in Erlang: agents that it would keep busy for ever.
    #[must_use]
    pub fn load(&self) -> f64 {
        self.arrivals * self.handling
    }

    /// Erlang C; `None` when the load is more than the agents, so that the line grows for ever.
    #[must_use]
    pub fn erlang_c(&self) -> Option<Expected> {
        let (load, agents) = (self.load(), f64::from(self.agents));
        if load >= agents {
            return None;
        }
        // Erlang B by its recursion, which neither over- nor underflows.
        let blocked =
            (1..=self.agents).fold(1.0, |blocked, n| load * blocked / (f64::from(n) + load * blocked));
        let waiting = blocked / (1.0 - (load / agents) * (1.0 - blocked));
        let wait = waiting * self.handling / (agents - load);
        Some(Expected { waiting, giving_up: 0.0, wait, occupancy: load / agents })
    }

    /// The part that is answered within `seconds` by Erlang C.
    #[must_use]
    pub fn service_level(&self, seconds: f64) -> Option<f64> {
        let spare = f64::from(self.agents) - self.load();
        self.erlang_c().map(|expected| 1.0 - expected.waiting * (-spare * seconds / self.handling).exp())
    }

    /// Erlang A, by summing the states of its line; Erlang C when nobody gives up.
    #[must_use]
    pub fn erlang_a(&self) -> Option<Expected> {
        let Some(patience) = self.patience else { return self.erlang_c() };
        let (served, gives_up) = (1.0 / self.handling, 1.0 / patience);
        let mut weight = 1.0;
        let (mut all, mut all_busy, mut in_line, mut working) = (1.0, 0.0, 0.0, 0.0);
        let mut n = 0_u32;
        loop {
            n += 1;
            let line = f64::from(n.saturating_sub(self.agents));
            let leaving = f64::from(n.min(self.agents)) * served + line * gives_up;
            weight *= self.arrivals / leaving;
            all += weight;
            working += weight * f64::from(n.min(self.agents));
            if n >= self.agents {
                all_busy += weight;
                in_line += weight * line;
            }
            // Weights only matter as parts of their sum.
            if all > 1e200 {
                for sum in [&mut weight, &mut all, &mut all_busy, &mut in_line, &mut working] {
                    *sum /= 1e200;
                }
            }
            if n > self.agents && weight < all * 1e-14 {
                break;
            }
        }
        let line = in_line / all;
        Some(Expected {
            waiting: all_busy / all,
            giving_up: line * gives_up / self.arrivals,
            wait: line / self.arrivals,
            occupancy: working / all / f64::from(self.agents),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Theory = Theory { arrivals: 100.0 / 3600.0, handling: 240.0, agents: 8, patience: None };

    #[test]
    fn erlang_c_has_the_value_of_the_formula() {
        // 6.67 Erlang on 8 agents, from the sum of the definition.
        let load: f64 = USUAL.load();
        let term = |n: u32| (1..=n).fold(1.0, |term, k| term * load / f64::from(k));
        let last = term(8) * 8.0 / (8.0 - load);
        let direct = last / ((0..8).map(term).sum::<f64>() + last);
        let expected = USUAL.erlang_c().expect("enough agents");
        assert!((expected.waiting - direct).abs() < 1e-12);
        assert!((expected.wait - direct * 240.0 / (8.0 - load)).abs() < 1e-9);
        assert!(Theory { agents: 6, ..USUAL }.erlang_c().is_none(), "the line grows for ever");
    }

    #[test]
    fn erlang_a_with_endless_patience_is_erlang_c() {
        let patient = Theory { patience: Some(1e9), ..USUAL }.erlang_a().expect("always");
        let c = USUAL.erlang_c().expect("enough agents");
        assert!((patient.waiting - c.waiting).abs() < 1e-4 && (patient.wait - c.wait).abs() < 0.05);
        assert!(patient.giving_up < 1e-6);
    }

    #[test]
    fn impatience_keeps_a_line_short_that_would_grow() {
        let over = Theory { agents: 5, patience: Some(120.0), ..USUAL }.erlang_a().expect("always");
        // What is not given up is what five agents can do.
        let done = (1.0 - over.giving_up) * USUAL.load();
        assert!((done - 5.0 * over.occupancy).abs() < 1e-6 && over.occupancy < 1.0 && over.giving_up > 0.2);
    }
}
