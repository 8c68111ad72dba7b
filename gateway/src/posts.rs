//! Posting to servers of others: channels' providers, and programs that are told of events.
//!
//! Promises: redirections are not followed and no proxy is used; an answer is bounded in time and size. Leaves to others:
//! what is posted, to whom, and what an answer means.

use desk::channels::{HttpAnswer, HttpRequest};
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};

use crate::limits;

/// The one who posts.
#[derive(Clone)]
pub struct Posts(reqwest::Client);

impl Posts {
    /// Ready to post.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new() -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(limits::OUTBOX_PATIENCE)
            .user_agent(concat!("Voxdesk/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self(client))
    }

    /// Posts; the answer, or a stable code.
    pub async fn post(&self, request: &HttpRequest) -> Result<HttpAnswer, &'static str> {
        let mut builder = self.0.post(request.url.reveal()).header(CONTENT_TYPE, "application/json");
        for (name, value) in &request.headers {
            builder = builder.header(*name, value.reveal());
        }
        let failed = |error: reqwest::Error| if error.is_timeout() { "timeout" } else { "unreachable" };
        let mut response = builder.body(request.body.reveal().clone()).send().await.map_err(failed)?;
        let asked =
            response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse::<i64>().ok());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > limits::ERRAND_BYTES {
                return Err("too_large");
            }
            body.extend_from_slice(&chunk);
        }
        Ok(HttpAnswer {
            status: response.status().as_u16(),
            retry_after: asked.map(|seconds| seconds.clamp(0, 86_400) * 1000),
            body: String::from_utf8_lossy(&body).into_owned().into(),
        })
    }
}
