// What is written in the chosen step, way in, or flow, as a form made from the schema. Everything that the drawing can do by
// dragging can be done here by keyboard.

import { Button, Input, InputNumber, Popconfirm, Select, Switch, Tooltip } from "antd";
import { useEffect, useState, type ReactNode } from "react";

import { useLanguage } from "../i18n/language";
import { connectEdits, entryEdits, pathId, renamedLayout, table, texts, withoutStep } from "./graph";
import type { Edit, Kinds, Layout, Param, Part, Problem, Sketch } from "./shapes";
import { useStudioText } from "./texts";

export interface Editing {
  readonly sketch: Sketch;
  readonly kinds: Kinds;
  readonly problems: readonly Problem[];
  readonly edit: (edits: readonly Edit[], layout?: (old: Layout) => Layout) => Promise<boolean>;
  readonly choose: (id: string | undefined) => void;
  readonly toLine: (line: number) => void;
}

export function Properties({ chosen, ...editing }: Editing & { chosen: string | undefined }) {
  const { sketch } = editing;
  if (chosen?.startsWith("entry ")) {
    const entry = sketch.entries.find((one) => one.name === chosen.slice("entry ".length));
    if (entry) return <EntryForm key={entry.name} entry={entry} {...editing} />;
  }
  const step = sketch.steps.find((one) => one.name === chosen);
  return step ? <StepForm key={step.name} step={step} {...editing} /> : <FlowForm {...editing} />;
}

function Problems({ of, toLine }: { of: readonly Problem[]; toLine: (line: number) => void }) {
  const text = useStudioText();
  if (of.length === 0) return null;
  return (
    <ul className="plain form-problems" role="alert">
      {of.map((problem, n) => (
        <li key={n}>
          <strong>{problem.found}</strong> {problem.right}{" "}
          <button type="button" className="link" onClick={() => toLine(problem.line)}>
            {text("at_line", { line: problem.line })}
          </button>
        </li>
      ))}
    </ul>
  );
}

function StepForm({ step, ...editing }: Editing & { step: Part }) {
  const text = useStudioText();
  const { language } = useLanguage();
  const { kinds, edit, choose, toLine, problems } = editing;
  const kind = kinds.kinds.find((one) => one.name === step.fields["kind"]);
  const params = kind?.params ?? [];
  const unknown = Object.keys(step.fields).filter((name) => name !== "kind" && !params.some((param) => param.name === name));
  const rename = (to: string) =>
    void edit([{ edit: "rename_step", name: step.name, to }], (old) => renamedLayout(old, step.name, to)).then((done) => {
      if (done) choose(to);
    });
  return (
    <section aria-label={`${text("step")} ${step.name}`} data-testid="step-form" data-step={step.name}>
      <Problems of={problems.filter((one) => one.part === "step" && one.name === step.name)} toLine={toLine} />
      <Field label={text("name")}>
        {(id) => <TextInput id={id} value={step.name} change={(to) => to !== "" && rename(to)} testId="step-name" />}
      </Field>
      <Field label={text("kind")} help={kind?.help[language] ?? ""}>
        {(id) => (
          <Select
            id={id}
            size="small"
            value={String(step.fields["kind"] ?? "")}
            showSearch
            options={kinds.kinds.map((one) => ({ value: one.name, label: one.title[language] }))}
            optionFilterProp="label"
            onChange={(to) => void edit([{ edit: "set", step: step.name, path: ["kind"], value: to }])}
          />
        )}
      </Field>
      {[...params].sort(byUse(step)).map((param) => (
        <ParamField key={param.name} param={param} step={step} {...editing} />
      ))}
      {unknown.map((name) => (
        <Field key={name} label={name}>
          {(id) => (
            <JsonInput id={id} value={step.fields[name]} change={(value) => void edit([{ edit: "set", step: step.name, path: [name], value }])} />
          )}
        </Field>
      ))}
      <Button
        danger
        size="small"
        data-testid="remove-step"
        onClick={() => {
          void edit([{ edit: "remove_step", name: step.name }], (old) => withoutStep(old, step.name));
          choose(undefined);
        }}
      >
        {text("remove_step")}
      </Button>
    </section>
  );
}

/** Needed ones first, then those that are written, then the rest. */
function byUse(step: Part) {
  const rank = (param: Param) => (param.required ? 0 : param.name in step.fields ? 1 : 2);
  return (a: Param, b: Param) => rank(a) - rank(b);
}

function ParamField({ param, step, ...editing }: Editing & { param: Param; step: Part }) {
  const text = useStudioText();
  const { language } = useLanguage();
  const value = step.fields[param.name];
  const set = (path: readonly string[], to: unknown) =>
    void editing.edit([{ edit: "set", step: step.name, path: [param.name, ...path], value: to === undefined ? null : to }]);
  return (
    <Field
      label={param.name}
      help={param.help[language]}
      mark={param.required ? text("needed") : undefined}
      testId={`param-${param.name}`}
    >
      {(id) => <ParamInput id={id} param={param} step={step} value={value} set={set} {...editing} />}
    </Field>
  );
}

interface InputProps extends Editing {
  readonly id: string;
  readonly param: Param;
  readonly step: Part;
  readonly value: unknown;
  readonly set: (path: readonly string[], to: unknown) => void;
}

/** The input for a type. A type that this page does not know is written as in JSON. */
function ParamInput(props: InputProps) {
  const { id, param, value, set, sketch, kinds } = props;
  const text = useStudioText();
  const names = (all: readonly string[]) => all.map((one) => ({ value: one, label: one }));
  if (param.choices.length > 0) {
    return <Choice id={id} value={value} options={names(param.choices)} change={(to) => set([], to)} />;
  }
  switch (param.type) {
    case "step":
      return <StepChoice {...props} value={value} change={(to) => set([], to)} />;
    case "prompts":
      return (
        <Select
          id={id}
          size="small"
          mode="multiple"
          allowClear
          value={texts(value)}
          options={names(sketch.prompts.map((prompt) => prompt.name))}
          onChange={(to: string[]) => set([], to.length === 0 ? undefined : to.length === 1 ? to[0] : to)}
        />
      );
    case "queue":
      return <Choice id={id} value={value} options={names(kinds.queues)} change={(to) => set([], to)} />;
    case "agent":
      return <Choice id={id} value={value} options={names(kinds.agents)} change={(to) => set([], to)} />;
    case "flag":
      return (
        <Choice
          id={id}
          value={value === undefined ? undefined : String(value)}
          options={names(["true", "false"])}
          change={(to) => set([], to === undefined ? undefined : to === "true")}
        />
      );
    case "number":
    case "seconds":
    case "status":
      return (
        <InputNumber
          id={id}
          size="small"
          value={typeof value === "number" ? value : null}
          {...(param.min === null ? {} : { min: param.min })}
          {...(param.max === null ? {} : { max: param.max })}
          onBlur={(event) => {
            const typed = event.target.value.trim();
            const to = typed === "" ? undefined : Number(typed);
            if (to !== value && (to === undefined || Number.isFinite(to))) set([], to);
          }}
          onStep={(to) => set([], Number(to))}
        />
      );
    case "keys":
      return <KeysInput {...props} />;
    case "retry":
      return <RetryInput {...props} />;
    case "said":
      return (
        <div className="nested">
          {(["en", "zh"] as const).map((lang) => (
            <TextInput
              key={lang}
              id={`${id}-${lang}`}
              label={text("prompt_text", { lang })}
              value={String(table(value)[lang] ?? "")}
              change={(to) => set([lang], to === "" ? undefined : to)}
              long
            />
          ))}
        </div>
      );
    case "words":
    case "answers":
      return <WordsInput {...props} />;
    case "text":
    case "expr":
    case "into":
    case "url":
    case "secret":
    case "sip_uri":
    case "zone":
      if (value === undefined || typeof value === "string") {
        return (
          <TextInput
            id={id}
            value={typeof value === "string" ? value : ""}
            placeholder={param.shape}
            change={(to) => set([], to === "" ? undefined : to)}
          />
        );
      }
      return <JsonInput id={id} value={value} change={(to) => set([], to)} />;
    default:
      return <JsonInput id={id} value={value} placeholder={param.shape} change={(to) => set([], to)} />;
  }
}

function StepChoice({ id, sketch, value, change, label }: Editing & { id: string; value: unknown; change: (to: string | undefined) => void; label?: string }) {
  const text = useStudioText();
  return (
    <Select
      id={id}
      size="small"
      allowClear
      showSearch
      {...(label === undefined ? {} : { "aria-label": label })}
      placeholder={text("select_step")}
      value={typeof value === "string" ? value : undefined}
      options={sketch.steps.map((step) => ({ value: step.name, label: step.name }))}
      onChange={(to: string | undefined) => change(to)}
    />
  );
}

function KeysInput(props: InputProps) {
  const { id, param, step, value, set, sketch, edit } = props;
  const text = useStudioText();
  const keys = Object.entries(table(value));
  return (
    <div className="nested">
      {keys.map(([key, to]) => (
        <div key={key} className="pair">
          <kbd>{key}</kbd>
          <StepChoice {...props} id={`${id}-${key}`} label={`${text("new_key")} ${key}`} value={to} change={(next) => set([key], next)} />
        </div>
      ))}
      <div className="pair">
        <span className="quiet small">{text("add_key")}</span>
        <StepChoice
          {...props}
          id={id}
          value={undefined}
          change={(to) => to !== undefined && void edit(connectEdits(sketch, step.name, pathId([param.name, "+"]), to))}
        />
      </div>
    </div>
  );
}

function RetryInput(props: InputProps) {
  const { id, param, value, set, sketch } = props;
  const fields = table(value);
  const number = (name: string) => (
    <label className="pair">
      <span>{name}</span>
      <InputNumber
        size="small"
        min={0}
        value={typeof fields[name] === "number" ? fields[name] : null}
        onBlur={(event) => {
          const typed = event.target.value.trim();
          const to = typed === "" ? undefined : Number(typed);
          if (to !== fields[name] && (to === undefined || Number.isFinite(to))) set([name], to);
        }}
      />
    </label>
  );
  return (
    <div className="nested">
      {param.leads === "itself" && number("timeout")}
      {number("times")}
      <div className="pair">
        <span>prompt</span>
        <Choice
          id={`${id}-prompt`}
          value={fields["prompt"]}
          options={sketch.prompts.map((prompt) => ({ value: prompt.name, label: prompt.name }))}
          change={(to) => set(["prompt"], to)}
        />
      </div>
      <div className="pair">
        <span>then</span>
        <StepChoice {...props} id={id} value={fields["then"]} change={(to) => set(["then"], to)} />
      </div>
    </div>
  );
}

/** Names and the words that mean them; a line each. */
function WordsInput({ id, value, set }: InputProps) {
  const lines = Object.entries(table(value)).map(([name, words]) => `${name}: ${texts(words).join(", ")}`);
  const read = (typed: string) => {
    const pairs = typed.split("\n").flatMap((line): [string, string[]][] => {
      const [name = "", ...rest] = line.split(/[:：]/);
      const words = rest.join(":").split(/[,，、]/).map((word) => word.trim()).filter(Boolean);
      return name.trim() && words.length > 0 ? [[name.trim(), words]] : [];
    });
    set([], pairs.length === 0 ? undefined : Object.fromEntries(pairs));
  };
  return <TextInput id={id} value={lines.join("\n")} placeholder="1: sales, 销售" change={read} long />;
}

function Choice({ id, value, options, change }: { id: string; value: unknown; options: { value: string; label: string }[]; change: (to: string | undefined) => void }) {
  return (
    <Select
      id={id}
      size="small"
      allowClear
      showSearch
      value={typeof value === "string" ? value : undefined}
      options={options}
      onChange={(to: string | undefined) => change(to)}
    />
  );
}

interface TextInputProps {
  readonly id: string;
  readonly value: string;
  readonly change: (to: string) => void;
  readonly placeholder?: string;
  readonly label?: string;
  readonly long?: boolean;
  readonly testId?: string;
}

/** A text that counts when it is left or Enter is pressed. */
export function TextInput({ id, value, change, placeholder, label, long = false, testId }: TextInputProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const done = () => typed !== value && change(typed);
  const shared = {
    id,
    size: "small" as const,
    value: typed,
    ...(placeholder === undefined ? {} : { placeholder }),
    ...(label === undefined ? {} : { "aria-label": label }),
    ...(testId === undefined ? {} : { "data-testid": testId }),
    onBlur: done,
  };
  return long ? (
    <Input.TextArea {...shared} autoSize={{ minRows: 1, maxRows: 6 }} onChange={(event) => setTyped(event.target.value)} />
  ) : (
    <Input {...shared} onPressEnter={done} onChange={(event) => setTyped(event.target.value)} />
  );
}

function JsonInput({ id, value, change, placeholder }: { id: string; value: unknown; change: (to: unknown) => void; placeholder?: string }) {
  const text = useStudioText();
  const [bad, setBad] = useState(false);
  return (
    <div>
      <TextInput
        id={id}
        long
        label={text("other_value")}
        value={value === undefined ? "" : JSON.stringify(value)}
        {...(placeholder === undefined ? {} : { placeholder })}
        change={(typed) => {
          try {
            change(typed.trim() === "" ? undefined : JSON.parse(typed));
            setBad(false);
          } catch {
            setBad(true);
          }
        }}
      />
      {bad && <p className="failed small">{text("bad_value")}</p>}
    </div>
  );
}

let fields = 0;

function Field({ label, help, mark, children, testId }: { label: string; help?: string; mark?: string | undefined; children: (id: string) => ReactNode; testId?: string }) {
  const [id] = useState(() => `field-${++fields}`);
  return (
    <div className="field" data-testid={testId}>
      <div className="field-head">
        <label htmlFor={id}>{label}</label>
        {mark !== undefined && <span className="field-mark">{mark}</span>}
        {help !== undefined && help !== "" && (
          <Tooltip title={help} trigger={["hover", "focus"]}>
            <button type="button" className="field-help" aria-label={help}>
              ?
            </button>
          </Tooltip>
        )}
      </div>
      {children(id)}
    </div>
  );
}

function EntryForm({ entry, ...editing }: Editing & { entry: Part }) {
  const text = useStudioText();
  const { edit, choose, sketch, problems, toLine } = editing;
  const write = (changed: Record<string, unknown>) => {
    const { step, ...others } = { ...entry.fields, ...changed };
    const plain = Object.values(others).every((value) => value === undefined || value === false);
    const kept = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined && value !== false));
    void edit([{ edit: "set_entry", name: entry.name, value: plain ? (step ?? "") : { step, ...kept } }]);
  };
  return (
    <section aria-label={`${text("entry")} ${entry.name}`} data-testid="entry-form">
      <Problems of={problems.filter((one) => one.part === "entry" && one.name === entry.name)} toLine={toLine} />
      <Field label={text("entry_name")}>
        {(id) => (
          <TextInput
            id={id}
            value={entry.name}
            change={(to) => {
              const value = Object.keys(entry.fields).length > 1 ? entry.fields : (entry.fields["step"] ?? "");
              void edit([
                { edit: "set_entry", name: entry.name, value: null },
                { edit: "set_entry", name: to, value },
              ]).then((done) => done && choose(`entry ${to}`));
            }}
          />
        )}
      </Field>
      <Field label={text("leads_to")}>
        {(id) => (
          <StepChoice
            id={id}
            {...editing}
            value={entry.fields["step"]}
            change={(to) => to !== undefined && void edit(entryEdits(sketch, entry.name, to))}
          />
        )}
      </Field>
      <Field label={text("entry_text")}>
        {(id) => <Switch id={id} size="small" checked={entry.fields["text"] === true} onChange={(on) => write({ text: on })} />}
      </Field>
      <Button
        danger
        size="small"
        onClick={() => {
          void edit([{ edit: "set_entry", name: entry.name, value: null }]);
          choose(undefined);
        }}
      >
        {text("remove")}
      </Button>
    </section>
  );
}

function FlowForm(editing: Editing) {
  const text = useStudioText();
  const { sketch, edit, problems, toLine, choose } = editing;
  const [name, setName] = useState("");
  const add = (step: string | undefined) => {
    const entry = name.trim();
    if (entry === "" || step === undefined) return;
    setName("");
    void edit([{ edit: "set_entry", name: entry, value: step }]).then((done) => done && choose(`entry ${entry}`));
  };
  return (
    <section aria-label={text("the_flow")} data-testid="flow-form">
      <Problems of={problems.filter((one) => one.part === "flow")} toLine={toLine} />
      {(["name", "description"] as const).map((field) => (
        <Field key={field} label={text(field === "name" ? "title" : "description")}>
          {(id) => (
            <TextInput
              id={id}
              long={field === "description"}
              value={String(sketch.about[field] ?? "")}
              change={(to) => void edit([{ edit: "about", field, value: to === "" ? null : to }])}
            />
          )}
        </Field>
      ))}
      <h3>{text("entry_add")}</h3>
      <div className="pair">
        <Input
          size="small"
          value={name}
          placeholder={text("entry_name")}
          aria-label={text("entry_name")}
          data-testid="entry-name"
          onChange={(event) => setName(event.target.value)}
        />
        <span data-testid="entry-step">
          <StepChoice id="entry-step" {...editing} label={text("leads_to")} value={undefined} change={add} />
        </span>
      </div>
      <p className="quiet small">{text("choose_step")}</p>
    </section>
  );
}

export function RemoveSure({ ask, title, children }: { ask: () => void; title: string; children: ReactNode }) {
  const text = useStudioText();
  return (
    <Popconfirm title={title} onConfirm={ask} okText={text("remove")} cancelText={text("cancel")}>
      {children}
    </Popconfirm>
  );
}
