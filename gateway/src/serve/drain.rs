//! The end of the process: TERM lets calls finish, a second one (or INT) ends them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use interaction::In;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::admission::Admission;
use crate::interaction_task::Msg;
use crate::limits;
use crate::shared::Shared;

/// Waits for the end, and sees it through until nothing is left to serve.
pub async fn until_told(shared: &Arc<Shared>, admission: &Admission, ready: &AtomicBool) {
    let (Ok(mut term), Ok(mut int)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::error!("signals cannot be heard; only a kill ends this process");
        return std::future::pending().await;
    };
    let at_once = tokio::select! { _ = term.recv() => false, _ = int.recv() => true };
    ready.store(false, Ordering::Release);
    admission.drain();
    if let Err(error) = shared.sip.drain(true).await {
        tracing::error!(%error, "SIP does not drain");
    }
    if !at_once && spoken(shared) > 0 {
        tracing::info!("draining: calls may end, nothing new begins");
        finish_calls(shared, &mut term, &mut int).await;
    }
    for inbox in shared.registry.all() {
        // Over meanwhile: fine.
        let _gone = inbox.send(Msg::Core(In::Shutdown)).await;
    }
    let deadline = tokio::time::Instant::now() + limits::STOPPING;
    while shared.registry.count() > 0 && tokio::time::Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn finish_calls(shared: &Arc<Shared>, term: &mut Signal, int: &mut Signal) {
    let deadline = tokio::time::sleep(limits::DRAINING);
    tokio::pin!(deadline);
    let mut look = tokio::time::interval(Duration::from_millis(500));
    loop {
        tokio::select! {
            _ = term.recv() => return,
            _ = int.recv() => return,
            () = &mut deadline => return,
            _ = look.tick() => if spoken(shared) == 0 { return },
        }
    }
}

/// Chats sleep in the record; only calls are waited for.
fn spoken(shared: &Shared) -> usize {
    shared.registry.count().saturating_sub(shared.registry.chats())
}
