// Name and password.

import { LockOutlined, UserOutlined } from "@ant-design/icons";
import { Alert, Button, Form, Input } from "antd";
import { useEffect, useState } from "react";

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

  useEffect(() => {
    document.title = `${text("sign_in.submit")} · Voxdesk`;
  }, [text]);

  const submit = async ({ name, password }: { name: string; password: string }) => {
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
        <Form layout="vertical" requiredMark={false} onFinish={submit} size="large">
          <Form.Item
            label={text("sign_in.name")}
            name="name"
            rules={[{ required: true, whitespace: true, message: text("sign_in.name_needed") }]}
          >
            <Input
              data-testid="name"
              prefix={<UserOutlined aria-hidden />}
              autoComplete="username"
              autoCapitalize="none"
              autoFocus
            />
          </Form.Item>
          <Form.Item
            label={text("sign_in.password")}
            name="password"
            rules={[{ required: true, message: text("sign_in.password_needed") }]}
          >
            <Input.Password
              data-testid="password"
              prefix={<LockOutlined aria-hidden />}
              autoComplete="current-password"
            />
          </Form.Item>
          <div aria-live="assertive">
            {failure && (
              <Alert type="error" showIcon title={failure} data-testid="sign-in-error" className="sign-in-error" />
            )}
          </div>
          <Button type="primary" htmlType="submit" block loading={busy} data-testid="sign-in">
            {text("sign_in.submit")}
          </Button>
        </Form>
      </main>
    </div>
  );
}
