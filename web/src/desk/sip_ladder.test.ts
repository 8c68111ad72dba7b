import { describe, expect, it } from "vitest";

import type { SipMessage } from "../api/shapes";
import { columnsOf, toneOf } from "./sip_ladder";

const message = (peer: number, direction: "in" | "out"): SipMessage => ({
  at: "2026-01-01T00:00:00.000Z",
  from: direction === "in" ? `peer ${peer}` : "us",
  to: direction === "in" ? "us" : `peer ${peer}`,
  peer,
  transport: "UDP",
  direction,
  summary: "INVITE",
  cseq: "1 INVITE",
  call_id: "a",
  leg: 0,
  text: "",
});

describe("the ladder of a call", () => {
  it("stands between who called and whom we call", () => {
    const items = [message(1, "in"), message(1, "out"), message(2, "out"), message(3, "out"), message(2, "in")];
    expect(columnsOf(items)).toEqual([
      { peer: 1, address: "peer 1" },
      { peer: 0, address: "us" },
      { peer: 2, address: "peer 2" },
      { peer: 3, address: "peer 3" },
    ]);
  });

  it("colours what a message is", () => {
    expect(["INVITE", "180 Ringing", "200 OK", "486 Busy Here", "1000x"].map(toneOf)).toEqual(["request", "progress", "good", "bad", "request"]);
  });
});
