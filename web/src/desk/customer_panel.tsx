// Who the customer is and what came before.

import { UserOutlined } from "@ant-design/icons";
import { Link } from "wouter";

import { api } from "../api/client";
import type { Conversation } from "../api/shapes";
import { useLanguage, useText } from "../i18n/language";
import { ChannelIcon } from "../ui/channel";
import { Tone } from "../ui/tone";
import { useFetched } from "../ui/fetched";
import { useLive } from "../live/store";
import { day } from "../ui/time";
import { address, customer } from "../ui/words";
import { Crm } from "./crm";
import { Tier } from "./tier";

/** Earlier conversations shown beside the current one. */
const EARLIER = 5;

export function CustomerPanel({ conversation }: { conversation: Conversation }) {
  const text = useText();
  const { language } = useLanguage();
  const person = conversation.person;
  const heard = useLive((picture) => (person ? (picture.customers[person.id] ?? 0) : 0));
  const known = useFetched(person ? `${person.id} ${heard}` : undefined, () => api.customer(person?.id ?? 0));
  const crm = useLive((picture) => picture.crm[conversation.id]);
  const refused = (known.value?.consent ?? []).filter((one) => one.state === "refused");
  const earlier = useFetched(person ? `${person.id} ${conversation.id}` : undefined, () =>
    api.conversations({ person: person?.id ?? 0, limit: EARLIER + 1 }),
  );
  const others = (earlier.value?.items ?? []).filter((one) => one.id !== conversation.id).slice(0, EARLIER);
  return (
    <section className="panel" aria-labelledby="customer-title" data-testid="customer-panel">
      <h2 id="customer-title">{text("customer.title")}</h2>
      <p className="person">
        <span className="avatar" aria-hidden>
          <UserOutlined />
        </span>
        <strong data-testid="customer-name">
          {person ? <Link href={`/customers/${person.id}`} title={text("customer.open")}>{customer(text, conversation)}</Link> : customer(text, conversation)}
        </strong>
        <Tier tier={person?.tier} />
      </p>
      <Crm conversation={conversation.id} url={crm} />
      {refused.length > 0 && (
        <p className="failed small" role="note" data-testid="customer-refused">
          {text("customer.refused", { what: refused.map((one) => text(`customer.consent.${one.to}`)).join(", ") })}
        </p>
      )}
      {known.value && known.value.tags.length > 0 && (
        <>
          <h3>{text("customer.tags")}</h3>
          <p>
            {known.value.tags.map((one) => (
              <Tone key={one} tone="grey">
                {one}
              </Tone>
            ))}
          </p>
        </>
      )}
      {known.value && known.value.note !== "" && (
        <>
          <h3>{text("customer.note")}</h3>
          <p>{known.value.note}</p>
        </>
      )}
      {person && person.addresses.length > 0 && (
        <>
          <h3>{text("customer.addresses")}</h3>
          <ul className="plain">
            {person.addresses.map((one) => (
              <li key={one}>{address(text, one)}</li>
            ))}
          </ul>
        </>
      )}
      <h3>{text("customer.earlier")}</h3>
      {others.length === 0 ? (
        <p className="quiet">{text("customer.no_earlier")}</p>
      ) : (
        <ul className="plain">
          {others.map((one) => (
            <li key={one.id}>
              <Link href={`/conversations/${one.id}`} className="earlier">
                <ChannelIcon channel={one.channel} />
                <span>{day(one.started_at, language)}</span>
                <span className="quiet">{one.queue ?? text(`channel.${one.channel}`)}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
