//! `voxdesk serve`: everything is started here, in order, and stopped in the reverse.
//!
//! Promises: `voxdesk ready` is printed, and `/readyz` answers 200, only when calls can be taken; TERM drains (calls may end),
//! a second TERM or INT stops at once; what was going on before a crash is closed or taken up again first.

mod alerts;
mod drain;
mod escalation;
mod people;
mod restart;

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use asr_whisper::Options;
use store::Store;
use tokio::sync::{broadcast, mpsc};

use crate::admission::Admission;
use crate::asr_pool::{AsrPool, Backlog, Journals};
use crate::bans::Bans;
use crate::channels::{Counter, Outbox};
use crate::clock::Clock;
use crate::command_line::{ServeArgs, say, say_problems};
use crate::config::Config;
use crate::credentials::Credentials;
use crate::errands::Errands;
use crate::event_hooks::Teller;
use crate::floor::Center;
use crate::flows::FlowStudio;
use crate::ladder::Ladder;
use crate::media_loop::{MediaConfig, MediaHandle, RtpRange};
use crate::posts::Posts;
use crate::recorder::Recorder;
use crate::recording::{RecordingKey, Recordings};
use crate::registry::Registry;
use crate::router_task::RouterTask;
use crate::shared::Shared;
use crate::speaking::Speaking;
use crate::speech_model::{self, Chosen};
use crate::tapes::Tapes;
use crate::tls::Tls;
use crate::trunks::Trunks;
use crate::{bans, callbacks, catching_up, channels, extensions, limits, net, pages, sip_events, stop};

/// Runs until told to stop.
///
/// # Errors
/// When something that calls need cannot be started.
pub fn run(args: &ServeArgs) -> Result<ExitCode> {
    let config = match Config::read(&args.files(), &args.flags()) {
        Ok(config) => Arc::new(config),
        Err(problems) => return Ok(say_problems(&problems)),
    };
    start_log();
    let _already_installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(config, args))?;
    // Threads that still wait (a resolver, a slow disk) do not keep the process.
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    Ok(ExitCode::SUCCESS)
}

fn start_log() {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_env("VOXDESK_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let _already_set = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .try_init();
}

async fn serve(config: Arc<Config>, args: &ServeArgs) -> Result<()> {
    let data = data_dir(&args.data_dir)?;
    let clock = Clock::start();
    let (stop_source, stop) = stop::pair();
    let pages = pages::open(config.http, stop.clone()).await?;
    let store = open_store(&config, &data).await?;
    let credentials_file = data.join(&config.credentials);
    let mut credentials = Credentials::load(&credentials_file)?;
    credentials.complete(&config);
    people::put(&*store, &config, &mut credentials).await?;
    credentials.save(&credentials_file)?;
    // A flow's voices are prepared once and kept; nothing is synthesised while calls are served.
    tracing::info!("preparing prompts");
    let voice = crate::voices::configured(&config.voices, &tokio::runtime::Handle::current())?;
    let flows = crate::flows::open(&config, &*store, &data, clock, Arc::clone(&voice)).await?;
    credentials.numbers = crate::prompts::heard_by_number(&flows.board());
    credentials.save(&credentials_file)?;

    let (live, _) = broadcast::channel(limits::LIVE_NEWS);
    let registry = Arc::new(Registry::default());
    let (recorder, recording) = Recorder::start(Arc::clone(&store), live.clone(), clock);
    let router = RouterTask::start(
        config.routing(),
        config.queue_hours.clone(),
        Arc::clone(&registry),
        live.clone(),
        Arc::clone(&store),
        recorder.clone(),
        clock,
    )
    .await;
    let key = recording_key(&config, &data)?;
    let recordings = start_recordings(&config, &data, key.clone(), clock)?;
    let (to_left, left) = mpsc::channel(limits::LEFT_CONVERSATIONS);
    let backlog = Backlog { journals: Journals::new(data.join("backlog"), key)?, left: to_left.clone() };
    let (asr, speech_model) = start_asr(&config, args, &data, backlog).await?.unzip();
    let media = MediaHandle::start(&media_config(&config), clock, rand::random())?;
    let (to_events, events) = mpsc::channel(limits::SIP_EVENTS);
    let mut setup = people::sip_setup(&config, &credentials);
    setup.banned = bans::kept(&*store, clock).await?;
    let (bans, new_bans) = Bans::new();
    let tls = load_tls(&config, &data, &stop)?;
    let ladder = Ladder::start(Arc::clone(&store), clock, config.hep.clone());
    let addresses = net::Addresses {
        udp: &config.sip,
        tcp: &config.sip,
        tls: &config.sips,
        names: &config.resolvers,
        ladder: Some(&ladder),
    };
    let sip =
        net::start(setup, &addresses, tls.clone(), clock, rand::random(), to_events, stop.clone()).await?;
    let errands = Errands::new(config.http_requests.clone(), clock).context("cannot ask outside servers")?;
    let tapes = Tapes::start(data.join("recordings")).context("cannot keep recordings")?;
    let trunks = Trunks::open(&config, &*store, clock).await?;
    let (callbacks, wishes) = mpsc::channel(limits::CALLBACKS);
    let shared = Arc::new(Shared {
        config: Arc::clone(&config),
        clock,
        registry,
        router,
        recorder,
        store: Arc::clone(&store),
        sip: sip.handle,
        ladder: ladder.clone(),
        media,
        recordings: Arc::clone(&recordings),
        asr,
        speech_model,
        seats: Arc::default(),
        live,
        flows,
        errands,
        speaking: Arc::new(Speaking::new(voice)),
        tapes,
        callbacks,
        trunks: Arc::clone(&trunks),
        bans,
        extensions: Arc::default(),
        dialogs: std::sync::atomic::AtomicU64::new(0),
    });
    let admission = Arc::new(Admission::new(Arc::clone(&shared)));
    restart::settle(&shared, &admission).await?;
    for conversation in catching_up::mark(&shared).await? {
        // More than fit in are found by the next start.
        let _full = to_left.try_send(conversation);
    }
    tokio::spawn(catching_up::run(left, Arc::clone(&shared), stop.clone()));
    tokio::spawn(extensions::run(Arc::clone(&shared), shared.live.subscribe(), stop.clone()));
    tokio::spawn(callbacks::run(wishes, Arc::clone(&shared), Arc::clone(&admission), stop.clone()));
    tokio::spawn(sip_events::run(events, Arc::clone(&shared), Arc::clone(&admission)));
    tokio::spawn(escalation::run(Arc::clone(&store), shared.recorder.clone(), clock, stop.clone()));

    tokio::spawn(bans::keep(new_bans, Arc::clone(&store), clock, stop.clone()));
    let tolls = tokio::spawn(Arc::clone(&trunks).keep(Arc::clone(&store), stop.clone()));

    let ready = Arc::new(AtomicBool::new(false));
    let center = Arc::new(Center::new(Arc::clone(&shared), Arc::clone(&admission), Arc::clone(&ready)));
    let floor: Arc<dyn api::Floor> = center.clone();
    let errands = shared.errands.clone();
    tokio::spawn(alerts::run(Arc::clone(&store), floor, errands, clock, stop.clone()));
    let studio = Arc::new(FlowStudio::new(Arc::clone(&shared)));
    let counter = Arc::new(Counter::new(Arc::clone(&shared), Arc::clone(&admission), data.join("files")));
    let dialling = crate::tls::client(&config.tls)?;
    let posts = Posts::new().context("cannot post to servers of others")?;
    let outbox = Outbox::new(Arc::clone(&shared), posts.clone(), data.join("files"), Arc::clone(&dialling));
    tokio::spawn(outbox.run(stop.clone()));
    tokio::spawn(Teller::new(Arc::clone(&shared), posts).run(stop.clone()));
    for account in
        config.channels.values().filter(|one| matches!(one.kind.road, desk::channels::Road::Letters))
    {
        let (account, counter, tls) = (account.clone(), Arc::clone(&counter), Arc::clone(&dialling));
        tokio::spawn(channels::mail::fetch(account, counter, tls, stop.clone()));
    }
    let state = app_state(&config, clock, store, (center, counter, studio));
    let app = pages::with_sip(api::router(state), sip.web);
    let audiosocket = match config.observe.as_ref().and_then(|observe| observe.audiosocket.clone()) {
        Some(own) => Some(crate::observe::listen(own, Arc::clone(&shared), stop.clone()).await?),
        None => None,
    };
    let https = config.https.zip(tls.clone());
    let pages = pages.serve(app, https).await?;
    ready.store(true, Ordering::Release);
    announce(&sip.listening, &pages, tls.as_ref(), &config, &credentials_file, audiosocket);

    drain::until_told(&shared, &admission, &ready).await;
    stop_source.stop();
    let _stopped = tokio::time::timeout(limits::STOPPING, pages.task).await;
    // What was ordered last (a BYE over TCP) is still written.
    let _sent = tokio::time::timeout(limits::STOPPING, sip.task).await;
    let _kept = tokio::time::timeout(limits::STOPPING, tolls).await;
    shared.media.stop().await;
    ladder.finish().await;
    drop((admission, shared));
    // What was said until the end is written, and the files are closed.
    if let Some(recordings) = Arc::into_inner(recordings) {
        let _written =
            tokio::time::timeout(limits::STOPPING, tokio::task::spawn_blocking(|| recordings.stop())).await;
    }
    let _written = tokio::time::timeout(limits::STOPPING, recording).await;
    Ok(())
}

fn data_dir(dir: &Path) -> Result<std::path::PathBuf> {
    std::fs::create_dir_all(dir)
        .with_context(|| format!("cannot make the data directory {}", dir.display()))?;
    dir.canonicalize().with_context(|| format!("cannot use the data directory {}", dir.display()))
}

async fn open_store(config: &Config, data: &Path) -> Result<Arc<dyn Store>> {
    let url = config.store.clone().unwrap_or_else(|| format!("sqlite:{}", data.join("voxdesk.db").display()));
    store::open(&url).await.context("cannot open the record")
}

/// What recordings, and audio that waits for its text, are sealed with.
fn recording_key(config: &Config, data: &Path) -> Result<RecordingKey> {
    let file = config.recording.key_file.as_ref();
    RecordingKey::load(&file.map_or_else(|| data.join("recording.key"), std::path::PathBuf::from))
}

/// The recording threads, and the sweeping of what is older than it is to be kept.
fn start_recordings(
    config: &Config,
    data: &Path,
    key: RecordingKey,
    clock: Clock,
) -> Result<Arc<Recordings>> {
    let recordings = Recordings::start(data.join("recordings"), key, clock)?;
    if let Some(keep) = config.recording.keep {
        let shelf = recordings.shelf().clone();
        tokio::spawn(async move {
            let mut round = tokio::time::interval(limits::RECORDING_SWEEP);
            loop {
                round.tick().await;
                let shelf = shelf.clone();
                match tokio::task::spawn_blocking(move || shelf.sweep(keep)).await {
                    Ok(Ok(0)) | Err(_) => {}
                    Ok(Ok(removed)) => tracing::info!(removed, "old recordings are gone"),
                    Ok(Err(error)) => tracing::error!(%error, "old recordings cannot be swept"),
                }
            }
        });
    }
    Ok(Arc::new(recordings))
}

async fn start_asr(
    config: &Config,
    args: &ServeArgs,
    data: &Path,
    backlog: Backlog,
) -> Result<Option<(AsrPool, Chosen)>> {
    if !config.speech.enabled {
        return Ok(None);
    }
    let (speech, models, data) = (config.speech.clone(), args.models.clone(), data.to_path_buf());
    let begun = tokio::task::spawn_blocking(move || {
        let threads = speech.threads.unwrap_or_else(default_threads);
        let chosen = speech_model::choose(&speech, models.as_deref(), &data, threads)?;
        tracing::info!(model = %chosen.name, "loading the speech model");
        let options = Options { vocabulary: speech.vocabulary, ..Options::default() };
        let pool = AsrPool::start(&chosen.file, options, threads, Some(backlog))?;
        anyhow::Ok((pool, chosen))
    });
    Ok(Some(begun.await??))
}

/// One decoding state per core (measured: two threads per state collapse when a core is taken), at most eight.
pub(crate) fn default_threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(8)
}

/// The configured range, and the same ports on each other family that SIP listens on: a phone on IPv6 is told an IPv6
/// address.
fn rtp_ranges(config: &Config) -> Vec<RtpRange> {
    let mut ranges = vec![config.rtp];
    for address in &config.sip {
        if ranges.iter().all(|range| range.ip.is_ipv4() != address.is_ipv4()) {
            ranges.push(RtpRange { ip: address.ip(), ..config.rtp });
        }
    }
    ranges
}

fn media_config(config: &Config) -> MediaConfig {
    MediaConfig {
        rtp: rtp_ranges(config),
        webrtc: vec![SocketAddr::new(config.rtp.ip, 0)],
        shards: std::thread::available_parallelism().map_or(1, usize::from).div_ceil(2),
    }
}

/// The certificate, where anything listens with it.
fn load_tls(config: &Config, data: &Path, stop: &stop::Stop) -> Result<Option<Tls>> {
    let listening = || config.sips.iter().chain(&config.https);
    if listening().next().is_none() {
        return Ok(None);
    }
    let mut names = Vec::new();
    for address in listening() {
        names.extend(net::route::concrete(address.ip())?);
    }
    names.sort_unstable();
    names.dedup();
    let tls = Tls::load(&config.tls, data, &names)?;
    tokio::spawn(tls.clone().watch(stop.clone()));
    Ok(Some(tls))
}

fn app_state(
    config: &Config,
    clock: Clock,
    store: Arc<dyn Store>,
    (floor, reception, studio): (Arc<Center>, Arc<Counter>, Arc<FlowStudio>),
) -> api::ApiState {
    let api_config = api::ApiConfig {
        chat_entry: config.chat.clone().unwrap_or_default(),
        turn: config.turn.clone(),
        outside_hosts: config.http_requests.hosts.clone(),
        crm: config.crm.clone(),
        requests: config.http_requests.requests_per_minute.map(api::Rate::per_minute),
        ..api::ApiConfig::default()
    };
    api::ApiState { store, floor, reception, studio, clock: Arc::new(clock), config: api_config }
}

/// The line that scripts wait for. New words go to its end.
fn announce(
    listening: &net::Listening,
    pages: &pages::Pages,
    tls: Option<&Tls>,
    config: &Config,
    credentials: &Path,
    audiosocket: Option<SocketAddr>,
) {
    let list =
        |addresses: &[SocketAddr]| addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let http = pages.http;
    let mut line = format!(
        "voxdesk ready http=http://{http}/ sip-udp={} sip-tcp={} rtp={}:{}-{} credentials={} sip-ws=ws://{http}/sip",
        list(&listening.udp),
        list(&listening.tcp),
        config.rtp.ip,
        config.rtp.first,
        config.rtp.last,
        credentials.display(),
    );
    if !listening.tls.is_empty() {
        line.push_str(&format!(" sip-tls={}", list(&listening.tls)));
    }
    if let Some(https) = pages.https {
        line.push_str(&format!(" https=https://{https}/ sip-wss=wss://{https}/sip"));
    }
    if let Some(tls) = tls {
        line.push_str(&format!(" certificate-sha256={}", tls.fingerprint()));
    }
    if let Some(at) = audiosocket {
        line.push_str(&format!(" audiosocket={at}"));
    }
    say(&line);
}
