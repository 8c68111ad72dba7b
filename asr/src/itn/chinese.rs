//! Chinese: numbers with their units, digits in a row, per cent. Dates, times and amounts follow from these: 三月十五号 is 3月15号.

use super::is_han;
use crate::redact::tokens::Token;

/// Signs behind which even a single digit is a number (a month, an hour, money).
const COUNTED: &[&str] =
    &["月", "号", "日", "点", "分", "秒", "元", "块", "角", "度", "年", "岁", "公", "米"];
/// Longest number, in signs.
const LONGEST: usize = 24;

/// What begins at word `at`: how many words it takes, and how it is written.
pub(super) fn at(text: &str, words: &[Token], at: usize) -> Option<(usize, String)> {
    let joined = |n: usize| {
        at + n == 0
            || n == 0
            || words.get(at + n - 1).zip(words.get(at + n)).is_some_and(|(a, b)| a.range.end == b.range.start)
    };
    let sign = |n: usize| {
        words.get(at + n).filter(|word| joined(n) && is_han(word)).map_or("", |word| word.plain.as_str())
    };
    if sign(0).is_empty() || text.is_empty() {
        return None;
    }
    // 百分之二十五
    if sign(0) == "百" && sign(1) == "分" && sign(2) == "之" {
        let (count, number) = number(&sign, 3)?;
        return Some((3 + count, format!("{number}%")));
    }
    let (count, number) = number(&sign, 0)?;
    let counted = COUNTED.contains(&sign(count));
    let before =
        at.checked_sub(1).and_then(|before| words.get(before)).map_or("", |word| word.plain.as_str());
    let alone = count == 1;
    // 一点 may be "a little", 十分 "very", 一年 "a year": only where a clock or a date is told.
    let told = match sign(count) {
        "点" => matches!(before, "午" | "上" | "晚" | "晨" | "早") || is_clock(&sign, count + 1),
        "分" => before == "点",
        "月" | "号" | "日" => {
            matches!(before, "年" | "月") || matches!(sign(count), "月" | "号") && sign(0) != "一"
        }
        _ => false,
    };
    (if alone { counted && told } else { true }).then_some((count, number))
}

/// Minutes, or a decimal, behind 点.
fn is_clock<'a>(sign: &impl Fn(usize) -> &'a str, from: usize) -> bool {
    sign(from) == "半" || number(sign, from).is_some_and(|(count, _)| count > 1)
}

/// A number from sign `from` on: how many signs, and its digits.
fn number<'a>(sign: &impl Fn(usize) -> &'a str, from: usize) -> Option<(usize, String)> {
    let mut n = 0;
    while n < LONGEST && (digit(sign(from + n)).is_some() || unit(sign(from + n)).is_some()) {
        n += 1;
    }
    if n == 0 {
        return None;
    }
    let signs: Vec<&str> = (0..n).map(|k| sign(from + k)).collect();
    let whole = if signs.iter().all(|s| digit(s).is_some()) {
        // One by one: three at least, or one; two ("一两个", "三四天") are a guess.
        let year = n == 4 || sign(from + n) == "年";
        if n == 2 && !year {
            return None;
        }
        signs.iter().filter_map(|s| digit(s)).map(|d| d.to_string()).collect()
    } else {
        value(&signs)?.to_string()
    };
    // 三点五: a decimal where what follows is neither a minute nor an hour.
    if sign(from + n) == "点" {
        let decimals: String =
            (from + n + 1..).map_while(|k| digit(sign(k))).map(|d| d.to_string()).collect();
        let after = from + n + 1 + decimals.len();
        let minute = sign(after) == "分" || unit(sign(after)).is_some() || decimals.is_empty();
        if !minute {
            return Some((n + 1 + decimals.len(), format!("{whole}.{decimals}")));
        }
    }
    Some((n, whole))
}

/// 一万两千三百, 一千零五, 十五.
fn value(signs: &[&str]) -> Option<u64> {
    let (mut total, mut section, mut pending) = (0_u64, 0_u64, None);
    let (mut least, mut last, mut zero) = (u64::MAX, 1, false);
    for (at, sign) in signs.iter().enumerate() {
        match (digit(sign), unit(sign)) {
            (Some(0), _) => zero = true,
            (Some(value), _) if pending.is_none() => pending = Some(value),
            (None, Some(unit)) if unit < 10_000 => {
                // 十五 begins with its unit.
                let value = pending.take().or((unit == 10 && (at == 0 || section == 0)).then_some(1))?;
                if unit >= least {
                    return None;
                }
                (least, last, zero) = (unit, unit, false);
                section += value * unit;
            }
            (None, Some(unit)) => {
                section += pending.take().unwrap_or(0);
                if section == 0 {
                    return None;
                }
                total = (total + section).checked_mul(unit)?;
                section = 0;
                (least, last, zero) = (u64::MAX, unit, false);
            }
            _ => return None,
        }
    }
    // 一千五 is 1500, 一千零五 is 1005.
    let scale = if zero || last < 100 { 1 } else { last / 10 };
    Some(total + section + pending.unwrap_or(0) * scale)
}

fn digit(sign: &str) -> Option<u64> {
    const DIGITS: &[&str] = &["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match sign {
        "〇" => Some(0),
        "两" => Some(2),
        "幺" => Some(1),
        _ => DIGITS.iter().position(|one| *one == sign).map(|at| at as u64),
    }
}

fn unit(sign: &str) -> Option<u64> {
    Some(match sign {
        "十" => 10,
        "百" => 100,
        "千" => 1_000,
        "万" => 10_000,
        "亿" => 100_000_000,
        _ => return None,
    })
}
