//! A file's text with lines and columns, and the problems found in it.

use std::collections::BTreeSet;

use crate::io::Problem;

/// Most problems that are reported: nobody reads more, and a hostile file could have a million.
const PROBLEMS: usize = 100;
/// Problems up to which it is guessed what was meant.
const GUESSES: usize = 20;

/// The text and what is wrong with it.
pub(crate) struct Source<'a> {
    file: &'a str,
    text: &'a str,
    /// Offset at which each line begins.
    lines: Vec<usize>,
    problems: Vec<(usize, Problem)>,
    more: usize,
}

impl<'a> Source<'a> {
    pub(crate) fn new(file: &'a str, text: &'a str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { file, text, lines: std::iter::once(0).chain(breaks).collect(), problems: Vec::new(), more: 0 }
    }

    /// Line and column, from 1, of an offset in bytes; the column counts characters.
    fn place(&self, offset: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|begin| *begin <= offset).max(1);
        let begin = self.lines.get(line - 1).copied().unwrap_or_default();
        let before = self.text.get(begin..offset).unwrap_or_default();
        (line, before.chars().count() + 1)
    }

    /// Notes a problem at an offset.
    pub(crate) fn problem(&mut self, offset: usize, found: impl Into<String>, right: impl Into<String>) {
        if self.is_full() {
            self.more += 1;
            return;
        }
        let (line, column) = self.place(offset);
        let (found, right) = (shown(&found.into()), shown(&right.into()));
        self.problems.push((offset, Problem { file: self.file.to_owned(), line, column, found, right }));
    }

    /// Whether further problems are only counted.
    pub(crate) fn is_full(&self) -> bool {
        self.problems.len() >= PROBLEMS
    }

    /// The problems with their offsets, in the order of the file.
    pub(crate) fn into_problems(mut self) -> Vec<(usize, Problem)> {
        self.problems.sort_by_key(|(offset, _)| *offset);
        let mut problems = self.problems;
        if let (Some((at, last)), 1..) = (problems.last().cloned(), self.more) {
            let found = format!("{} more problems", self.more);
            problems.push((at, Problem { found, right: "correct the ones above first".to_owned(), ..last }));
        }
        problems
    }

    /// The name among `names` that was probably meant.
    pub(crate) fn meant<'n>(&self, found: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
        // Whoever has many problems is not helped by guesses, and guessing takes time.
        if self.problems.len() >= GUESSES || found.len() > 64 {
            return None;
        }
        let near = names.into_iter().map(|name| (distance(found, name), name)).min()?;
        (near.0 <= (found.chars().count() / 3).min(3)).then_some(near.1)
    }

    /// "perhaps `x`; or one of a, b, c".
    pub(crate) fn one_of(&self, what: &str, found: &str, names: &BTreeSet<&str>) -> String {
        let list = if names.is_empty() {
            "there is none".to_owned()
        } else {
            let few: Vec<&str> = names.iter().copied().take(20).collect();
            format!("one of {}{}", few.join(", "), if names.len() > few.len() { ", …" } else { "" })
        };
        match self.meant(found, names.iter().copied()) {
            Some(near) => format!("perhaps `{near}` ({what}: {list})"),
            None => format!("{what}: {list}"),
        }
    }
}

/// Text from the file as it may be shown on a terminal: no control characters, no endless lines.
fn shown(text: &str) -> String {
    let mut clean: String =
        text.chars().take(400).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if clean.len() < text.len() && text.chars().nth(400).is_some() {
        clean.push('…');
    }
    clean
}

/// Edits between two short names (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    if b.len() > 64 {
        return usize::MAX;
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(&b) {
            let best = (corner + usize::from(x != *y)).min(*cell + 1).min(left + 1);
            corner = *cell;
            *cell = best;
            left = best;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_from_one() {
        let source = Source::new("f", "一二\nab\n");
        assert_eq!(source.place(0), (1, 1));
        assert_eq!(source.place(3), (1, 2));
        assert_eq!(source.place(8), (2, 2));
        assert_eq!(source.place(10), (3, 1));
        assert_eq!(source.place(99), (3, 1));
    }

    #[test]
    fn near_names_are_suggested() {
        let source = Source::new("f", "");
        assert_eq!(source.meant("suport", ["sales", "support"]), Some("support"));
        assert_eq!(source.meant("xyz", ["sales", "support"]), None);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "ab"), 2);
    }

    #[test]
    fn a_flood_of_problems_is_cut_and_counted() {
        let mut source = Source::new("f", "x");
        for _ in 0..1000 {
            source.problem(0, "a", "b");
        }
        let problems = source.into_problems();
        assert_eq!(problems.len(), PROBLEMS + 1);
        assert_eq!(problems.last().map(|(_, p)| p.found.as_str()), Some("900 more problems"));
    }
}
