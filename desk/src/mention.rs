//! Who a note calls by name: `@alice`, `＠王芳`.
//!
//! Promises: names in any script; the longest name that fits counts (`@ann` is not `@anna`); an address such as `jo@alice.example` calls
//! nobody; each once, in order, at most [`MOST`]. The names stand in the entry's particulars as data: what shows, counts or finds mentions
//! never reads the text again. Leaves to others: who there is (`api`), keeping who was told (`store`).

use kernel::AgentName;
use serde_json::{Value, json};

/// Most people one note calls: more is a shout that nobody feels meant by.
pub const MOST: usize = 20;
/// Where names stand among a note's particulars.
const KEY: &str = "mentions";

/// The words behind each `@`, up to where a name that is written without spaces could end: who might be meant.
#[must_use]
pub fn called(text: &str) -> Vec<&str> {
    let word = |rest: &'_ str| rest.find(|c: char| !goes_on(c)).unwrap_or(rest.len());
    calls(text).filter_map(|rest| rest.get(..word(rest))).filter(|name| !name.is_empty()).take(MOST).collect()
}

/// Which of `names` a text calls.
#[must_use]
pub fn mentioned(text: &str, names: &[AgentName]) -> Vec<AgentName> {
    let mut found: Vec<AgentName> = Vec::new();
    for rest in calls(text) {
        let fitting = names.iter().filter(|name| begins_with(rest, name.as_str()));
        let Some(name) = fitting.max_by_key(|name| name.as_str().len()) else { continue };
        if !found.contains(name) && found.len() < MOST {
            found.push(name.clone());
        }
    }
    found
}

/// A note's particulars: who it calls; none when it calls nobody.
#[must_use]
pub fn particulars(names: &[AgentName]) -> Option<String> {
    let names: Vec<&str> = names.iter().map(AgentName::as_str).collect();
    (!names.is_empty()).then(|| json!({ KEY: names }).to_string())
}

/// Who a note calls, by its particulars.
#[must_use]
pub fn of(detail: Option<&str>) -> Vec<AgentName> {
    let detail = detail.and_then(|detail| serde_json::from_str::<Value>(detail).ok());
    let names = detail.as_ref().and_then(|detail| detail.get(KEY)).and_then(Value::as_array);
    let names = names.into_iter().flatten().filter_map(Value::as_str);
    names.take(MOST).map(AgentName::from).collect()
}

/// What follows each `@` that can begin a name: one within a word is part of an address.
fn calls(text: &str) -> impl Iterator<Item = &str> {
    let mut before = None;
    text.char_indices().filter_map(move |(at, c)| {
        let begins = matches!(c, '@' | '＠') && !before.is_some_and(|c: char| c.is_ascii_alphanumeric());
        before = Some(c);
        begins.then(|| text.get(at + c.len_utf8()..)).flatten()
    })
}

/// Whether `rest` begins with the name, as people write it, and the name ends there.
fn begins_with(rest: &str, name: &str) -> bool {
    let Some(head) = rest.get(..name.len()).filter(|head| head.eq_ignore_ascii_case(name)) else {
        return false;
    };
    // Chinese goes on without a space: only a Latin name must not go on.
    let latin = head.chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric());
    let mut after = rest.chars().skip(name.chars().count());
    let (next, second) = (after.next(), after.next());
    let joined = matches!(next, Some('.' | '-' | '_')) && second.is_some_and(|c| c.is_ascii_alphanumeric());
    !(latin && (next.is_some_and(|c| c.is_ascii_alphanumeric()) || joined))
}

/// Whether a name that is looked up may go on with this.
fn goes_on(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '-' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let known: Vec<AgentName> =
            ["ann", "anna", "bob", "王芳", "王", "j.doe"].map(AgentName::from).to_vec();
        mentioned(text, &known).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn names_are_found_wherever_they_stand_each_once_and_in_order() {
        assert_eq!(names("@bob please, and @Ann too; @bob!"), ["bob", "ann"]);
        assert_eq!(names("(@j.doe). @j.doe."), ["j.doe"], "a full stop ends the sentence, not the name");
        assert_eq!(names("@bob,@anna"), ["bob", "anna"]);
        assert!(names("bob, @nobody @").is_empty());
    }

    #[test]
    fn the_longest_name_that_fits_counts_and_a_longer_word_is_no_name() {
        assert_eq!(names("@anna"), ["anna"]);
        assert_eq!(names("@王芳请看一下"), ["王芳"]);
        assert!(names("@annabel @bobby @bob-smith @bob.smith").is_empty());
    }

    #[test]
    fn chinese_needs_no_spaces_and_its_own_sign_counts() {
        assert_eq!(names("请＠王芳和@bob处理，谢谢@王"), ["王芳", "bob", "王"]);
    }

    #[test]
    fn an_address_calls_nobody() {
        assert!(names("write to jo@bob or jo@ann.example").is_empty());
    }

    #[test]
    fn what_is_recorded_is_read_back_and_anything_else_is_nobody() {
        let bob = AgentName::from("bob");
        assert_eq!(of(particulars(std::slice::from_ref(&bob)).as_deref()), [bob]);
        assert_eq!(particulars(&[]), None);
        for detail in
            [None, Some(""), Some("[]"), Some(r#"{"mentions":7}"#), Some(r#"{"mentions":[7,null]}"#)]
        {
            assert!(of(detail).is_empty(), "{detail:?}");
        }
    }

    #[test]
    fn who_might_be_meant_is_looked_up_word_by_word() {
        assert_eq!(called("@sue, @li.na! ＠王芳 a@b"), ["sue", "li.na", "王芳"]);
        assert_eq!(called(&"@x ".repeat(500)).len(), MOST);
    }
}
