use kernel::Lang;
use proptest::prelude::*;

use super::*;

fn types() -> Types {
    [("balance", Type::Number), ("caller.number", Type::Text), ("vip", Type::Flag)]
        .into_iter()
        .map(|(name, kind)| (name.to_owned(), kind))
        .collect()
}

fn read(name: &str) -> Datum {
    match name {
        "balance" => Datum::Number(Number::parse("-12.5").expect("a number")),
        "caller.number" => Datum::text("+49 30 1234"),
        _ => Datum::Flag(true),
    }
}

#[test]
fn expressions_mean_what_they_say() {
    for (source, value) in [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("balance < 0 and caller.number starts_with '+49'", "yes"),
        ("not vip or balance >= 0", "no"),
        ("not balance > 0 and vip", "yes"),
        ("length(caller.number)", "11"),
        ("last(digits(caller.number), 4)", "1234"),
        ("'a' + \"b\"", "ab"),
        ("text(balance) + ' euros'", "-12.5 euros"),
        ("number('12.50') == 12.5", "yes"),
        ("-balance", "12.5"),
        ("lower('ABC') contains 'bc'", "yes"),
        ("first('四五六', 2)", "四五"),
    ] {
        let expr = parse(source).unwrap_or_else(|wrong| panic!("{source}: {wrong:?}"));
        expr.check(&types()).unwrap_or_else(|wrong| panic!("{source}: {wrong:?}"));
        assert_eq!(expr.value(&read).shown(Lang::En), value, "{source}");
    }
}

#[test]
fn what_means_nothing_is_told() {
    for (source, found) in [
        ("", "an expression that breaks off"),
        ("1 +", "an expression that breaks off"),
        ("1 2", "`2` after the end of an expression"),
        ("a = 1", "`=` in an expression"),
        ("'open", "a text without an end"),
        ("1 < 2 < 3", "one comparison after another"),
        ("upper('x')", "an unknown function `upper`"),
        ("(1", "`the end` where `)` should be"),
        ("1 ; 2", "`;` in an expression"),
    ] {
        assert_eq!(parse(source).map_err(|wrong| wrong.found), Err(found.to_owned()), "{source}");
    }
    for (source, found) in [
        ("balance and vip", "number and flag on the sides of `and`"),
        ("balance == 'x'", "number and text on the sides of `==`"),
        ("nobody > 1", "a variable `nobody` that nothing sets"),
        ("length(balance)", "length(number)"),
        ("not balance", "`not` before a number"),
    ] {
        let wrong = parse(source).expect("parses").check(&types()).expect_err(source);
        assert_eq!(wrong.found, found, "{source}");
    }
    assert!(parse(&"(".repeat(400)).is_err());
    assert!(parse(&"not ".repeat(120)).is_err());
    assert!(parse(&"x".repeat(501)).is_err());
}

proptest! {
    #[test]
    fn any_text_has_an_answer(source in "[a-z0-9 ()+*<>=!'\",.\\-]{0,60}|\\PC{0,60}") {
        if let Ok(expr) = parse(&source) {
            let _ = expr.check(&types());
            let _ = expr.value(&read);
        }
    }
}
