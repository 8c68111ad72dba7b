//! Text to expression: a recursive descent whose depth and length are bounded.

use super::{CALLS, EXPR_CHARS, Expr, Op, Wrong, written};
use crate::datum::{Datum, Number};

/// Deepest nesting: more than people write, far less than the stack holds.
const DEPTH: usize = 32;

/// A word of the text.
#[derive(Clone, Debug, PartialEq)]
enum Word {
    Name(String),
    Text(String),
    Number(Number),
    Sign(&'static str),
}

const SIGNS: [&str; 13] = ["==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "(", ")", ",", "="];

/// Reads an expression.
///
/// # Errors
/// What is wrong with it and what would be right.
pub fn parse(source: &str) -> Result<Expr, Wrong> {
    if source.chars().count() > EXPR_CHARS {
        return Err(Wrong::new(
            "a long expression",
            format!("at most {EXPR_CHARS} characters; use `set` for parts of it"),
        ));
    }
    let words = words(source)?;
    let mut parser = Parser { words: &words, at: 0, depth: 0 };
    let expr = parser.pair(0)?;
    match parser.peek() {
        None => Ok(expr),
        Some(word) => Err(Wrong::new(
            format!("`{}` after the end of an expression", shown(word)),
            "an operator such as `and`, `==` or `+` before it",
        )),
    }
}

fn shown(word: &Word) -> String {
    match word {
        Word::Name(name) => name.clone(),
        Word::Text(text) => format!("'{text}'"),
        Word::Number(number) => number.to_string(),
        Word::Sign(sign) => (*sign).to_owned(),
    }
}

fn words(source: &str) -> Result<Vec<Word>, Wrong> {
    let mut words = Vec::new();
    let mut rest = source.trim_start();
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '"' | '\'' => {
                let inner = rest.get(1..).unwrap_or_default();
                let Some(end) = inner.find(c) else {
                    return Err(Wrong::new("a text without an end", format!("another {c} at its end")));
                };
                words.push(Word::Text(inner.get(..end).unwrap_or_default().to_owned()));
                end + 2
            }
            '0'..='9' => {
                let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
                let digits = rest.get(..end).unwrap_or_default();
                let number = Number::parse(digits)
                    .ok_or_else(|| Wrong::new(format!("`{digits}`"), "a number such as 12 or 12.5"))?;
                words.push(Word::Number(number));
                end
            }
            c if c.is_alphabetic() || c == '_' => {
                let end =
                    rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '.').unwrap_or(rest.len());
                words.push(Word::Name(rest.get(..end).unwrap_or_default().to_owned()));
                end
            }
            _ => {
                let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
                let sign = sign.ok_or_else(|| {
                    Wrong::new(format!("`{c}` in an expression"), "names, numbers, 'texts', and operators")
                })?;
                if *sign == "=" {
                    return Err(Wrong::new("`=` in an expression", "`==` compares; `set` assigns"));
                }
                words.push(Word::Sign(sign));
                sign.len()
            }
        };
        rest = rest.get(length..).unwrap_or_default().trim_start();
    }
    Ok(words)
}

/// Operators, loosest first.
const LEVELS: [&[Op]; 5] = [
    &[Op::Or],
    &[Op::And],
    &[Op::Equal, Op::Differ, Op::AtMost, Op::AtLeast, Op::Less, Op::More, Op::Contains, Op::StartsWith],
    &[Op::Plus, Op::Minus],
    &[Op::Times],
];

struct Parser<'w> {
    words: &'w [Word],
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Word> {
        self.words.get(self.at)
    }

    fn operator(&self, level: &[Op]) -> Option<Op> {
        let word = match self.peek()? {
            Word::Sign(sign) => sign,
            Word::Name(name) => name.as_str(),
            Word::Text(_) | Word::Number(_) => return None,
        };
        level.iter().copied().find(|op| written(*op) == word)
    }

    fn pair(&mut self, level: usize) -> Result<Expr, Wrong> {
        let Some(ops) = LEVELS.get(level) else { return self.one() };
        let mut left = self.pair(level + 1)?;
        while let Some(op) = self.operator(ops) {
            self.at += 1;
            let right = self.pair(level + 1)?;
            left = Expr::Pair(op, Box::new(left), Box::new(right));
            // A comparison of a comparison means nothing.
            if level == 2 && self.operator(ops).is_some() {
                return Err(Wrong::new("one comparison after another", "`and` between them"));
            }
        }
        Ok(left)
    }

    fn one(&mut self) -> Result<Expr, Wrong> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Wrong::new(
                "an expression that is nested too deeply",
                format!("at most {DEPTH} levels"),
            ));
        }
        let word = self.peek().cloned();
        self.at += 1;
        let expr = match word {
            Some(Word::Text(text)) => Expr::Fixed(Datum::text(&text)),
            Some(Word::Number(number)) => Expr::Fixed(Datum::Number(number)),
            Some(Word::Sign("-")) => Expr::Negative(Box::new(self.one()?)),
            Some(Word::Sign("(")) => {
                let inner = self.pair(0)?;
                self.expect(")")?;
                inner
            }
            Some(Word::Name(name)) => self.named(name)?,
            Some(Word::Sign(sign)) => {
                return Err(Wrong::new(
                    format!("`{sign}` where a value should be"),
                    "a name, number, 'text' or (…)",
                ));
            }
            None => {
                return Err(Wrong::new(
                    "an expression that breaks off",
                    "a name, number, 'text' or (…) at its end",
                ));
            }
        };
        self.depth -= 1;
        Ok(expr)
    }

    fn named(&mut self, name: String) -> Result<Expr, Wrong> {
        match name.as_str() {
            "true" => return Ok(Expr::Fixed(Datum::Flag(true))),
            "false" => return Ok(Expr::Fixed(Datum::Flag(false))),
            // `not` binds closer than `and`, looser than a comparison.
            "not" => return Ok(Expr::Not(Box::new(self.pair(2)?))),
            _ => {}
        }
        if self.peek() != Some(&Word::Sign("(")) {
            return Ok(Expr::Name(name));
        }
        self.at += 1;
        let Some((_, call, ..)) = CALLS.iter().find(|(known, ..)| *known == name) else {
            let names: Vec<&str> = CALLS.iter().map(|(known, ..)| *known).collect();
            return Err(Wrong::new(
                format!("an unknown function `{name}`"),
                format!("one of {}", names.join(", ")),
            ));
        };
        let mut given = vec![self.pair(0)?];
        while self.peek() == Some(&Word::Sign(",")) {
            self.at += 1;
            given.push(self.pair(0)?);
        }
        self.expect(")")?;
        Ok(Expr::Call(*call, given))
    }

    fn expect(&mut self, sign: &str) -> Result<(), Wrong> {
        let found = self.peek().map_or_else(|| "the end".to_owned(), shown);
        if !matches!(self.peek(), Some(Word::Sign(known)) if *known == sign) {
            return Err(Wrong::new(format!("`{found}` where `{sign}` should be"), format!("`{sign}`")));
        }
        self.at += 1;
        Ok(())
    }
}
