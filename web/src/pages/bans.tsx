// Addresses that are banned from SIP, as administrators see them: why, until when, what was turned away; lifted and made by hand. Asked every two seconds.

import { Button, Input, Popconfirm, Select, Table } from "antd";
import { useEffect, useState } from "react";

import { api } from "../api/client";
import type { Ban } from "../api/shapes";
import { useLanguage, useText } from "../i18n/language";
import { failureText } from "../ui/failure";
import { useFetched } from "../ui/fetched";
import { useMessages } from "../ui/messages";
import { day, duration, useNow } from "../ui/time";
import { coded } from "../ui/words";

/** Between two questions (ms). */
const EVERY_MS = 2000;
/** From here on seconds interest nobody. */
const DAY_MS = 86_400_000;
const HOURS = [1, 24, 168, 8760] as const;

export function Bans({ changed }: { changed: () => void }) {
  const text = useText();
  const { language } = useLanguage();
  const message = useMessages();
  const now = useNow();
  const { value, error, again } = useFetched("bans", api.bans);
  useEffect(() => {
    const asking = setInterval(again, EVERY_MS);
    return () => clearInterval(asking);
  }, [again]);

  const lift = async (address: string) => {
    try {
      await api.liftBan(address);
      void message.success(text("bans.lifted", { address }));
    } catch (failed) {
      void message.error(failureText(text, failed));
    }
    again();
    changed();
  };
  return (
    <section className="card article-form bans" aria-labelledby="bans-title">
      <h2 id="bans-title">{text("bans.title")}</h2>
      <p className="quiet small">{text("bans.lead")}</p>
      {error !== undefined && <p role="alert">{failureText(text, error)}</p>}
      <Table<Ban>
        dataSource={value?.items ?? []}
        rowKey="address"
        pagination={{ pageSize: 20, hideOnSinglePage: true }}
        size="small"
        scroll={{ x: "max-content" }}
        locale={{ emptyText: text("bans.none") }}
        data-testid="bans"
        columns={[
          { title: text("bans.address"), dataIndex: "address" },
          {
            title: text("bans.reason"),
            key: "reason",
            render: (_, one) => (
              <>
                {coded(text, "ban", one.reason)}
                {!one.proven && <div className="quiet small">{text("bans.claimed")}</div>}
              </>
            ),
          },
          { title: text("bans.failures"), dataIndex: "failures" },
          { title: text("bans.turned_away"), dataIndex: "turned_away" },
          { title: text("bans.since"), key: "since", render: (_, one) => day(one.since, language) },
          {
            title: text("bans.until"),
            key: "until",
            render: (_, one) => {
              const left = Date.parse(one.until) - now;
              return left > DAY_MS ? day(one.until, language) : `${day(one.until, language)} (${duration(left)})`;
            },
          },
          {
            title: text("bans.actions"),
            key: "lift",
            render: (_, one) => (
              <Popconfirm
                title={text("bans.sure", { address: one.address })}
                okText={text("bans.lift")}
                cancelText={text("bans.keep")}
                okButtonProps={{ "data-testid": "ban-lift-sure" }}
                onConfirm={() => void lift(one.address)}
              >
                <Button size="small" aria-label={text("bans.lift_of", { address: one.address })} data-testid="ban-lift">
                  {text("bans.lift")}
                </Button>
              </Popconfirm>
            ),
          },
        ]}
      />
      <ByHand
        done={() => {
          again();
          changed();
        }}
      />
    </section>
  );
}

function ByHand({ done }: { done: () => void }) {
  const text = useText();
  const [address, setAddress] = useState("");
  const [hours, setHours] = useState<number>(24);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const ban = async () => {
    setBusy(true);
    try {
      await api.ban(address.trim(), hours * 3600);
      setAddress("");
      setError(undefined);
      done();
    } catch (failed) {
      setError(failed);
    }
    setBusy(false);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (address.trim() !== "") void ban();
      }}
    >
      <h3>{text("bans.by_hand")}</h3>
      <div className="tools">
        <Input
          value={address}
          placeholder="203.0.113.7"
          aria-label={text("bans.address")}
          className="ban-address"
          onChange={(event) => setAddress(event.target.value)}
          data-testid="ban-address"
        />
        <Select<number>
          value={hours}
          aria-label={text("bans.how_long")}
          popupMatchSelectWidth={false}
          onChange={setHours}
          options={HOURS.map((value) => ({ value, label: text(`bans.hours_${value}`) }))}
        />
        <Button htmlType="submit" disabled={address.trim() === ""} loading={busy} data-testid="ban-add">
          {text("bans.add")}
        </Button>
      </div>
      {error !== undefined && <p role="alert" className="failed">{failureText(text, error)}</p>}
    </form>
  );
}
