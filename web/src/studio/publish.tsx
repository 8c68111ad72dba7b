// Putting the draft into service: what changes, why, and then now.

import { Input, Modal } from "antd";
import { useState } from "react";

import { useText } from "../i18n/language";
import { failureText } from "../ui/failure";
import { Difference } from "./difference";
import { problemsOf, studio } from "./requests";
import type { FlowDetail, Problem } from "./shapes";
import { useStudioText } from "./texts";
import { useMessages } from "../ui/messages";

interface PublishProps {
  /** The flow with its saved draft. */
  readonly flow: FlowDetail;
  readonly close: () => void;
  readonly published: (flow: FlowDetail) => void;
  readonly wrong: (problems: readonly Problem[]) => void;
}

export function Publish({ flow, close, published, wrong }: PublishProps) {
  const text = useStudioText();
  const appText = useText();
  const message = useMessages();
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const newest = flow.published?.version ?? 0;
  const go = async () => {
    setBusy(true);
    try {
      const next = await studio.publish(flow.name, flow.draft?.revision ?? 0, newest, note);
      void message.success(text("published_done", { version: next.published?.version ?? "" }));
      published(next);
    } catch (error) {
      const problems = problemsOf(error);
      void message.error(problems.length > 0 ? text("publish_refused") : failureText(appText, error));
      if (problems.length > 0) wrong(problems);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={text("publish_title", { title: String(flow.sketch.about["name"] ?? flow.name) })}
      okText={text("publish_now")}
      cancelText={text("cancel")}
      confirmLoading={busy}
      onOk={() => void go()}
      onCancel={close}
      okButtonProps={{ "data-testid": "publish-now" } as Record<`data-${string}`, string>}
      width={760}
    >
      <p>{text("publish_lead")}</p>
      <Input
        value={note}
        maxLength={500}
        placeholder={text("note")}
        aria-label={text("note")}
        data-testid="publish-note"
        onChange={(event) => setNote(event.target.value)}
      />
      <h3>{text("changes_since", { version: newest })}</h3>
      <Difference name={flow.name} from={newest} to={{ source: flow.source }} />
    </Modal>
  );
}
