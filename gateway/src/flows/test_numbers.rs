//! Numbers of texts that are not in service: whoever draws a flow calls it before it is published.
//!
//! Promises: nobody can guess one; each lasts some minutes, and there are never many: the oldest gives way. Who is in such a
//! call keeps its text to the end. Leaves to others: checking and voices (`publish`).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use desk::{TEST_NUMBER, WallMillis};

use super::Served;
use crate::config::Number;
use crate::limits;

#[derive(Debug)]
struct Test {
    number: String,
    leads: Number,
    served: Arc<Served>,
    until: WallMillis,
}

/// Those that there are now.
#[derive(Debug, Default)]
pub struct TestNumbers(Mutex<Vec<Test>>);

impl TestNumbers {
    /// A new number for a text; until when it can be dialled.
    pub fn add(&self, leads: Number, served: Arc<Served>, now: WallMillis) -> (String, WallMillis) {
        let number = format!("{TEST_NUMBER}{:032x}", rand::random::<u128>());
        let until = now + i64::try_from(limits::TEST_NUMBER.as_millis()).unwrap_or(0);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|test| test.until > now);
        if all.len() >= limits::TEST_NUMBERS {
            all.remove(0);
        }
        all.push(Test { number: number.clone(), leads, served, until });
        (number, until)
    }

    /// What a number leads to.
    pub fn find(&self, number: &str, now: WallMillis) -> Option<(Number, Arc<Served>)> {
        if !number.starts_with(TEST_NUMBER) {
            return None;
        }
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let test = all.iter().find(|test| test.number == number && test.until > now)?;
        Some((test.leads.clone(), Arc::clone(&test.served)))
    }

    /// Where its callers are.
    pub fn here(&self, number: &str) -> Option<BTreeMap<String, usize>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().find(|test| test.number == number).map(|test| test.served.here.counts())
    }
}
