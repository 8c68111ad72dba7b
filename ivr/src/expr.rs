//! Expressions: what a flow can reckon with its variables, as in `balance < 0 and caller.number starts_with "+49"`.
//!
//! Promises: typed when the flow is read; evaluation is total, pure and bounded by the length of the text. There are no
//! loops, no assignments and no calls out. Leaves to others: what the names stand for.

mod parse;

use std::collections::BTreeMap;

use crate::datum::{Datum, Number, TEXT_CHARS, Type};

pub use parse::parse;

/// Longest expression, in characters.
pub const EXPR_CHARS: usize = 500;

/// What was found and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// What was found.
    pub found: String,
    /// What would be right.
    pub right: String,
}

impl Wrong {
    pub(crate) fn new(found: impl Into<String>, right: impl Into<String>) -> Self {
        Self { found: found.into(), right: right.into() }
    }
}

impl From<kernel::hours::BadHours> for Wrong {
    fn from(bad: kernel::hours::BadHours) -> Self {
        Self { found: bad.found, right: bad.right }
    }
}

/// Names and what they hold.
pub type Types = BTreeMap<String, Type>;

/// A comparison or a step of reckoning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Either.
    Or,
    /// Both.
    And,
    /// The same.
    Equal,
    /// Not the same.
    Differ,
    /// Less.
    Less,
    /// Less or the same.
    AtMost,
    /// More.
    More,
    /// More or the same.
    AtLeast,
    /// The text has the other in it.
    Contains,
    /// The text begins with the other.
    StartsWith,
    /// Sum of numbers, or texts one after the other.
    Plus,
    /// Difference.
    Minus,
    /// Product.
    Times,
}

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Only the digits of a text.
    Digits,
    /// Characters of a text.
    Length,
    /// Small letters.
    Lower,
    /// A number read from a text; 0 when there is none.
    Number,
    /// Anything as text.
    Text,
    /// The first characters.
    First,
    /// The last characters.
    Last,
}

/// Functions: name, what they take, what they give.
pub const CALLS: &[(&str, Call, &[Type], Type)] = &[
    ("digits", Call::Digits, &[Type::Text], Type::Text),
    ("first", Call::First, &[Type::Text, Type::Number], Type::Text),
    ("last", Call::Last, &[Type::Text, Type::Number], Type::Text),
    ("length", Call::Length, &[Type::Text], Type::Number),
    ("lower", Call::Lower, &[Type::Text], Type::Text),
    ("number", Call::Number, &[Type::Text], Type::Number),
    ("text", Call::Text, &[Type::Number], Type::Text),
];

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// Written as it is.
    Fixed(Datum),
    /// A variable.
    Name(String),
    /// The opposite of a flag.
    Not(Box<Expr>),
    /// A number below zero.
    Negative(Box<Expr>),
    /// Two of them.
    Pair(Op, Box<Expr>, Box<Expr>),
    /// A function.
    Call(Call, Vec<Expr>),
}

impl Expr {
    /// The names in it.
    pub fn names<'e>(&'e self, out: &mut Vec<&'e str>) {
        match self {
            Expr::Fixed(_) => {}
            Expr::Name(name) => out.push(name),
            Expr::Not(one) | Expr::Negative(one) => one.names(out),
            Expr::Pair(_, a, b) => {
                a.names(out);
                b.names(out);
            }
            Expr::Call(_, list) => list.iter().for_each(|one| one.names(out)),
        }
    }

    /// What it gives.
    ///
    /// # Errors
    /// When names are unknown or types do not fit.
    pub fn check(&self, types: &Types) -> Result<Type, Wrong> {
        match self {
            Expr::Fixed(datum) => Ok(datum.kind()),
            Expr::Name(name) => types.get(name).copied().ok_or_else(|| {
                Wrong::new(
                    format!("a variable `{name}` that nothing sets"),
                    "a name from `[variables]`, or what a step puts `into` it",
                )
            }),
            Expr::Not(one) => want(one, Type::Flag, "not", types),
            Expr::Negative(one) => want(one, Type::Number, "-", types),
            Expr::Pair(op, a, b) => pair(*op, a.check(types)?, b.check(types)?),
            Expr::Call(call, list) => check_call(*call, list, types),
        }
    }

    /// Its value; unknown names and wrong types (which a checked flow does not have) count as empty.
    pub fn value(&self, read: &dyn Fn(&str) -> Datum) -> Datum {
        match self {
            Expr::Fixed(datum) => datum.clone(),
            Expr::Name(name) => read(name),
            Expr::Not(one) => Datum::Flag(!flag(&one.value(read))),
            Expr::Negative(one) => Datum::Number(Number::default().minus(number(&one.value(read)))),
            Expr::Pair(Op::Or, a, b) => Datum::Flag(flag(&a.value(read)) || flag(&b.value(read))),
            Expr::Pair(Op::And, a, b) => Datum::Flag(flag(&a.value(read)) && flag(&b.value(read))),
            Expr::Pair(op, a, b) => reckon(*op, &a.value(read), &b.value(read)),
            Expr::Call(call, list) => {
                let mut given = list.iter().map(|one| one.value(read));
                let first = given.next().unwrap_or_else(|| Datum::Text(String::new()));
                apply(*call, &first, given.next().as_ref().map_or(0, |n| number(n).count()))
            }
        }
    }

    /// Its value as a flag.
    pub fn holds(&self, read: &dyn Fn(&str) -> Datum) -> bool {
        flag(&self.value(read))
    }
}

fn want(one: &Expr, kind: Type, what: &str, types: &Types) -> Result<Type, Wrong> {
    let found = one.check(types)?;
    if found == kind {
        return Ok(kind);
    }
    Err(Wrong::new(format!("`{what}` before a {}", found.name()), format!("a {}", kind.name())))
}

fn pair(op: Op, a: Type, b: Type) -> Result<Type, Wrong> {
    let wants: &[Type] = match op {
        Op::Or | Op::And => &[Type::Flag],
        Op::Equal | Op::Differ => &[Type::Text, Type::Number, Type::Flag],
        Op::Less | Op::AtMost | Op::More | Op::AtLeast | Op::Minus | Op::Times => &[Type::Number],
        Op::Contains | Op::StartsWith => &[Type::Text],
        Op::Plus => &[Type::Number, Type::Text],
    };
    if a != b || !wants.contains(&a) {
        let names: Vec<&str> = wants.iter().map(|kind| kind.name()).collect();
        let found = format!("{} and {} on the sides of `{}`", a.name(), b.name(), written(op));
        return Err(Wrong::new(
            found,
            format!("two of {}; number(…) and text(…) change one", names.join(" or two of ")),
        ));
    }
    Ok(match op {
        Op::Plus | Op::Minus | Op::Times => a,
        _ => Type::Flag,
    })
}

fn check_call(call: Call, list: &[Expr], types: &Types) -> Result<Type, Wrong> {
    let Some((name, _, wants, gives)) = CALLS.iter().find(|(_, known, ..)| *known == call) else {
        return Err(Wrong::new("an unknown function", "one of those in docs/flows.md"));
    };
    let found: Vec<Type> = list.iter().map(|one| one.check(types)).collect::<Result<_, _>>()?;
    // `text` takes anything.
    if found == *wants || (call == Call::Text && found.len() == 1) {
        return Ok(*gives);
    }
    let names = |kinds: &[Type]| kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ");
    Err(Wrong::new(format!("{name}({})", names(&found)), format!("{name}({})", names(wants))))
}

/// As it is written.
pub(crate) const fn written(op: Op) -> &'static str {
    match op {
        Op::Or => "or",
        Op::And => "and",
        Op::Equal => "==",
        Op::Differ => "!=",
        Op::Less => "<",
        Op::AtMost => "<=",
        Op::More => ">",
        Op::AtLeast => ">=",
        Op::Contains => "contains",
        Op::StartsWith => "starts_with",
        Op::Plus => "+",
        Op::Minus => "-",
        Op::Times => "*",
    }
}

fn flag(datum: &Datum) -> bool {
    matches!(datum, Datum::Flag(true))
}

fn number(datum: &Datum) -> Number {
    match datum {
        Datum::Number(number) => *number,
        Datum::Text(_) | Datum::Flag(_) => Number::default(),
    }
}

fn text(datum: &Datum) -> &str {
    match datum {
        Datum::Text(text) => text,
        Datum::Number(_) | Datum::Flag(_) => "",
    }
}

fn reckon(op: Op, a: &Datum, b: &Datum) -> Datum {
    let (x, y) = (number(a), number(b));
    let result = match op {
        Op::Equal => a == b,
        Op::Differ => a != b,
        Op::Less => x < y,
        Op::AtMost => x <= y,
        Op::More => x > y,
        Op::AtLeast => x >= y,
        Op::Contains => text(a).contains(text(b)),
        Op::StartsWith => text(a).starts_with(text(b)),
        Op::Minus => return Datum::Number(x.minus(y)),
        Op::Times => return Datum::Number(x.times(y)),
        Op::Plus => {
            return match (a, b) {
                (Datum::Number(_), Datum::Number(_)) => Datum::Number(x.plus(y)),
                _ => Datum::text(&format!("{}{}", text(a), text(b))),
            };
        }
        Op::Or | Op::And => flag(a) && flag(b),
    };
    Datum::Flag(result)
}

fn apply(call: Call, given: &Datum, n: usize) -> Datum {
    let of = text(given);
    match call {
        Call::Digits => Datum::Text(of.chars().filter(char::is_ascii_digit).collect()),
        Call::Length => Datum::Number(Number::whole(i64::try_from(of.chars().count()).unwrap_or(i64::MAX))),
        Call::Lower => Datum::text(&of.to_lowercase()),
        Call::Number => Datum::Number(Number::parse(of).unwrap_or_default()),
        Call::Text => given.to(Type::Text).unwrap_or_else(|| Datum::Text(String::new())),
        Call::First => Datum::Text(of.chars().take(n.min(TEXT_CHARS)).collect()),
        Call::Last => Datum::Text(of.chars().skip(of.chars().count().saturating_sub(n)).collect()),
    }
}

#[cfg(test)]
mod tests;
