import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Agent } from "../api/shapes";
import { LanguageProvider } from "../i18n/language";
import { MessagesProvider } from "../ui/messages";
import { AgentStateActions } from "./agent_state";

const agent = { name: "王芳", state: "ready", ready: true, pause: null } as Agent;
let asked: [string, string, unknown][] = [];
let status = 204;

const show = (one: Agent) =>
  render(
    <LanguageProvider>
      <MessagesProvider>
        <AgentStateActions agent={one} />
      </MessagesProvider>
    </LanguageProvider>,
  );

describe("a supervisor changes an agent's state", () => {
  beforeEach(() => {
    asked = [];
    status = 204;
    vi.stubGlobal("fetch", async (address: string, init: RequestInit) => {
      asked.push([init.method ?? "", decodeURIComponent(address), init.body ? JSON.parse(String(init.body)) : undefined]);
      const error = { error: { code: "forbidden", message: "no" } };
      return new Response(status === 204 ? null : JSON.stringify(error), { status });
    });
  });
  afterEach(() => vi.unstubAllGlobals());

  it("to a break, with the reason that the agent reads", async () => {
    show(agent);
    fireEvent.click(screen.getByTestId("set-not-ready"));
    fireEvent.change(await screen.findByTestId("break-reason"), { target: { value: " Team meeting " } });
    fireEvent.click(screen.getByTestId("break-set"));
    await waitFor(() => expect(asked).toEqual([["PUT", "/api/v1/agents/王芳/ready", { ready: false, reason: "Team meeting" }]]));
  });

  it("back to work, and out of wrap-up", async () => {
    show({ ...agent, ready: false, state: "wrapup" });
    expect(screen.queryByTestId("set-not-ready")).toBeNull();
    fireEvent.click(screen.getByTestId("set-ready"));
    await waitFor(() => expect(asked).toEqual([["PUT", "/api/v1/agents/王芳/ready", { ready: true }]]));
    await waitFor(() => expect((screen.getByTestId("end-wrapup") as HTMLButtonElement).disabled).toBe(false));
    fireEvent.click(screen.getByTestId("end-wrapup"));
    await waitFor(() => expect(asked.at(-1)).toEqual(["POST", "/api/v1/agents/王芳/reset", undefined]));
  });

  it("a refusal is said", async () => {
    status = 403;
    show({ ...agent, ready: false });
    fireEvent.click(screen.getByTestId("set-ready"));
    expect(await screen.findByText("Your role does not allow this.")).toBeTruthy();
  });
});
