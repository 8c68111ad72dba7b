// The menu of the person: how the pages look, and leaving.

import { LogoutOutlined } from "@ant-design/icons";
import { Button, Segmented } from "antd";
import { useId } from "react";

import { useText } from "../i18n/language";
import { useSession } from "../session";
import { useAppearance, type Appearance } from "./appearance";
import { FoldOut } from "./fold_out";

export function Account() {
  const text = useText();
  const { user, signOut } = useSession();
  const { appearance, choose } = useAppearance();
  const look = useId();
  const face = (
    <>
      <span className="avatar" data-letter={user.name.slice(0, 1).toUpperCase()} aria-hidden />
      <span className="account-name">{user.name}</span>
    </>
  );
  return (
    <FoldOut label={text("nav.account", { name: user.name })} testId="account" className="account-opener" face={face}>
      {() => (
        <>
          <p className="quiet small" id={look}>
            {text("look.title")}
          </p>
          <Segmented<Appearance>
            block
            size="small"
            aria-labelledby={look}
            data-testid="look"
            value={appearance}
            onChange={choose}
            options={(["system", "light", "dark"] as const).map((value) => ({ value, label: text(`look.${value}`) }))}
          />
          <Button type="text" block icon={<LogoutOutlined aria-hidden />} onClick={signOut} data-testid="sign-out">
            {text("nav.sign_out")}
          </Button>
        </>
      )}
    </FoldOut>
  );
}
