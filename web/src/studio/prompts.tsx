// What is said: texts in both languages, heard at once; recordings brought, or made with the microphone.

import { Button, Input, Upload } from "antd";
import { useEffect, useRef, useState } from "react";

import { useText } from "../i18n/language";
import { failureText } from "../ui/failure";
import { texts, table } from "./graph";
import { TextInput, type Editing } from "./properties";
import { record, type Recorder } from "./recorder";
import { studio } from "./requests";
import type { Part, Sketch } from "./shapes";
import { useStudioText } from "./texts";
import { useMessages } from "../ui/messages";

const LANGUAGES = [
  { code: "en", name: "English" },
  { code: "zh", name: "中文" },
] as const;

export function Prompts(editing: Editing) {
  const text = useStudioText();
  const { sketch, edit } = editing;
  const [name, setName] = useState("");
  const add = () => {
    const fresh = name.trim();
    if (fresh === "") return;
    setName("");
    void edit(LANGUAGES.map(({ code }) => ({ edit: "set_prompt" as const, name: fresh, field: code, value: "" })));
  };
  return (
    <section className="studio-prompts" aria-label={text("prompts")}>
      <div className="pair">
        <Input
          size="small"
          value={name}
          placeholder={text("prompt_name")}
          aria-label={text("prompt_name")}
          data-testid="prompt-name"
          onChange={(event) => setName(event.target.value)}
          onPressEnter={add}
        />
        <Button size="small" onClick={add} data-testid="prompt-add">
          {text("prompt_add")}
        </Button>
      </div>
      {sketch.prompts.map((prompt) => (
        <PromptCard key={prompt.name} prompt={prompt} {...editing} />
      ))}
    </section>
  );
}

/** Names of the steps that say a prompt: every text in them that is its name where prompts stand. */
export function saidIn(sketch: Sketch, editing: Pick<Editing, "kinds">, prompt: string): string[] {
  const says = (step: Part) => {
    const kind = editing.kinds.kinds.find((one) => one.name === step.fields["kind"]);
    return (kind?.params ?? []).some((param) => {
      const value = step.fields[param.name];
      if (param.type === "prompts") return texts(value).includes(prompt);
      return param.type === "retry" && table(value)["prompt"] === prompt;
    });
  };
  return sketch.steps.filter(says).map((step) => step.name);
}

function PromptCard({ prompt, ...editing }: Editing & { prompt: Part }) {
  const text = useStudioText();
  const { edit, sketch, problems, toLine } = editing;
  const steps = saidIn(sketch, editing, prompt.name);
  const wrong = problems.filter((one) => one.part === "prompt" && one.name === prompt.name);
  return (
    <article className="prompt-card" data-testid="prompt-card" data-prompt={prompt.name}>
      <header>
        <h3>{prompt.name}</h3>
        <Button size="small" type="text" danger onClick={() => void edit([{ edit: "remove_prompt", name: prompt.name }])}>
          {text("remove")}
        </Button>
      </header>
      <p className="quiet small">{steps.length > 0 ? text("prompt_used", { steps: steps.join(", ") }) : text("prompt_unused")}</p>
      {wrong.map((problem, n) => (
        <p key={n} className="failed small">
          {text("found_right", { found: problem.found, right: problem.right })}{" "}
          <button type="button" className="link" onClick={() => toLine(problem.line)}>
            {text("at_line", { line: problem.line })}
          </button>
        </p>
      ))}
      {LANGUAGES.map((lang) => (
        <Spoken key={lang.code} prompt={prompt} lang={lang} {...editing} />
      ))}
    </article>
  );
}

function Spoken({ prompt, lang, edit }: Editing & { prompt: Part; lang: (typeof LANGUAGES)[number] }) {
  const text = useStudioText();
  const appText = useText();
  const message = useMessages();
  const [busy, setBusy] = useState(false);
  const [recorder, setRecorder] = useState<Recorder>();
  const player = useRef<HTMLAudioElement>(null);
  const address = useRef<string>(undefined);
  useEffect(() => () => (address.current === undefined ? undefined : URL.revokeObjectURL(address.current)), []);

  const said = String(prompt.fields[lang.code] ?? "");
  const file = prompt.fields[`file_${lang.code}`];
  const set = (field: string, value: unknown) => edit([{ edit: "set_prompt", name: prompt.name, field, value }]);
  const trying = async (work: () => Promise<void>) => {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      void message.error(failureText(appText, error));
    } finally {
      setBusy(false);
    }
  };
  const play = () =>
    trying(async () => {
      if (!player.current) return;
      if (typeof file === "string") {
        player.current.src = studio.recordingAddress(file);
      } else {
        if (address.current !== undefined) URL.revokeObjectURL(address.current);
        address.current = URL.createObjectURL(await studio.say(said, lang.code));
        player.current.src = address.current;
      }
      await player.current.play();
    });
  const keep = (sound: Blob) =>
    trying(async () => {
      const kept = await studio.keep(sound);
      await set(`file_${lang.code}`, kept.file);
      void message.success(text("prompt_kept", { seconds: (kept.millis / 1000).toFixed(1) }));
    });
  const stop = (running: Recorder) => {
    setRecorder(undefined);
    void running.stop().then(keep);
  };
  const id = `prompt-${prompt.name}-${lang.code}`;
  return (
    <div className="spoken" data-lang={lang.code}>
      <label htmlFor={id}>{text("prompt_text", { lang: lang.name })}</label>
      <TextInput id={id} long value={said} change={(to) => void set(lang.code, to)} testId="prompt-text" />
      <div className="spoken-tools">
        <Button size="small" disabled={busy || (said.trim() === "" && typeof file !== "string")} onClick={() => void play()} data-testid="prompt-play">
          ▶ {text("prompt_play")}
        </Button>
        {recorder ? (
          <Button size="small" danger onClick={() => stop(recorder)} data-testid="prompt-stop">
            ■ {text("prompt_stop")}
          </Button>
        ) : (
          <Button size="small" disabled={busy} onClick={() => void trying(async () => setRecorder(await record()))} data-testid="prompt-record">
            ● {text("prompt_record")}
          </Button>
        )}
        <Upload
          accept="audio/*"
          showUploadList={false}
          beforeUpload={(chosen) => {
            void keep(chosen);
            return false;
          }}
        >
          <Button size="small" disabled={busy}>
            {text("prompt_upload")}
          </Button>
        </Upload>
        {typeof file === "string" ? (
          <>
            <code className="small" data-testid="prompt-file">{file}</code>
            <button type="button" className="link small" onClick={() => void set(`file_${lang.code}`, null)}>
              {text("prompt_use_voice")}
            </button>
          </>
        ) : (
          <span className="quiet small">{text("prompt_voice")}</span>
        )}
      </div>
      <audio ref={player} data-testid="prompt-audio" />
    </div>
  );
}
