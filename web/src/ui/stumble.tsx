// When a component throws: a sentence and a way on, instead of a blank page in the middle of a call.

import { Button, Result } from "antd";
import { Component, type ReactNode } from "react";

import { useText } from "../i18n/language";

export class Stumble extends Component<{ children: ReactNode }, { stumbled: boolean }> {
  override state = { stumbled: false };

  static getDerivedStateFromError() {
    return { stumbled: true };
  }

  override render() {
    return this.state.stumbled ? <Apology /> : this.props.children;
  }
}

function Apology() {
  const text = useText();
  const reload = (
    <Button type="primary" onClick={() => location.reload()}>
      {text("error.reload")}
    </Button>
  );
  return <Result status="error" title={text("error.crash")} extra={reload} />;
}
