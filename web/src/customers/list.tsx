// All customers, newest first; found by name, number, mail address or tag, in both languages.

import "./customers.css";

import { Input, Select, Table } from "antd";
import { useState } from "react";
import { Link } from "wouter";

import { api } from "../api/client";
import type { Customer } from "../api/shapes";
import { useLanguage, useText } from "../i18n/language";
import { useLive } from "../live/store";
import { useFetched } from "../ui/fetched";
import { ListFrame, useList } from "../ui/list";
import { day } from "../ui/time";
import { Tone } from "../ui/tone";
import { address } from "../ui/words";
import { Tier } from "../desk/tier";
import { useCustomerText } from "./texts";

/** Addresses and tags shown in a row. */
const SHOWN = 3;

export default function CustomersPage() {
  const text = useText();
  const says = useCustomerText();
  const { language } = useLanguage();
  const [words, setWords] = useState(() => new URLSearchParams(location.search).get("words") ?? "");
  const [tier, setTier] = useState("");
  const [tag, setTag] = useState("");
  const setup = useFetched("setup", () => api.customerSetup());
  const changes = useLive((picture) => picture.customerChanges);
  const list = useList<Customer>(JSON.stringify([words, tier, tag]), changes, (after) => api.customers({ words, tier, tag, after }));
  const options = (any: string, all: readonly string[]) => [{ value: "", label: any }, ...all.map((one) => ({ value: one, label: one }))];
  return (
    <ListFrame
      title={says("title")}
      tools={
        <>
          <Input.Search
            allowClear
            className="customer-words"
            placeholder={says("words")}
            aria-label={says("words")}
            defaultValue={words}
            onSearch={(value) => setWords(value.trim())}
            data-testid="customer-words"
          />
          <Select value={tier} onChange={setTier} aria-label={says("tier")} options={options(says("any_tier"), setup.value?.tiers ?? [])} className="customer-choice" />
          <Select value={tag} onChange={setTag} showSearch aria-label={says("tags")} options={options(says("any_tag"), setup.value?.tags ?? [])} className="customer-choice" />
        </>
      }
      list={list}
    >
      <Table<Customer>
        dataSource={list.items}
        rowKey="id"
        pagination={false}
        size="middle"
        loading={list.loading}
        scroll={{ x: "max-content" }}
        locale={{ emptyText: text("list.empty") }}
        data-testid="customers"
        onRow={(one) => ({ "data-testid": "customer-row", "data-customer": one.id }) as object}
        columns={[
          { title: says("name"), render: (_, one) => <Link href={`/customers/${one.id}`}>{address(text, one.name)}</Link> },
          { title: says("tier"), render: (_, one) => <Tier tier={one.tier} /> },
          {
            title: says("tags"),
            render: (_, one) => (
              <span className="customer-tags">
                {one.tags.slice(0, SHOWN).map((each) => (
                  <Tone key={each} tone="grey">
                    {each}
                  </Tone>
                ))}
                {one.tags.length > SHOWN && "…"}
              </span>
            ),
          },
          {
            title: says("addresses"),
            render: (_, one) => one.addresses.slice(0, SHOWN).map((each) => address(text, each)).join(", ") || "–",
          },
          { title: says("since"), dataIndex: "created_at", render: (at: string) => day(at, language) },
        ]}
      />
    </ListFrame>
  );
}
