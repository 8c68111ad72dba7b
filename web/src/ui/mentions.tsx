// Where colleagues called one by name in their notes: told when it happens, found later under the bell.
//
// Promises: nothing of what a note says is shown here; what a conversation tells of itself comes from the conversation, to whom it may.

import { BellOutlined } from "@ant-design/icons";
import { useCallback, useEffect, useRef, useState } from "react";
import { Link } from "wouter";

import { api } from "../api/client";
import type { Mention, Mentions as Found } from "../api/shapes";
import { useLanguage, useText } from "../i18n/language";
import { useLive } from "../live/store";
import { useSession } from "../session";
import { failureText } from "./failure";
import { useFetched } from "./fetched";
import { FoldOut } from "./fold_out";
import { useMessages } from "./messages";
import { day } from "./time";
import { customer } from "./words";

/** So many are listed: what is older was dealt with, or is found by search. */
const LISTED = 20;

export function Mentions() {
  const text = useText();
  const message = useMessages();
  const me = useSession().user.name;
  const link = useLive((picture) => picture.link);
  const last = useLive((picture) => picture.lastMention);
  const told = useRef(last);
  const [found, setFound] = useState<Found>();

  const look = useCallback(() => {
    // Not reached now: the next connection asks again.
    api.mentions(LISTED).then(setFound, () => undefined);
  }, []);
  useEffect(() => {
    if (link === "live") look();
  }, [link, look]);
  useEffect(() => {
    if (!last || last === told.current) return;
    told.current = last;
    if (last.by === me || !last.agents.includes(me)) return;
    void message.info(text("mention.told", { author: last.by ?? text("speaker.system") }), 6);
    look();
  }, [last, me, message, text, look]);

  const seen = () => {
    const newest = found?.items[0];
    if (!newest || found.unseen === 0) return;
    // The list keeps its marks while it is open; the number goes at once.
    setFound({ ...found, unseen: 0 });
    api.mentionsSeen(newest.id).catch((error: unknown) => void message.error(failureText(text, error)));
  };

  const unseen = found?.unseen ?? 0;
  const label = unseen > 0 ? text("mention.new", { count: unseen }) : text("mention.title");
  const face = (
    <>
      <BellOutlined aria-hidden />
      {unseen > 0 && (
        <span className="unread" data-testid="mentions-unseen">
          {unseen}
        </span>
      )}
    </>
  );
  return (
    <FoldOut label={label} testId="mentions" face={face} opened={seen}>
      {(close) => (
        <section className="mentions" aria-label={text("mention.title")}>
          <p className="quiet small">{text("mention.title")}</p>
          {(found?.items.length ?? 0) === 0 ? (
            <p className="quiet">{text("mention.none")}</p>
          ) : (
            <ul className="plain">
              {found?.items.map((one) => (
                <Row key={one.id} one={one} close={close} />
              ))}
            </ul>
          )}
        </section>
      )}
    </FoldOut>
  );
}

function Row({ one, close }: { one: Mention; close: () => void }) {
  const text = useText();
  const { language } = useLanguage();
  const head = useFetched(one.conversation, () => api.conversationHead(one.conversation));
  return (
    <li data-testid="mention" data-conversation={one.conversation} data-seen={one.seen}>
      <Link href={`/conversations/${one.conversation}?entry=${one.seq}`} onClick={close} className={one.seen ? "mention-row" : "mention-row is-new"}>
        <span>
          <strong>{one.by}</strong> {head.value ? customer(text, head.value) : text("mention.somewhere")}
        </span>
        <span className="quiet small">
          <time dateTime={one.at}>{day(one.at, language)}</time>
          {!one.seen && ` · ${text("mention.unseen")}`}
        </span>
      </Link>
    </li>
  );
}
