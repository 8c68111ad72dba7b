//! The word that ends long-lived tasks: one source, any number of listeners.
//!
//! Promises: dropping the source stops too, so nothing outlives its owner. Leaves to others: what to finish first.

use tokio::sync::watch;

/// Says stop. Dropping it says so too.
#[derive(Debug)]
#[must_use]
pub struct StopSource(watch::Sender<bool>);

/// Hears stop.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

/// A source and its first listener.
pub fn pair() -> (StopSource, Stop) {
    let (source, listener) = watch::channel(false);
    (StopSource(source), Stop(listener))
}

impl StopSource {
    /// Tells every listener, now and later.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Another listener.
    #[must_use]
    pub fn listener(&self) -> Stop {
        Stop(self.0.subscribe())
    }
}

impl Stop {
    /// Returns when stop was said. Safe to use in `select!`.
    pub async fn stopped(&mut self) {
        // An error means that the source is gone, which is a stop as well.
        let _gone = self.0.wait_for(|stop| *stop).await;
    }

    /// Whether stop was said already.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }
}
