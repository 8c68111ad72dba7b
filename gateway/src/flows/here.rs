//! How many customers are at each step now.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Counts by step. They outlive versions: whoever is in an old one counts too.
#[derive(Debug, Default)]
pub struct Here(Mutex<BTreeMap<String, usize>>);

impl Here {
    /// Step to how many; steps without anybody are left out.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<String, usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn step(&self, name: &str, by: isize) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(name.to_owned()).or_default();
        *count = count.saturating_add_signed(by);
        if *count == 0 {
            counts.remove(name);
        }
    }
}

/// One customer, counted where they are; the drop is the only way out.
#[derive(Debug)]
pub struct AtStep {
    here: Arc<Here>,
    step: Option<String>,
}

impl AtStep {
    /// A customer who is nowhere yet.
    #[must_use]
    pub const fn new(here: Arc<Here>) -> Self {
        Self { here, step: None }
    }

    /// They are at this step now; `None`: with somebody, or gone.
    pub fn is(&mut self, step: Option<&str>) {
        if self.step.as_deref() == step {
            return;
        }
        if let Some(old) = self.step.take() {
            self.here.step(&old, -1);
        }
        if let Some(new) = step {
            self.here.step(new, 1);
            self.step = Some(new.to_owned());
        }
    }
}

impl Drop for AtStep {
    fn drop(&mut self) {
        self.is(None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_counted_once_and_nobody_stays_behind() {
        let here = Arc::new(Here::default());
        let (mut one, mut two) = (AtStep::new(Arc::clone(&here)), AtStep::new(Arc::clone(&here)));
        one.is(Some("menu"));
        one.is(Some("menu"));
        two.is(Some("menu"));
        assert_eq!(here.counts(), BTreeMap::from([("menu".to_owned(), 2)]));
        one.is(Some("queue"));
        two.is(None);
        assert_eq!(here.counts(), BTreeMap::from([("queue".to_owned(), 1)]));
        drop((one, two));
        assert!(here.counts().is_empty());
    }
}
