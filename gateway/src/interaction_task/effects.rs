//! Carrying out what the machine orders.

use std::sync::Arc;

use interaction::{LegIn, LegOut, MediaOut, Out, Refused};
use kernel::Fault;
use media::{Order, Repeat, Source};
use signaling::Parting;
use tokio::sync::oneshot;

use super::InteractionTask;
use super::legs::LegDriver;
use crate::floor::refusal;
use crate::recorder::Batch;
use crate::router_task::RouterMsg;

impl InteractionTask {
    pub(super) async fn carry_out(&mut self, orders: Vec<Out>) {
        let mut batch = Batch::default();
        for order in orders {
            match order {
                Out::Leg(leg, order) => self.signal(leg, order).await,
                Out::Media(leg, order) => self.order_media(leg, order).await,
                Out::Bridge(legs) => {
                    let slots = legs.iter().filter_map(|leg| self.legs.get(leg)?.slot()).collect::<Vec<_>>();
                    if slots.len() > 1 {
                        self.media(Order::Bridge { legs: slots }).await;
                    }
                }
                Out::Unbridge(leg) => {
                    if let Some(leg) = self.legs.get(&leg).and_then(LegDriver::slot) {
                        self.media(Order::Unbridge { leg }).await;
                    }
                }
                Out::Tape(order) => self.tape(order).await,
                Out::Route(input) => self.shared.router.tell(RouterMsg::In(input)).await,
                Out::Record(change) => batch.changes.push(change),
                Out::Show(show) => {
                    self.shine(&show);
                    if let Some(news) = self.views.show(self.id, show) {
                        // Nobody listening is no error.
                        let _listeners = self.shared.live.send(news);
                    }
                }
                Out::Reply(reply, result) => {
                    if let Some(to) = self.replies.remove(&reply) {
                        batch.replies.push((to, result.map_err(refused)));
                    }
                }
                Out::Fetch { token, request } => self.fetch(token, request),
                Out::FindPerson { token, number } => self.find_person(token, number),
                Out::RequestCallback(wish) => self.request_callback(wish),
                Out::Finished => self.over = true,
            }
        }
        if !batch.changes.is_empty() || !batch.replies.is_empty() {
            let kept = self.keepers(&batch.changes);
            if !kept.is_empty() {
                let (to, committed) = oneshot::channel();
                batch.events = Some(to);
                tokio::spawn(async move {
                    if let Ok(Ok(_)) = committed.await {
                        kept.iter().for_each(|(keeper, until_ms)| keeper.recorded(*until_ms));
                    }
                });
            }
            self.shared.recorder.record(batch).await;
        }
    }

    async fn signal(&mut self, leg: u16, order: LegOut) {
        match order {
            LegOut::Ring => self.ring(leg).await,
            LegOut::EarlyMedia => self.early_media(leg).await,
            LegOut::Answer => self.answer(leg).await,
            LegOut::Refuse(status) => self.refuse(leg, status).await,
            LegOut::Hangup => self.hang_up(leg, Parting::Plain).await,
            LegOut::TakenElsewhere => self.hang_up(leg, Parting::Elsewhere).await,
            LegOut::AnswerRefer(status) => self.answer_refer(leg, status).await,
            LegOut::NotifyRefer(status) => self.notify_refer(leg, status).await,
            LegOut::Take => self.take_over(leg).await,
            LegOut::Dial(target) => {
                // Somebody who is called back: from now on this is a call like any other.
                if let Some(name) = self.sleeps_as.take_if(|_| leg == 0) {
                    self.shared.registry.remove_chat(&name, self.id);
                }
                self.dial(leg, target).await;
            }
            LegOut::Browser(agent) => self.open_browser(leg, Some(agent)).await,
            LegOut::GoesOn(from) => self.go_on(from, leg),
        }
    }

    async fn order_media(&mut self, leg: u16, order: MediaOut) {
        match order {
            MediaOut::Listen(lang) => return self.listen(leg, lang).await,
            MediaOut::Deafen => return self.deafen(leg).await,
            MediaOut::Record { silence } => return self.record(leg, silence).await,
            MediaOut::StopRecord => return self.stop_recording(leg).await,
            MediaOut::See(whom) => return self.see(leg, whom).await,
            MediaOut::WholePicture => return self.ask_picture(leg).await,
            _ => {}
        }
        let Some(slot) = self.legs.get(&leg).and_then(LegDriver::slot) else {
            tracing::debug!(leg = %self.leg_id(leg), "no media yet for an order");
            return;
        };
        let order = match order {
            MediaOut::Play { clips, forever, token } if clips.iter().any(is_spoken) => {
                return self.voice(leg, clips, forever, token);
            }
            MediaOut::Play { clips, forever, token } => {
                self.voicing = self.voicing.filter(|(voiced, _)| *voiced != leg);
                let sources = clips.iter().filter_map(|clip| self.source(clip)).collect();
                let repeat = if forever { Repeat::Forever } else { Repeat::Once };
                Order::Play { leg: slot, sources, repeat, token }
            }
            MediaOut::StopPlay => {
                self.voicing = self.voicing.filter(|(voiced, _)| *voiced != leg);
                Order::StopPlay { leg: slot }
            }
            MediaOut::Echo(on) => Order::Echo { leg: slot, on },
            MediaOut::Mute(on) => Order::Mute { leg: slot, on },
            MediaOut::SendDigits(digits) => Order::SendDigits { leg: slot, digits },
            MediaOut::Watch(on) => Order::Watch { leg: slot, on },
            MediaOut::Hear(legs) => {
                let also = legs.iter().filter_map(|leg| self.legs.get(leg)?.slot()).collect();
                Order::Hear { leg: slot, also }
            }
            MediaOut::Listen(_)
            | MediaOut::Deafen
            | MediaOut::Record { .. }
            | MediaOut::StopRecord
            | MediaOut::See(_)
            | MediaOut::WholePicture => return,
        };
        self.media(order).await;
    }

    fn source(&self, clip: &ivr::Clip) -> Option<Arc<Source>> {
        let found = self.served.sounds.find(clip);
        if found.is_none() {
            tracing::error!(flow = self.served.name(), "a prompt has no sound");
        }
        found
    }

    pub(super) async fn media(&mut self, order: Order) {
        if let Err(error) = self.shared.media.order(self.shard, order).await {
            tracing::error!(%error, "media order failed");
        }
    }

    /// A leg cannot be had: the machine decides what next.
    pub(super) fn leg_failed(&mut self, leg: u16, fault: Fault, reason: &str) {
        self.legs.remove(&leg);
        self.news.push_back(interaction::In::Leg(leg, LegIn::Ended { fault, reason: reason.to_owned() }));
    }
}

fn is_spoken(clip: &ivr::Clip) -> bool {
    matches!(clip, ivr::Clip::Spoken(_))
}

fn refused(refused: Refused) -> api::Refusal {
    let code = match refused {
        Refused::NotYours => "not_yours",
        Refused::WrongState | Refused::NotACall => "wrong_state",
        Refused::Over => "gone",
    };
    refusal(Fault::Caller, code, &refused.to_string())
}
