// Who rings, before the answer: what came before and what is still open.

import { api, ApiError } from "../api/client";
import { useLanguage, useText } from "../i18n/language";
import { useFetched } from "../ui/fetched";
import { day } from "../ui/time";
import { ChannelIcon } from "../ui/channel";
import { Crm } from "./crm";
import { Tier } from "./tier";
import { DueBadge, TicketStateTag } from "./ticket_tags";

/** Rows of each kind: the card must be read in a ring's time. */
const ROWS = 3;
const NOTE_CHARS = 160;
/** An offer may ring before the record has the conversation: when to ask again, in milliseconds. */
const ASK_AGAIN = [150, 300, 600, 1200, 2400];

export function ScreenPop({ conversation }: { conversation: string }) {
  const text = useText();
  const { language } = useLanguage();
  const known = useFetched(conversation, () => before(conversation));
  if (!known.value) return null;
  const { tickets, earlier, tier, note, crm } = known.value;
  return (
    <section className="screen-pop" aria-label={text("pop.title")} data-testid="screen-pop">
      {(tier || note) && (
        <p className="small" data-testid="pop-customer">
          <Tier tier={tier} /> {note}
        </p>
      )}
      <Crm conversation={conversation} url={crm} rings />
      {tickets.length === 0 && earlier.length === 0 && <p className="quiet small">{text("pop.new")}</p>}
      {tickets.length > 0 && (
        <ul className="plain small">
          {tickets.map((ticket) => (
            <li key={ticket.id} data-testid="pop-ticket" data-ticket={ticket.id}>
              <TicketStateTag state={ticket.state} /> {ticket.subject} <DueBadge ticket={ticket} />
            </li>
          ))}
        </ul>
      )}
      {earlier.length > 0 && (
        <ul className="plain small" data-testid="pop-earlier">
          {earlier.map((one) => (
            <li key={one.id}>
              <ChannelIcon channel={one.channel} /> {day(one.started_at, language)} {one.agent ?? ""}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

async function before(conversation: string) {
  // The entries are of no interest yet: one is the least that can be asked for.
  const { person, crm_url: crm } = await onceRecorded(() => api.conversationHead(conversation));
  if (!person) return { tickets: [], earlier: [], tier: null, note: "", crm };
  const [tickets, conversations, known] = await Promise.all([
    api.tickets({ person: person.id, limit: 20 }),
    api.conversations({ person: person.id, limit: ROWS + 1 }),
    // Without it the card still says what is open.
    api.customer(person.id).catch(() => undefined),
  ]);
  return {
    tier: person.tier,
    note: (known?.note ?? "").slice(0, NOTE_CHARS),
    crm,
    tickets: tickets.items.filter((ticket) => ticket.state !== "done").slice(0, ROWS),
    earlier: conversations.items.filter((one) => one.id !== conversation).slice(0, ROWS),
  };
}

async function onceRecorded<T>(ask: () => Promise<T>): Promise<T> {
  for (const pause of ASK_AGAIN) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
      await new Promise((done) => setTimeout(done, pause));
    }
  }
  return ask();
}
