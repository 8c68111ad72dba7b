//! What changed between two texts, line by line.
//!
//! Promises: pure, and bounded in time and memory for any text; applied to the old text, the lines give the new one.

use serde::{Deserialize, Serialize};

/// Most pairs of lines that are compared. Beyond it what lies between the equal ends counts as replaced as a whole.
const PAIRS: usize = 4_000_000;

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LineFate {
    /// It is in both.
    Same,
    /// Only the old text has it.
    Removed,
    /// Only the new text has it.
    Added,
}

/// A line of either text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineChange {
    /// What became of it.
    pub fate: LineFate,
    /// Its number in the old text, from 1.
    pub old: Option<usize>,
    /// Its number in the new text, from 1.
    pub new: Option<usize>,
    /// The line.
    pub text: String,
}

/// Every line of both texts in reading order; removed ones come before those that replace them.
#[must_use]
pub fn difference(old: &str, new: &str) -> Vec<LineChange> {
    let old: Vec<&str> = old.lines().collect();
    let new: Vec<&str> = new.lines().collect();
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let middle = (old.get(head..old.len() - tail), new.get(head..new.len() - tail));
    let (old_middle, new_middle) = (middle.0.unwrap_or_default(), middle.1.unwrap_or_default());
    let mut lines = Lines::default();
    old.iter().take(head).for_each(|line| lines.push(LineFate::Same, line));
    compare(old_middle, new_middle, &mut lines);
    old.iter().skip(old.len() - tail).for_each(|line| lines.push(LineFate::Same, line));
    lines.all
}

#[derive(Default)]
struct Lines {
    all: Vec<LineChange>,
    old: usize,
    new: usize,
}

impl Lines {
    fn push(&mut self, fate: LineFate, text: &str) {
        let (in_old, in_new) = (fate != LineFate::Added, fate != LineFate::Removed);
        self.old += usize::from(in_old);
        self.new += usize::from(in_new);
        self.all.push(LineChange {
            fate,
            old: in_old.then_some(self.old),
            new: in_new.then_some(self.new),
            text: text.to_owned(),
        });
    }
}

/// Longest common subsequence by table.
fn compare(old: &[&str], new: &[&str], lines: &mut Lines) {
    let width = new.len() + 1;
    if (old.len() + 1).saturating_mul(width) > PAIRS {
        old.iter().for_each(|line| lines.push(LineFate::Removed, line));
        new.iter().for_each(|line| lines.push(LineFate::Added, line));
        return;
    }
    // `common[i * width + j]`: how many lines the rests from i and from j have in common.
    let mut common = vec![0_u32; (old.len() + 1) * width];
    let at = |common: &[u32], i: usize, j: usize| common.get(i * width + j).copied().unwrap_or_default();
    for (i, a) in old.iter().enumerate().rev() {
        for (j, b) in new.iter().enumerate().rev() {
            let best = if a == b {
                at(&common, i + 1, j + 1) + 1
            } else {
                at(&common, i + 1, j).max(at(&common, i, j + 1))
            };
            if let Some(cell) = common.get_mut(i * width + j) {
                *cell = best;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    loop {
        match (old.get(i), new.get(j)) {
            (Some(a), Some(b)) if a == b => {
                lines.push(LineFate::Same, a);
                (i, j) = (i + 1, j + 1);
            }
            (Some(a), b) if b.is_none() || at(&common, i + 1, j) >= at(&common, i, j + 1) => {
                lines.push(LineFate::Removed, a);
                i += 1;
            }
            (_, Some(b)) => {
                lines.push(LineFate::Added, b);
                j += 1;
            }
            (_, None) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> String {
        let sign = |fate| match fate {
            LineFate::Same => ' ',
            LineFate::Removed => '-',
            LineFate::Added => '+',
        };
        difference(old, new).iter().map(|line| format!("{}{} ", sign(line.fate), line.text)).collect()
    }

    #[test]
    fn changed_lines_are_told_apart_from_kept_ones() {
        assert_eq!(shown("a\nb\nc\n", "a\nx\nc\n"), " a -b +x  c ");
        assert_eq!(shown("", "a\nb"), "+a +b ");
        assert_eq!(shown("a\nb", ""), "-a -b ");
        assert_eq!(shown("a\nb\nc\nd", "b\nd\ne"), "-a  b -c  d +e ");
        assert_eq!(shown("same", "same"), " same ");
    }

    #[test]
    fn lines_are_numbered_in_the_text_that_has_them() {
        let lines = difference("a\nb\nc", "a\nc");
        let numbers: Vec<_> = lines.iter().map(|line| (line.old, line.new)).collect();
        assert_eq!(numbers, [(Some(1), Some(1)), (Some(2), None), (Some(3), Some(2))]);
    }

    #[test]
    fn the_lines_give_back_both_texts_also_when_there_are_too_many_to_compare() {
        let old: Vec<String> = (0..3000).map(|n| format!("line {}", n % 7)).collect();
        let new: Vec<String> = (0..3000).map(|n| format!("line {}", n % 11)).collect();
        for (old, new) in [(&old[..40], &new[..60]), (&old[..], &new[..])] {
            let lines = difference(&old.join("\n"), &new.join("\n"));
            let of = |unwanted| -> Vec<&str> {
                lines.iter().filter(|line| line.fate != unwanted).map(|line| line.text.as_str()).collect()
            };
            assert_eq!(of(LineFate::Added), old);
            assert_eq!(of(LineFate::Removed), new);
        }
    }
}
