// Every flow: which version serves, who changed it last, how many customers are in it.

import { Alert, Button, Form, Input, Modal, Table } from "antd";
import { useEffect, useState } from "react";
import { Link, useLocation } from "wouter";

import { useLanguage, useText } from "../i18n/language";
import { failureText } from "../ui/failure";
import { useFetched } from "../ui/fetched";
import { useMessages } from "../ui/messages";
import { day } from "../ui/time";
import { studio } from "./requests";
import type { Flow } from "./shapes";
import { authorText, noteText, useStudioText } from "./texts";
import "./studio.css";

export default function FlowsPage() {
  const text = useStudioText();
  const appText = useText();
  const { language } = useLanguage();
  const flows = useFetched("flows", studio.flows);
  const [making, setMaking] = useState(false);
  useEffect(() => {
    document.title = `${text("flows")} · Voxdesk`;
  }, [text]);
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{text("flows")}</h1>
          <p className="quiet">{text("flows_lead")}</p>
        </div>
        <Button type="primary" onClick={() => setMaking(true)} data-testid="new-flow">
          {text("new_flow")}
        </Button>
      </header>
      {flows.error !== undefined && <Alert type="error" showIcon title={failureText(appText, flows.error)} />}
      <Table<Flow>
        dataSource={flows.value?.items ?? []}
        rowKey="name"
        pagination={false}
        loading={!flows.value && flows.error === undefined}
        data-testid="flows"
        onRow={(flow) => ({ "data-testid": "flow-row", "data-flow": flow.name }) as object}
        columns={[
          {
            title: text("title"),
            render: (_, flow) => (
              <Link href={`/flows/${encodeURIComponent(flow.name)}`}>
                <strong>{flow.title}</strong>
              </Link>
            ),
          },
          { title: text("name"), dataIndex: "name", render: (name: string) => <code>{name}</code> },
          { title: text("numbers"), render: (_, flow) => flow.numbers.join(", ") || "–" },
          { title: text("version"), render: (_, flow) => flow.published?.version ?? text("never_published") },
          {
            title: text("last_change"),
            render: (_, flow) =>
              flow.published ? (
                <>
                  {authorText(text, flow.published)}, {day(flow.published.at, language)}
                  {noteText(text, flow.published) && <div className="quiet small">{noteText(text, flow.published)}</div>}
                </>
              ) : (
                "–"
              ),
          },
          {
            title: text("draft"),
            render: (_, flow) =>
              flow.draft ? text("draft_by", { author: flow.draft.author, at: day(flow.draft.at, language) }) : "–",
          },
          { title: text("here_now"), dataIndex: "here" },
        ]}
      />
      {making && <Making close={() => setMaking(false)} />}
    </div>
  );
}

function Making({ close }: { close: () => void }) {
  const text = useStudioText();
  const appText = useText();
  const message = useMessages();
  const [, go] = useLocation();
  const [busy, setBusy] = useState(false);
  const make = async ({ name, title }: { name: string; title: string }) => {
    setBusy(true);
    try {
      const flow = await studio.create(name, title);
      go(`/flows/${encodeURIComponent(flow.name)}`);
    } catch (error) {
      void message.error(failureText(appText, error));
      setBusy(false);
    }
  };
  return (
    <Modal open title={text("new_flow")} footer={null} onCancel={close}>
      <Form layout="vertical" requiredMark={false} onFinish={(values: { name: string; title: string }) => void make(values)}>
        <Form.Item name="title" label={text("new_title")} rules={[{ required: true, message: "" }]}>
          <Input maxLength={100} data-testid="new-flow-title" autoFocus />
        </Form.Item>
        <Form.Item name="name" label={text("new_name")} extra={text("new_name_help")} rules={[{ required: true, pattern: /^[a-z0-9_-]{1,40}$/, message: "" }]}>
          <Input maxLength={40} data-testid="new-flow-name" />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={busy} data-testid="new-flow-create">
          {text("create")}
        </Button>
      </Form>
    </Modal>
  );
}
