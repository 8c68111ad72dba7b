// When a component throws: a sentence and a way on, instead of a blank page in the middle of a call.

import { Button } from "antd";
import { Component, type ReactNode } from "react";

import { useText } from "../i18n/language";
import { Trouble } from "./trouble";

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
  return (
    <Trouble title={text("error.crash")}>
      <Button type="primary" onClick={() => location.reload()}>
        {text("error.reload")}
      </Button>
    </Trouble>
  );
}
