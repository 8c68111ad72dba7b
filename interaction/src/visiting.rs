//! Customers who call from a web page: their page connects before the flow begins, and may be reloaded in mid-call.
//!
//! Promises: no prompt is lost on a page that is not connected yet; whoever reloads finds the call as it was; whoever
//! does not come back is missed for a moment only. Leaves to others: agents' pages (`talk`).

use desk::Speaker;
use kernel::{Context, Effects, Fault};

use crate::Interaction;
use crate::flow::CUSTOMER;
use crate::interaction::{Stage, Timer};
use crate::io::{Opening, Out};
use crate::legs::BROWSER;
use crate::record::Note;

/// The page from which a customer calls.
#[derive(Clone, Debug)]
pub(crate) enum Page {
    /// It has yet to connect for the first time; this is how the call begins then.
    Expected(Box<Opening>),
    /// Connected.
    Here,
    /// Gone, perhaps to come back.
    Away,
}

impl Interaction {
    /// The record opens; the flow begins when the page is connected.
    pub(crate) fn expect_page(&mut self, opening: &Opening, cx: &Context<'_>, out: &mut impl Effects<Out>) {
        self.add_leg(cx.now, Speaker::Customer, None, BROWSER, out);
        self.page = Some(Page::Expected(Box::new(opening.clone())));
        self.timers.set(Timer::Away, cx.now + self.settings.timings.connect);
    }

    pub(crate) fn customer_is_here(&mut self, cx: &mut Context<'_>, out: &mut impl Effects<Out>) {
        self.timers.clear(Timer::Away);
        match self.page.replace(Page::Here) {
            Some(Page::Expected(opening)) => self.restart_flow(&opening, cx, out),
            Some(Page::Away) => {
                self.note(cx.now, Note::of("customer_back").leg(CUSTOMER), out);
                self.refresh_sight(CUSTOMER, out);
                self.customer_silent(false, out);
            }
            // A second page takes the call over; the first hears nothing more.
            Some(Page::Here) => self.refresh_sight(CUSTOMER, out),
            None => self.page = None,
        }
    }

    pub(crate) fn customer_is_away(&mut self, cx: &mut Context<'_>, out: &mut impl Effects<Out>) {
        match self.page {
            Some(Page::Here) => {
                self.page = Some(Page::Away);
                self.note(cx.now, Note::of("customer_away").leg(CUSTOMER), out);
                self.timers.set(Timer::Away, cx.now + self.settings.timings.away);
                self.customer_silent(true, out);
            }
            // It tries again by itself until the time is over.
            Some(Page::Expected(_) | Page::Away) | None => {}
        }
    }

    pub(crate) fn customer_stayed_away(&mut self, cx: &mut Context<'_>, out: &mut impl Effects<Out>) {
        let reason = match self.page {
            Some(Page::Expected(_)) => "no_media",
            Some(Page::Here | Page::Away) | None => "customer_lost",
        };
        self.finish(cx, Fault::Caller, reason, out);
    }

    /// The agent sees at once that nothing comes from the customer.
    fn customer_silent(&mut self, silent: bool, out: &mut impl Effects<Out>) {
        if let Stage::Talking(talk) = &mut self.stage {
            talk.silent.0 = silent;
        }
        self.show_call(out);
    }
}
