//! The description of the flow language, written from the kinds themselves.

use std::fmt::Write as _;

use crate::compile::shape;
use crate::node::{Kind, Media};
use crate::nodes::NODES;

/// docs/flows.md, in full.
#[must_use]
pub fn reference() -> String {
    let mut page = include_str!("reference.md").to_owned();
    let _ = writeln!(page, "| kind 类型 | serves 适用 | |\n| --- | --- | --- |");
    for kind in NODES {
        let first = kind.help.en.split_inclusive(". ").next().unwrap_or_default().trim_end();
        let zh = kind.help.zh.split_inclusive('。').next().unwrap_or_default();
        let _ = writeln!(
            page,
            "| [`{0}`](#{0}) {2} | {1} | {first} {zh} |",
            kind.name,
            media(kind),
            kind.title.zh
        );
    }
    for kind in NODES {
        describe(&mut page, kind);
    }
    page
}

fn media(kind: &Kind) -> &'static str {
    match kind.media {
        Media::Voice => "calls 电话",
        Media::VoiceAndText => "calls, chats 电话、聊天",
    }
}

fn describe(page: &mut String, kind: &Kind) {
    let _ = writeln!(page, "\n### {}\n\n{}\n\n{}\n", kind.name, kind.help.en, kind.help.zh);
    if !kind.params.is_empty() {
        let _ = writeln!(page, "| parameter 参数 | takes 取值 | |\n| --- | --- | --- |");
    }
    for param in kind.params {
        let needed = if param.required { " **needed 必填**" } else { "" };
        let takes = shape(param.takes).replace('|', "\\|");
        let _ =
            writeln!(page, "| `{}`{needed} | {takes} | {} {} |", param.name, param.help.en, param.help.zh);
    }
    let gap = if kind.params.is_empty() { "" } else { "\n" };
    let _ = writeln!(page, "{gap}```toml\n{}```", kind.example);
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_in_docs_is_up_to_date() {
        let page = include_str!("../../docs/flows.md");
        assert!(
            page == super::reference(),
            "write it anew: cargo run -p ivr --release --example flow_reference > docs/flows.md"
        );
    }
}
