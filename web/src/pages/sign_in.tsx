// Name and password.

import { LockOutlined, UserOutlined } from "@ant-design/icons";
import { Alert, Button, Input, type InputRef } from "antd";
import { useEffect, useId, useRef, useState, type FormEvent, type ReactNode } from "react";

import { api, ApiError } from "../api/client";
import type { User } from "../api/shapes";
import { useText, type Language } from "../i18n/language";
import { failureText } from "../ui/failure";
import { LanguageSwitch } from "../ui/language_switch";
import { Logo } from "../ui/logo";

export function SignIn({ signedIn }: { signedIn: (user: User) => void }) {
  const text = useText();
  const [failure, setFailure] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [wanted, setWanted] = useState<Language>();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [missing, setMissing] = useState<"name" | "password">();
  const nameBox = useRef<InputRef>(null);
  const passwordBox = useRef<InputRef>(null);

  useEffect(() => {
    document.title = `${text("sign_in.submit")} · Voxdesk`;
  }, [text]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const lacks = name.trim() === "" ? "name" : password === "" ? "password" : undefined;
    setMissing(lacks);
    if (lacks) {
      (lacks === "name" ? nameBox : passwordBox).current?.focus();
      return;
    }
    setBusy(true);
    setFailure(undefined);
    try {
      const { user } = await api.signIn(name.trim(), password);
      // A language chosen on this very page is newer than the one the server remembers.
      if (wanted && wanted !== user.lang) void api.keepLanguage(wanted).catch(() => undefined);
      signedIn(wanted ? { ...user, lang: wanted } : user);
    } catch (error) {
      const refused = error instanceof ApiError && error.code === "bad_credentials";
      setFailure(refused ? text("sign_in.refused") : failureText(text, error));
      setBusy(false);
    }
  };

  return (
    <div className="sign-in">
      <header className="sign-in-language">
        <LanguageSwitch chosen={setWanted} />
      </header>
      <main className="sign-in-card">
        <Logo size={44} />
        <h1>{text("sign_in.title")}</h1>
        <p className="quiet">{text("sign_in.lead")}</p>
        <form onSubmit={submit} noValidate>
          <Field label={text("sign_in.name")} missing={missing === "name" ? text("sign_in.name_needed") : undefined}>
            {(help) => (
              <Input
                {...help}
                ref={nameBox}
                size="large"
                data-testid="name"
                value={name}
                onChange={(event) => setName(event.target.value)}
                prefix={<UserOutlined aria-hidden />}
                autoComplete="username"
                autoCapitalize="none"
                autoFocus
              />
            )}
          </Field>
          <Field label={text("sign_in.password")} missing={missing === "password" ? text("sign_in.password_needed") : undefined}>
            {(help) => (
              <Input.Password
                {...help}
                ref={passwordBox}
                size="large"
                data-testid="password"
                value={password}
                onChange={(event) => setPassword(event.target.value)}
                prefix={<LockOutlined aria-hidden />}
                autoComplete="current-password"
              />
            )}
          </Field>
          <div aria-live="assertive">
            {failure && (
              <Alert type="error" showIcon title={failure} data-testid="sign-in-error" className="sign-in-error" />
            )}
          </div>
          <Button type="primary" size="large" htmlType="submit" block loading={busy} data-testid="sign-in">
            {text("sign_in.submit")}
          </Button>
        </form>
      </main>
    </div>
  );
}

interface Help {
  readonly id: string;
  readonly status: "" | "error";
  readonly "aria-invalid": boolean;
  readonly "aria-describedby": string | undefined;
}

/** A box with its name above it and, where it was left empty, a word below it. */
function Field({ label, missing, children }: { label: string; missing: string | undefined; children: (help: Help) => ReactNode }) {
  const id = useId();
  const told = `${id}-told`;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        status: missing ? "error" : "",
        "aria-invalid": missing !== undefined,
        "aria-describedby": missing && told,
      })}
      <p id={told} className="failed small field-told" role="alert">
        {missing}
      </p>
    </div>
  );
}
