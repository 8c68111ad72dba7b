//! How numbers are written: as people dial them here, as E.164 has them, and as a trunk wants them.

/// What people dial before numbers of the country, and of the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HomeCountry {
    /// Country code, without `+`.
    pub code: String,
    /// Before a foreign country's code: `00`, `011`.
    pub international: String,
    /// Before an area code: `0`; empty where there is none.
    pub national: String,
}

/// A change of a number's beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewrite {
    /// What it begins with.
    pub begins: String,
    /// What stands there instead.
    pub becomes: String,
}

impl HomeCountry {
    /// A number in E.164, with `+`. Short numbers (extensions, services) stay as they are.
    #[must_use]
    pub fn international(&self, dialled: &str) -> String {
        let plain: String =
            dialled.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.' | '/')).collect();
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if let Some(rest) = plain.strip_prefix('+') {
            return if digits(rest) { plain } else { dialled.to_owned() };
        }
        if !digits(&plain) {
            return dialled.to_owned();
        }
        if let Some(rest) = strip(&plain, &self.international) {
            return format!("+{rest}");
        }
        match strip(&plain, &self.national) {
            Some(rest) => format!("+{}{rest}", self.code),
            None => plain,
        }
    }
}

fn strip<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    text.strip_prefix(prefix).filter(|rest| !prefix.is_empty() && !rest.is_empty())
}

/// A number after the first rule that fits.
#[must_use]
pub fn rewrite(rules: &[Rewrite], number: &str) -> String {
    let changed = rules.iter().find_map(|rule| {
        number.strip_prefix(rule.begins.as_str()).map(|rest| format!("{}{rest}", rule.becomes))
    });
    changed.unwrap_or_else(|| number.to_owned())
}
