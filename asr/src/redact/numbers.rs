//! Digits as people say and write them: `4111`, "four one", "forty-one", "double four", 四一, 幺, "两个四".
//!
//! A run is digits that follow each other, over punctuation and over what people say between groups ("dash", "uh", 然后).

use super::tokens::Token;

/// Digits that follow each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Run {
    /// All digits.
    pub digits: String,
    /// Which word each digit came from.
    pub from: Vec<usize>,
}

impl Run {
    pub(crate) fn first(&self) -> usize {
        self.from.first().copied().unwrap_or(0)
    }

    pub(crate) fn last(&self) -> usize {
        self.from.last().copied().unwrap_or(0)
    }

    /// Bytes of the text from the word of digit `begin` to that of digit `end - 1`.
    pub(crate) fn bytes(&self, tokens: &[Token], begin: usize, end: usize) -> std::ops::Range<usize> {
        let word = |digit: usize| self.from.get(digit).and_then(|&at| tokens.get(at));
        match (word(begin), word(end.saturating_sub(1))) {
            (Some(first), Some(last)) => first.range.start..last.range.end,
            _ => 0..0,
        }
    }

    fn push(&mut self, digits: &str, word: usize) {
        self.digits.push_str(digits);
        self.from.extend(std::iter::repeat_n(word, digits.len()));
    }
}

/// What people say between groups of digits.
const BETWEEN: &[&str] = &[
    "and", "dash", "hyphen", "minus", "space", "then", "uh", "um", "er", "erm", "ah", "okay", "ok", "yes",
    "yeah", "right", "so", "next", "slash", "嗯", "啊", "呃", "额", "然", "后", "横", "杠", "空", "格", "好",
    "对", "的", "那",
];

/// Words that a recogniser writes for a digit; they count between digits only.
const MISHEARD: &[(&str, &str)] = &[
    ("to", "2"),
    ("too", "2"),
    ("for", "4"),
    ("won", "1"),
    ("ate", "8"),
    ("tree", "3"),
    ("fife", "5"),
    ("sex", "6"),
    ("o'", "0"),
    ("owe", "0"),
    ("要", "1"),
    ("药", "1"),
    ("腰", "1"),
    ("妖", "1"),
    ("邀", "1"),
    ("灵", "0"),
    ("林", "0"),
    ("铃", "0"),
    ("领", "0"),
    ("气", "7"),
    ("起", "7"),
    ("巴", "8"),
    ("吧", "8"),
    ("把", "8"),
    ("久", "9"),
    ("酒", "9"),
    ("就", "9"),
    ("舞", "5"),
    ("无", "5"),
    ("流", "6"),
    ("留", "6"),
    ("是", "4"),
    ("似", "4"),
    ("事", "4"),
    ("死", "4"),
    ("散", "3"),
    ("山", "3"),
    ("而", "2"),
    ("儿", "2"),
    ("耳", "2"),
    ("以", "1"),
    ("医", "1"),
    ("衣", "1"),
];

/// All runs of a text.
pub(crate) fn runs(tokens: &[Token]) -> Vec<Run> {
    let mut all = Vec::new();
    let mut run = Run::default();
    let mut at = 0;
    while at < tokens.len() {
        if let Some((digits, words)) = number(tokens, at) {
            run.push(&digits, at + words - 1);
            // The first word of "double four" belongs to it.
            let begun = run.from.len() - digits.len();
            if let Some(first) = run.from.get_mut(begun) {
                *first = at;
            }
            at += words;
        } else if !run.digits.is_empty() && is_between(&tokens[at].plain) {
            at += 1;
        } else if let Some(digit) = misheard(tokens, at, &run) {
            run.push(digit, at);
            at += 1;
        } else {
            end(&mut run, &mut all);
            at += 1;
        }
    }
    end(&mut run, &mut all);
    all
}

/// Whether nothing is said but digits and what people say between them; `runs` are those of `tokens`.
pub(crate) fn only_digits(tokens: &[Token], runs: &[Run]) -> bool {
    let covered = |at: usize| runs.iter().any(|run| (run.first()..=run.last()).contains(&at));
    !runs.is_empty() && tokens.iter().enumerate().all(|(at, word)| covered(at) || is_between(&word.plain))
}

pub(crate) fn is_between(word: &str) -> bool {
    BETWEEN.contains(&word)
}

fn end(run: &mut Run, all: &mut Vec<Run>) {
    if !run.digits.is_empty() {
        all.push(std::mem::take(run));
    }
}

/// A word that sounds like a digit, right between digits; "for" also right before three numbers.
fn misheard(tokens: &[Token], at: usize, run: &Run) -> Option<&'static str> {
    let (_, digit) = MISHEARD.iter().find(|(word, _)| *word == tokens[at].plain)?;
    let after_digit = !run.digits.is_empty() && run.last() + 1 == at;
    let before = (at + 1..=at + 3).take_while(|next| number(tokens, *next).is_some()).count();
    ((before == 3 && tokens[at].plain == "for") || (after_digit && before > 0)).then_some(*digit)
}

/// The number that begins at a word: its digits and how many words it takes.
fn number(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    let word = tokens.get(at)?.plain.as_str();
    let next = |n: usize| tokens.get(at + n).map_or("", |t| t.plain.as_str());
    let times = match word {
        "double" => 2,
        "triple" | "treble" => 3,
        "quadruple" => 4,
        _ => 0,
    };
    if times > 0 {
        let digit = unit(next(1)).or_else(|| single(next(1)))?;
        return Some((digit.repeat(times), 2));
    }
    // "两个四" is 44.
    if next(1) == "个" {
        let times = match word {
            "两" | "二" | "2" => 2,
            "三" | "3" => 3,
            "四" | "4" => 4,
            _ => 0,
        };
        if times > 0 {
            return unit(next(2)).or_else(|| single(next(2))).map(|digit| (digit.repeat(times), 3));
        }
    }
    let (mut digits, mut words) = small(word, next(1))?;
    // "forty-one hundred" is 4100.
    let zeros = match next(words) {
        "hundred" => "00",
        "thousand" => "000",
        _ => "",
    };
    if !zeros.is_empty() && digits.len() <= 2 {
        digits.push_str(zeros);
        words += 1;
    }
    Some((digits, words))
}

/// Up to 99, or digits as written.
fn small(word: &str, next: &str) -> Option<(String, usize)> {
    if word.bytes().all(|b| b.is_ascii_digit()) && !word.is_empty() {
        return Some((word.to_owned(), 1));
    }
    if let Some(tens) = tens(word) {
        let more = unit(next).filter(|digit| *digit != "0" && next.is_ascii());
        return Some(match more {
            Some(digit) => (format!("{tens}{digit}"), 2),
            None => (format!("{tens}0"), 1),
        });
    }
    unit(word).or_else(|| teen(word)).map(|digits| (digits.to_owned(), 1))
}

fn single(word: &str) -> Option<&str> {
    (word.len() == 1 && word.bytes().all(|b| b.is_ascii_digit())).then_some(word)
}

fn unit(word: &str) -> Option<&'static str> {
    Some(match word {
        "zero" | "oh" | "o" | "nought" | "naught" | "零" | "〇" | "洞" | "○" => "0",
        "one" | "ones" | "一" | "幺" | "壹" => "1",
        "two" | "twos" | "二" | "两" | "贰" => "2",
        "three" | "threes" | "三" | "叁" => "3",
        "four" | "fours" | "四" | "肆" => "4",
        "five" | "fives" | "五" | "伍" => "5",
        "six" | "sixes" | "六" | "陆" => "6",
        "seven" | "sevens" | "七" | "柒" | "拐" => "7",
        "eight" | "eights" | "八" | "捌" => "8",
        "nine" | "niner" | "nines" | "九" | "玖" => "9",
        _ => return None,
    })
}

fn teen(word: &str) -> Option<&'static str> {
    Some(match word {
        "ten" => "10",
        "eleven" => "11",
        "twelve" => "12",
        "thirteen" => "13",
        "fourteen" => "14",
        "fifteen" => "15",
        "sixteen" => "16",
        "seventeen" => "17",
        "eighteen" => "18",
        "nineteen" => "19",
        _ => return None,
    })
}

fn tens(word: &str) -> Option<&'static str> {
    Some(match word {
        "twenty" => "2",
        "thirty" => "3",
        "forty" | "fourty" => "4",
        "fifty" => "5",
        "sixty" => "6",
        "seventy" => "7",
        "eighty" => "8",
        "ninety" => "9",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tokens::tokens;

    fn digits(text: &str) -> Vec<String> {
        runs(&tokens(text)).into_iter().map(|run| run.digits).collect()
    }

    #[test]
    fn digits_are_read_however_they_are_said() {
        assert_eq!(digits("forty-one eleven, double one 11"), ["41111111"]);
        assert_eq!(digits("four oh one dash triple two"), ["401222"]);
        assert_eq!(digits("forty one hundred"), ["4100"]);
        assert_eq!(digits("幺三八，两个零 洞"), ["138000"]);
        assert_eq!(digits("one to three"), ["123"]);
        assert_eq!(digits("I want to go for a walk"), Vec::<String>::new());
        assert_eq!(digits("four clubs and two hearts"), ["4", "2"]);
    }
}
