//! Proves audio both ways with a real browser: a page whose microphone comes back through a media shard.
//!
//! `cargo run --release --example browser_echo` serves the page on loopback for a person;
//! with `-- PROGRAM ARGUMENTS…` it starts that browser, waits for its measurement, prints it and judges it.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::{get, post};
use gateway::clock::Clock;
use gateway::media_loop::{BrowserLeg, LegEvent, MediaConfig, MediaHandle, RtpRange};
use kernel::{InteractionId, LegId};
use media::Order;
use tokio::sync::mpsc;

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

struct Echo {
    leg: BrowserLeg,
    results: mpsc::Sender<String>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = MediaConfig {
        rtp: vec![RtpRange { ip: LOOPBACK, first: 0, last: 0 }],
        webrtc: vec![SocketAddr::new(LOOPBACK, 0)],
        shards: 1,
    };
    let media = MediaHandle::start(&config, Clock::start(), rand::random())?;
    let shard = media.pick_shard();
    let (events, mut heard) = mpsc::channel(64);
    let id = LegId { interaction: InteractionId { node: 0, serial: 1 }, n: 0 };
    let leg = media.open_browser(shard, id, events).await?;
    media.order(shard, Order::Echo { leg: leg.slot(), on: true }).await?;

    let (results, mut measured) = mpsc::channel(4);
    let routes = axum::Router::new()
        .route("/", get(|| async { Html(include_str!("page.html")) }))
        .route("/offer", post(offer))
        .route("/result", post(result))
        .with_state(Arc::new(Echo { leg, results }));
    let listener = tokio::net::TcpListener::bind((LOOPBACK, 0)).await?;
    let page = format!("http://{}/", listener.local_addr()?);
    tell(&format!("open {page}"))?;
    let server = tokio::spawn(async move { axum::serve(listener, routes).await });

    let mut arguments = std::env::args().skip(1);
    let Some(program) = arguments.next() else { return Ok(server.await??) };
    let mut browser =
        tokio::process::Command::new(program).args(arguments).arg(&page).kill_on_drop(true).spawn()?;
    let mut news = Vec::new();
    let result = loop {
        tokio::select! {
            Some((_, event)) = heard.recv() => news.push(event),
            result = measured.recv() => break result.context("no result")?,
            () = tokio::time::sleep(Duration::from_secs(60)) => anyhow::bail!("the browser measured nothing; heard {news:?}"),
        }
    };
    while let Ok(Some((_, event))) = tokio::time::timeout(Duration::from_secs(2), heard.recv()).await {
        news.push(event);
    }
    browser.kill().await?;
    tell(&result)?;
    tell(&format!("{news:?}"))?;
    tell(&format!("{:?}", media.health()))?;
    media.stop().await;
    judge(&serde_json::from_str(&result)?, &news)
}

fn judge(result: &serde_json::Value, news: &[LegEvent]) -> anyhow::Result<()> {
    for part in ["first", "second"] {
        let number = |name: &str| result[part][name].as_f64().with_context(|| format!("{part}: no {name}"));
        anyhow::ensure!(number("received")? > 150.0, "{part}: too few packets came back");
        anyhow::ensure!(number("loudest")? > 0.01, "{part}: silence came back");
    }
    let ups = news.iter().filter(|event| **event == LegEvent::BrowserUp).count();
    anyhow::ensure!(ups == 2, "the page came up {ups} times instead of twice");
    anyhow::ensure!(matches!(news.last(), Some(LegEvent::BrowserLost(_))), "the closed page was not noticed");
    tell("audio both ways, before and after a reload")
}

async fn offer(State(echo): State<Arc<Echo>>, offer: String) -> Result<String, (StatusCode, String)> {
    echo.leg.attach(&offer, None).await.map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))
}

async fn result(State(echo): State<Arc<Echo>>, result: String) {
    // The example ends after the first result.
    let _ended = echo.results.send(result).await;
}

fn tell(line: &str) -> anyhow::Result<()> {
    Ok(writeln!(std::io::stdout().lock(), "{line}")?)
}
