//! Phone numbers: by what was said before them, by a plus sign, or by a form that only phone numbers have.

use super::{Kind, Look, Span};

pub(crate) fn find(look: &Look<'_>, out: &mut Vec<Span>) {
    for run in look.runs {
        let length = run.digits.len();
        let mut range = run.bytes(look.tokens, 0, length);
        let before = look.text.get(..range.start).unwrap_or("");
        let plus = before.ends_with('+') || before.ends_with("plus ");
        let about = look.context.about(look, run.first());
        let unnamed = look.context.subject(look, run.first()).is_none();
        let chinese_mobile =
            unnamed && length == 11 && run.digits.starts_with('1') && !run.digits.starts_with("10");
        let told = about == Some(Kind::Phone) && (5..=15).contains(&length);
        if told || chinese_mobile || (plus && (7..=15).contains(&length)) {
            if before.ends_with('+') {
                range.start -= 1;
            }
            out.push(Span { range, kind: Kind::Phone });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::redact::{Kind, RedactPolicy, Source, redact};

    #[test]
    fn phone_numbers_are_known_by_name_or_form() {
        let policy = RedactPolicy { kinds: BTreeSet::from([Kind::Phone]) };
        for (said, shown) in [
            ("my phone number is 030 1234567", "my phone number is [phone number]"),
            ("write to +49 30 1234567 please", "write to [phone number] please"),
            ("手机幺三八零零幺三八零零零", "手机［电话号码］"),
            ("order 13800138000", "order 13800138000"),
        ] {
            assert_eq!(redact(said, Source::Spoken, &policy).0, shown);
        }
    }
}
