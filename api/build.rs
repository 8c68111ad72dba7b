//! Sees to it that the folder of the web pages exists, so that the crate builds before they do.

use std::path::Path;
use std::{fs, io};

/// Shown by a binary that was built without its pages.
const PLACEHOLDER: &str = "<!doctype html>
<html lang=\"en\">
<head><meta charset=\"utf-8\"><title>Voxdesk</title></head>
<body>
<h1>Voxdesk</h1>
<p>This program was built without its web pages. In the source: <code>cd web && npm ci && npm run build</code>, then build
again, or just <code>make run</code>.</p>
<p lang=\"zh-CN\">此程序在构建时没有包含网页。请在源码中执行 <code>cd web && npm ci && npm run build</code> 后重新构建，或直接运行
<code>make run</code>。</p>
</body>
</html>
";

fn main() -> io::Result<()> {
    let dist = Path::new("../web/dist");
    let index = dist.join("index.html");
    if !index.exists() {
        fs::create_dir_all(dist)?;
        fs::write(index, PLACEHOLDER)?;
    }
    // Watches the whole folder: new pages make a new binary.
    println!("cargo::rerun-if-changed=../web/dist");
    Ok(())
}
