//! Articles out of files: Markdown, HTML, CSV.
//!
//! Promises: total; a row that cannot be used is told with its line and what would be right, and spoils no other; HTML
//! becomes plain text, so that nothing in it can act. Leaves to others: size limits (`api`), saving.

use super::{ArticleDraft, Audience};

/// Longest title, in characters.
const TITLE_CHARS: usize = 200;

/// What kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One article: its title is the first heading.
    Markdown,
    /// One article: its title is `<title>` or the first heading.
    Html,
    /// Many: columns `key`, `title`, `body`, and if wanted `lang`, `audience`.
    Csv,
}

/// An article that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Its name, so that the same file again finds it again.
    pub key: String,
    /// What it says.
    pub draft: ArticleDraft,
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Line in the file, from 1.
    pub line: u64,
    /// What was found and what would be right.
    pub reason: String,
}

/// Reads a file named `name`; each piece is an article or the reason why not.
#[must_use]
pub fn read(format: Format, name: &str, text: &str, lang: &str) -> Vec<Result<Imported, Unreadable>> {
    match format {
        Format::Markdown => vec![whole(name, markdown_title(text), text.to_owned(), lang)],
        Format::Html => {
            let (title, body) = plain(text);
            vec![whole(name, title, body, lang)]
        }
        Format::Csv => rows(text, lang),
    }
}

fn whole(name: &str, title: Option<String>, body: String, lang: &str) -> Result<Imported, Unreadable> {
    let key = name.rsplit('/').next().unwrap_or(name).trim().to_owned();
    let title =
        title.unwrap_or_else(|| key.rsplit_once('.').map_or(key.clone(), |(stem, _)| stem.to_owned()));
    checked(1, key, title, body, lang.to_owned(), Audience::Staff)
}

fn markdown_title(text: &str) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with('#'))?;
    Some(line.trim_start_matches('#').trim().to_owned()).filter(|title| !title.is_empty())
}

fn rows(text: &str, lang: &str) -> Vec<Result<Imported, Unreadable>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let headers = match reader.headers() {
        Ok(headers) => headers.clone(),
        Err(error) => return vec![Err(Unreadable { line: 1, reason: error.to_string() })],
    };
    let column =
        |name: &str| headers.iter().position(|header| header.trim_start_matches('\u{feff}').trim() == name);
    let (Some(key), Some(title), Some(body)) = (column("key"), column("title"), column("body")) else {
        let found = headers.iter().collect::<Vec<_>>().join(", ");
        let reason = format!("columns {found:?}; expected key, title, body, and if wanted lang, audience");
        return vec![Err(Unreadable { line: 1, reason })];
    };
    let (lang_at, audience_at) = (column("lang"), column("audience"));
    let mut all = Vec::new();
    for row in reader.records() {
        all.push(row.map_err(|error| unreadable_row(&error)).and_then(|row| {
            let line = row.position().map_or(0, csv::Position::line);
            let cell =
                |at: Option<usize>| at.and_then(|at| row.get(at)).unwrap_or_default().trim().to_owned();
            let own = cell(lang_at);
            let audience = match cell(audience_at).as_str() {
                "" | "staff" => Audience::Staff,
                "supervisors" => Audience::Supervisors,
                other => {
                    let reason = format!("audience {other:?}; expected staff or supervisors");
                    return Err(Unreadable { line, reason });
                }
            };
            let lang = if own.is_empty() { lang.to_owned() } else { own };
            checked(line, cell(Some(key)), cell(Some(title)), cell(Some(body)), lang, audience)
        }));
    }
    all
}

fn unreadable_row(error: &csv::Error) -> Unreadable {
    let line = error.position().map_or(0, csv::Position::line);
    Unreadable { line, reason: error.to_string() }
}

fn checked(
    line: u64,
    key: String,
    title: String,
    body: String,
    lang: String,
    audience: Audience,
) -> Result<Imported, Unreadable> {
    let bad = |reason: String| Err(Unreadable { line, reason });
    if key.is_empty() || key.chars().count() > TITLE_CHARS || key.chars().any(char::is_control) {
        return bad(format!(
            "key {key:?}; expected 1 to {TITLE_CHARS} characters that stay the same for ever"
        ));
    }
    if title.trim().is_empty() || title.chars().count() > TITLE_CHARS {
        return bad(format!("a title of {} characters; expected 1 to {TITLE_CHARS}", title.chars().count()));
    }
    if body.trim().is_empty() {
        return bad("an empty body; expected text".to_owned());
    }
    if lang != "en" && lang != "zh" {
        return bad(format!("lang {lang:?}; expected en or zh"));
    }
    let draft = ArticleDraft { title, body, lang, audience, review_at: None, expires_at: None };
    Ok(Imported { key, draft })
}

/// Title and text of an HTML page. What a browser would run or hide is left out.
fn plain(html: &str) -> (Option<String>, String) {
    let (mut body, mut title, mut first_heading) = (String::new(), None, None);
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        let (text, after) = rest.split_at(open);
        body.push_str(&unescaped(text));
        if let Some(comment) = after.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let Some(end) = after.find('>') else {
            rest = "";
            break;
        };
        let name = tag_name(&after[1..end]);
        rest = &after[end + 1..];
        match name.as_str() {
            "script" | "style" | "noscript" | "template" => rest = past(rest, &name).1,
            "title" => {
                let (inside, beyond) = past(rest, &name);
                title = Some(unescaped(inside).trim().to_owned()).filter(|title| !title.is_empty());
                rest = beyond;
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let (inside, beyond) = past(rest, &name);
                let heading = plain_line(inside);
                body.push_str(&format!("\n\n## {heading}\n\n"));
                first_heading = first_heading.or(Some(heading).filter(|heading| !heading.is_empty()));
                rest = beyond;
            }
            "li" => body.push_str("\n- "),
            "p" | "/p" | "div" | "/div" | "tr" | "/ul" | "/ol" | "table" | "section" | "article" => {
                body.push_str("\n\n")
            }
            "br" | "br/" => body.push('\n'),
            "td" | "th" => body.push(' '),
            _ => {}
        }
    }
    body.push_str(&unescaped(rest));
    (title.or(first_heading), tidy(&body))
}

fn tag_name(inside: &str) -> String {
    inside.split(|c: char| c.is_whitespace()).next().unwrap_or_default().to_ascii_lowercase()
}

/// What stands before the closing tag of `name`, and what after it.
fn past<'a>(text: &'a str, name: &str) -> (&'a str, &'a str) {
    let closing = format!("</{name}");
    // ASCII lower case keeps every byte where it was.
    let Some(at) = text.to_ascii_lowercase().find(&closing) else { return (text, "") };
    let beyond = text[at..].find('>').map_or("", |end| &text[at + end + 1..]);
    (&text[..at], beyond)
}

fn plain_line(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    unescaped(&out).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.char_indices().take(12).find(|(_, c)| *c == ';').map(|(end, _)| end);
        match end.and_then(|end| Some((entity(&rest[1..end])?, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        "euro" => Some('€'),
        "mdash" => Some('—'),
        "ndash" => Some('–'),
        "hellip" => Some('…'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !c.is_control())
        }
    }
}

/// One space between words, one empty line between paragraphs.
fn tidy(text: &str) -> String {
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let mut out = String::new();
    for line in lines {
        if line.is_empty() && (out.is_empty() || out.ends_with("\n\n")) {
            continue;
        }
        out.push_str(&line);
        out.push('\n');
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(format: Format, text: &str) -> Imported {
        read(format, "docs/refund.md", text, "en").remove(0).expect("readable")
    }

    #[test]
    fn markdown_and_html_give_an_article_with_title_and_passages() {
        let read = one(Format::Markdown, "# Refunds\n\nFive days.\n");
        assert_eq!((read.key.as_str(), read.draft.title.as_str()), ("refund.md", "Refunds"));
        let html = "<html><head><TITLE>Re&amp;funds</title><script>alert('x<p>')</script></head>\
            <body><!-- <h1>no</h1> --><h1>How <b>long</b></h1><p>Five&nbsp;days&#33;</p><ul><li>card</ul></body>";
        let read = one(Format::Html, html);
        assert_eq!(read.draft.title, "Re&funds");
        assert_eq!(read.draft.body, "## How long\n\nFive days!\n\n- card");
    }

    #[test]
    fn a_bad_row_is_told_with_its_line_and_spoils_no_other() {
        let csv = "key,title,body,lang,audience\na,退款,\"五天\n到账\",zh,\nb,,text,en,\nc,T,text,fr,\nd,T,text,en,supervisors\ne,T,text,en,all\n";
        let all = read(Format::Csv, "x.csv", csv, "en");
        let good: Vec<_> =
            all.iter().filter_map(|row| row.as_ref().ok()).map(|row| row.key.as_str()).collect();
        assert_eq!(good, ["a", "d"]);
        let bad: Vec<_> = all.iter().filter_map(|row| row.as_ref().err()).map(|row| row.line).collect();
        assert_eq!(bad, [4, 5, 7]);
        let none = read(Format::Csv, "x.csv", "a,b\n1,2\n", "en");
        let reason = &none[0].as_ref().expect_err("no columns").reason;
        assert!(reason.contains("expected key, title, body"), "{reason}");
    }

    #[test]
    fn no_file_is_too_strange() {
        for strange in [
            "",
            "<",
            "<h1",
            "<h1>",
            "<script>",
            "&#xFFFFFFFF;",
            "&;&&amp",
            "<!--",
            "</",
            "<é>é</é",
            "İ<TITLE>İ</TITLE>",
        ] {
            for format in [Format::Markdown, Format::Html, Format::Csv] {
                for row in read(format, "é.md", strange, "en").into_iter().flatten() {
                    assert!(!row.draft.body.is_empty());
                }
            }
        }
    }
}
