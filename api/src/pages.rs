//! The web pages inside the binary.
//!
//! Promises: right content types; hashed files are immutable, everything else is revalidated by its digest; a path of
//! the single-page application gets its `index.html`, a missing file gets 404.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::Embed;

use crate::error::ApiError;

/// Vite's output; `build.rs` sees to it that the folder is there.
#[derive(Embed)]
#[folder = "../web/dist"]
struct Dist;

/// A file of the pages.
pub(crate) struct Page {
    data: Cow<'static, [u8]>,
    sha256: [u8; 32],
}

/// Where pages come from, by path without the leading slash.
pub(crate) type Source = fn(&str) -> Option<Page>;

/// The pages that were built in.
pub(crate) fn embedded(path: &str) -> Option<Page> {
    let file = Dist::get(path)?;
    Some(Page { sha256: file.metadata.sha256_hash(), data: file.data })
}

/// The answer for a path that is no route.
pub(crate) fn serve(source: Source, path: &str, headers: &HeaderMap) -> Response {
    let path = path.trim_start_matches('/');
    match find(source, path) {
        Some((name, page)) => answer(&name, page, headers),
        None => ApiError::not_found("page").into_response(),
    }
}

/// The file itself; `NAME.html` for `/NAME`; else the application, unless a file was meant.
fn find(source: Source, path: &str) -> Option<(String, Page)> {
    let last = path.rsplit('/').next().unwrap_or_default();
    let names = if path.is_empty() {
        vec!["index.html".to_owned()]
    } else if last.contains('.') {
        vec![path.to_owned()]
    } else {
        vec![path.to_owned(), format!("{}.html", path.trim_end_matches('/')), "index.html".to_owned()]
    };
    names.into_iter().find_map(|name| source(&name).map(|page| (name, page)))
}

fn answer(name: &str, page: Page, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", hex::encode(&page.sha256[..16]));
    // Vite puts a digest into the names of what lies under assets/.
    let cache = if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = headers.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    // A proxy or our own compression may have marked the tag as weak; the comparison is the weak one (RFC 9110 section 13.1.2).
    let known =
        known.is_some_and(|tags| tags.split(',').any(|known| known.trim().trim_start_matches("W/") == tag));
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let kind = content_type(name);
        ([(header::CONTENT_TYPE, kind)], Body::from(page.data.into_owned())).into_response()
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

fn content_type(name: &str) -> String {
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let text = kind.type_() == mime_guess::mime::TEXT || kind.subtype() == mime_guess::mime::JAVASCRIPT;
    if text { format!("{}; charset=utf-8", kind.essence_str()) } else { kind.essence_str().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(path: &str) -> Option<Page> {
        let names = ["index.html", "demo.html", "assets/app-B7x.js", "voxdesk.svg"];
        names.contains(&path).then(|| Page { data: path.as_bytes().to_vec().into(), sha256: [7; 32] })
    }

    async fn asked(path: &str) -> (StatusCode, HeaderMap, String) {
        let response = serve(some, path, &HeaderMap::new());
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 4096).await.expect("a short body");
        (parts.status, parts.headers, String::from_utf8_lossy(&body).into_owned())
    }

    #[tokio::test]
    async fn the_application_answers_for_its_own_paths_and_not_for_missing_files() {
        assert_eq!(asked("/").await.2, "index.html");
        assert_eq!(asked("/tickets/7").await.2, "index.html");
        assert_eq!(asked("/demo").await.2, "demo.html");
        assert_eq!(asked("/assets/app-B7x.js").await.2, "assets/app-B7x.js");
        assert_eq!(asked("/assets/gone.js").await.0, StatusCode::NOT_FOUND);
        assert_eq!(asked("/../Cargo.toml").await.0, StatusCode::NOT_FOUND);
    }

    #[tokio::test]
    async fn types_and_caching_are_those_of_the_file() {
        let (_, headers, _) = asked("/assets/app-B7x.js").await;
        assert_eq!(headers[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
        assert!(headers[header::CACHE_CONTROL].to_str().expect("ascii").contains("immutable"));
        let (_, headers, _) = asked("/login").await;
        assert_eq!(headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
        assert_eq!(headers[header::CACHE_CONTROL], "no-cache");
        assert_eq!(asked("/voxdesk.svg").await.1[header::CONTENT_TYPE], "image/svg+xml");
    }

    #[test]
    fn a_file_that_the_browser_has_is_not_sent_again() {
        let tag = format!("\"{}\"", hex::encode([7u8; 16]));
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, HeaderValue::from_str(&format!("W/{tag}")).expect("ascii"));
        assert_eq!(serve(some, "/", &headers).status(), StatusCode::NOT_MODIFIED);
    }

    #[test]
    fn a_page_is_always_built_in() {
        assert!(embedded("index.html").is_some());
    }
}
