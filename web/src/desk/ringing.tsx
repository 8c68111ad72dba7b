// What rings for me, on whatever page: a card per offer, the sound, the shortcuts A and D, and a word to screen readers.

import { CheckOutlined, CloseOutlined, MessageFilled, PhoneFilled } from "@ant-design/icons";
import { Button } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";

import type { Offer } from "../api/shapes";
import { useText, type Text } from "../i18n/language";
import { millis, useLive } from "../live/store";
import { Ring } from "../media/ring";
import { ChannelIcon, isWritten } from "../ui/channel";
import { useMessages } from "../ui/messages";
import { useNow } from "../ui/time";
import { address } from "../ui/words";
import { useDesk } from "./desk_context";
import { ScreenPop } from "./screen_pop";
import { Why } from "./why";

export function Ringing() {
  const text = useText();
  const { me, answering } = useDesk();
  const offers = useMyOffers(me);
  const first = offers[0];
  useRing(offers.some((offer) => offer.conversation !== answering));
  useShortcuts(first);
  useEndings(me);
  useTitle(first);

  const announcement = first
    ? text("offer.announce", {
        title: offerTitle(text, first),
        caller: first.name ?? address(text, first.caller),
        queue: first.queue ? text("offer.queue", { queue: first.queue }) : text("offer.direct"),
      })
    : "";

  return (
    <>
      <div aria-live="assertive" className="visually-hidden">
        {announcement}
      </div>
      {offers.length > 0 && (
        <section className="ringing" aria-label={text("state.ringing")}>
          {offers.map((offer) => (
            <OfferCard key={offer.conversation} offer={offer} />
          ))}
        </section>
      )}
    </>
  );
}

function offerTitle(text: Text, offer: Offer): string {
  if (!isWritten(offer.channel)) return text("offer.title");
  if (offer.channel === "chat") return text("offer.title_chat");
  return text("offer.title_message", { channel: text(`channel.${offer.channel}`) });
}

function useMyOffers(me: string): Offer[] {
  const offers = useLive((picture) => picture.offers);
  return useMemo(
    () =>
      Object.values(offers)
        .filter((offer) => offer.agent === me)
        .sort((a, b) => a.until.localeCompare(b.until)),
    [offers, me],
  );
}

function OfferCard({ offer }: { offer: Offer }) {
  const text = useText();
  const { answer, decline, answering } = useDesk();
  const chat = isWritten(offer.channel);
  const phone = useLive((picture) => picture.agents[offer.agent]?.phone ?? false);
  const caller = offer.name ?? address(text, offer.caller);
  return (
    <article className="offer" data-testid="offer-card" data-conversation={offer.conversation} data-channel={offer.channel}>
      <header className="offer-head">
        <span className="offer-icon" aria-hidden>
          {offer.channel === "chat" ? <MessageFilled /> : chat ? <ChannelIcon channel={offer.channel} /> : <PhoneFilled />}
        </span>
        <div className="offer-who">
          <p className="offer-kind">{offerTitle(text, offer)}</p>
          <p className="offer-caller" data-testid="offer-caller">
            {caller}
          </p>
          {offer.name !== null && <p className="quiet">{address(text, offer.caller)}</p>}
        </div>
        <RingTime until={millis(offer.until)} />
      </header>
      <p className="offer-queue" data-testid="offer-queue">
        {offer.queue ? text("offer.queue", { queue: offer.queue }) : text("offer.direct")}
      </p>
      <ScreenPop conversation={offer.conversation} />
      <Why reason={offer.why} />
      <div className="offer-actions">
        <Button
          type="primary"
          size="large"
          icon={<CheckOutlined aria-hidden />}
          className="answer"
          loading={answering === offer.conversation}
          onClick={() => void answer(offer)}
          data-testid="answer"
          aria-keyshortcuts="A"
        >
          {text("offer.answer")} <kbd aria-hidden>A</kbd>
        </Button>
        <Button
          danger
          size="large"
          icon={<CloseOutlined aria-hidden />}
          onClick={() => void decline(offer)}
          data-testid="decline"
          aria-keyshortcuts="D"
        >
          {text("offer.decline")} <kbd aria-hidden>D</kbd>
        </Button>
      </div>
      {phone && !chat && <p className="quiet small">{text("offer.answer_phone")}</p>}
    </article>
  );
}

function RingTime({ until }: { until: number }) {
  const text = useText();
  const now = useNow(250);
  const [whole] = useState(() => Math.max(1, until - now));
  const left = Math.max(0, until - now);
  const seconds = Math.ceil(left / 1000);
  return (
    <svg
      className={seconds <= 5 ? "ring-time is-short" : "ring-time"}
      viewBox="0 0 52 52"
      role="img"
      aria-label={text("offer.left", { seconds })}
      data-testid="ring-time"
    >
      <circle cx="26" cy="26" r="23" />
      {/* The rest of the circle is what is left, from the top. */}
      <circle cx="26" cy="26" r="23" className="ring-left" pathLength="1" strokeDasharray="1" strokeDashoffset={1 - Math.min(1, left / whole)} />
      <text x="26" y="26">{seconds}</text>
    </svg>
  );
}

function useRing(on: boolean) {
  const ring = useRef<Ring>(undefined);
  useEffect(() => {
    ring.current ??= new Ring();
    const one = ring.current;
    if (on) one.start();
    else one.stop();
    return () => one.stop();
  }, [on]);
}

/** A answers and D declines what rings first, unless the person is writing. */
function useShortcuts(offer: Offer | undefined) {
  const { answer, decline, answering } = useDesk();
  useEffect(() => {
    if (!offer || answering !== undefined) return undefined;
    const press = (event: KeyboardEvent) => {
      if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || isWriting(event.target)) return;
      const act = { a: answer, d: decline }[event.key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      void act(offer);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [offer, answer, decline, answering]);
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable=true]") !== null;
}

/** Says why an offer of mine ended when I did nothing. */
function useEndings(me: string) {
  const text = useText();
  const message = useMessages();
  const over = useLive((picture) => picture.lastOfferOver);
  const told = useRef(over);
  useEffect(() => {
    if (!over || over === told.current) return;
    told.current = over;
    if (over.agent !== me || over.end === "declined") return;
    void message.info(text(`offer.over.${over.end}`), 6);
    if (over.end === "timed_out") void message.warning(text("ready.missed"), 10);
  }, [over, me, message, text]);
}

/** The tab says what rings, for an agent who looks at another one. */
function useTitle(offer: Offer | undefined) {
  const text = useText();
  const caller = offer && (offer.name ?? address(text, offer.caller));
  useEffect(() => {
    document.title = caller ? `☎ ${caller} · Voxdesk` : "Voxdesk";
  }, [caller]);
}
