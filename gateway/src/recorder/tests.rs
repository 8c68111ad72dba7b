//! The recorder on a disk that answers when the test says so.

use desk::{EntryKind, NewEntry, Speaker};
use kernel::InteractionId;
use tokio::sync::broadcast::error::TryRecvError as NothingShown;
use tokio::sync::oneshot::error::TryRecvError as NotAnswered;

use super::*;

/// Changes that are to be written, and where to say how that went.
type Asked = (Vec<Change>, oneshot::Sender<Result<Vec<Event>, StoreError>>);

struct Slow(mpsc::UnboundedSender<Asked>);

impl Disk for Slow {
    fn append(
        &self,
        _: WallMillis,
        changes: Vec<Change>,
    ) -> impl Future<Output = Result<Vec<Event>, StoreError>> + Send {
        let (to, from) = oneshot::channel();
        let asked = self.0.send((changes, to));
        async move {
            asked.map_err(|_| gone())?;
            from.await.unwrap_or_else(|_| Err(gone()))
        }
    }
}

fn gone() -> StoreError {
    StoreError::Database("the disk is gone".to_owned())
}

/// A recorder, its disk, and a page that looks on.
struct Stage {
    recorder: Recorder,
    disk: mpsc::UnboundedReceiver<Asked>,
    page: broadcast::Receiver<Live>,
}

impl Stage {
    fn set() -> Self {
        let (asked, disk) = mpsc::unbounded_channel();
        let (live, page) = broadcast::channel(16);
        let (recorder, _ends_with_its_handles) = Recorder::on(Slow(asked), live, Clock::start());
        Self { recorder, disk, page }
    }

    /// Hands a message over that somebody waits to see confirmed.
    async fn writes(&self, text: &str) -> oneshot::Receiver<Result<Option<Posted>, Refusal>> {
        let (reply, answer) = oneshot::channel();
        let batch = Batch { changes: vec![message(text)], replies: vec![(reply, Ok(()))], events: None };
        self.recorder.record(batch).await;
        answer
    }

    /// The disk is asked to write; what, and where to say how it went.
    async fn asked(&mut self) -> (Vec<String>, Asked) {
        let asked = self.disk.recv().await.expect("the recorder runs");
        (asked.0.iter().map(text_of).collect(), asked)
    }

    fn nothing_is_shown(&mut self) {
        assert!(matches!(self.page.try_recv(), Err(NothingShown::Empty)));
    }

    /// The next message that the page is shown.
    async fn shown(&mut self) -> String {
        match self.page.recv().await.expect("the recorder runs") {
            Live::Event(event) => text_of(&event.change),
            other => panic!("only what is recorded is shown: {other:?}"),
        }
    }
}

fn message(text: &str) -> Change {
    let entry = NewEntry {
        at: 7,
        leg: None,
        speaker: Speaker::Customer,
        author: None,
        kind: EntryKind::Message,
        text: text.to_owned(),
        detail: None,
        start_ms: None,
        end_ms: None,
        dedupe: None,
    };
    Change::EntryAdded { id: InteractionId { node: 1, serial: 7 }, entry }
}

fn text_of(change: &Change) -> String {
    match change {
        Change::EntryAdded { entry, .. } => entry.text.clone(),
        other => panic!("only messages are written here: {other:?}"),
    }
}

/// The disk has written what it was asked to.
fn written((changes, done): Asked) {
    let event = |(seq, change): (i64, Change)| Event {
        seq,
        at: 7,
        conversation: Some(InteractionId { node: 1, serial: 7 }),
        ticket: None,
        entry_seq: Some(seq),
        change,
    };
    done.send(Ok((1..).zip(changes).map(event).collect())).expect("waited for");
}

fn refused((_, done): Asked, why: StoreError) {
    done.send(Err(why)).expect("waited for");
}

#[tokio::test]
async fn nothing_is_shown_or_confirmed_before_the_disk_has_it() {
    let mut stage = Stage::set();
    let mut answer = stage.writes("Hello").await;
    let (texts, asked) = stage.asked().await;
    assert_eq!(texts, ["Hello"]);
    stage.nothing_is_shown();
    assert_eq!(answer.try_recv(), Err(NotAnswered::Empty));
    written(asked);
    assert_eq!(stage.shown().await, "Hello");
    assert_eq!(answer.await, Ok(Ok(Some(Posted { seq: 1, at: 7 }))));
}

#[tokio::test]
async fn what_the_record_refuses_is_shown_to_nobody_and_holds_nobody_else_up() {
    let mut stage = Stage::set();
    // Both are waiting before the recorder takes its first look: it writes them together.
    let (bad, good) = (stage.writes("bad").await, stage.writes("good").await);
    let bad_request = || StoreError::Bad("no such conversation".to_owned());
    let (texts, asked) = stage.asked().await;
    assert_eq!(texts, ["bad", "good"]);
    refused(asked, bad_request());
    let (texts, asked) = stage.asked().await;
    assert_eq!(texts, ["bad"], "each on its own");
    refused(asked, bad_request());
    assert_eq!(bad.await, Ok(Err(not_recorded())));
    let (texts, asked) = stage.asked().await;
    assert_eq!(texts, ["good"]);
    stage.nothing_is_shown();
    written(asked);
    assert_eq!(stage.shown().await, "good", "the only thing that is ever shown");
    assert_eq!(good.await, Ok(Ok(Some(Posted { seq: 1, at: 7 }))));
}

#[tokio::test]
async fn a_database_that_is_away_is_asked_again_and_meanwhile_nothing_is_shown() {
    let mut stage = Stage::set();
    let mut answer = stage.writes("Hello").await;
    for _ in 0..2 {
        let (_, asked) = stage.asked().await;
        refused(asked, gone());
    }
    let (texts, asked) = stage.asked().await;
    assert_eq!(texts, ["Hello"], "again");
    assert!(!stage.recorder.is_healthy(), "the process says that it is not ready");
    stage.nothing_is_shown();
    assert_eq!(answer.try_recv(), Err(NotAnswered::Empty));
    written(asked);
    assert_eq!(stage.shown().await, "Hello");
    assert!(matches!(answer.await, Ok(Ok(Some(_)))));
    assert!(stage.recorder.is_healthy());
}
