// Serves dist/ and a made-up API (mock_floor.mjs), for working on the pages without the gateway: `npm run build && npm run mock`.
// Signs anybody in whose password is not "wrong". POST /mock/ring?channel=chat rings at alice; dev/screenshots.mjs orders more.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

import { WebSocketServer } from "ws";

import { MockFloor, stamp } from "./mock_floor.mjs";

const DIST = fileURLToPath(new URL("../dist", import.meta.url));
/** What the server sends with its pages, so that a page which breaks it is noticed here. */
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; " +
  "media-src 'self' blob: data:; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'self'; form-action 'self'";
const KINDS = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

/** Starts it; `port` 0 lets the system choose. Gives the address and the floor to play with. */
export async function startMock(port = 0) {
  const floor = new MockFloor();
  const sessions = new Map();
  const server = createServer((request, response) => {
    answer(floor, sessions, request, response).catch((error) => send(response, 500, { error: { code: "internal", message: String(error) } }));
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, raw, head) => {
    sockets.handleUpgrade(request, raw, head, (socket) => live(floor, sessions, request, socket));
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${server.address().port}`, floor, close: () => server.closeAllConnections() ?? server.close() };
}

function whoIs(sessions, request) {
  const token = /voxdesk_session=(\w+)/.exec(request.headers.cookie ?? "")?.[1];
  return sessions.get(token);
}

function live(floor, sessions, request, socket) {
  const url = new URL(request.url, "http://mock");
  const chat = /\/widget\/chats\/([^/]+)\/events/.exec(url.pathname)?.[1];
  if (chat !== undefined) return visitor(floor, chat, Number(url.searchParams.get("after") ?? 0), socket);
  const user = whoIs(sessions, request);
  if (!user) return socket.close(1008);
  const after = Number(url.searchParams.get("after") ?? floor.seq);
  socket.send(JSON.stringify({ type: "hello", last: floor.seq, after, user, at: stamp() }));
  socket.send(JSON.stringify(floor.snapshot()));
  floor.sockets.add(socket);
  const tick = setInterval(() => socket.send(JSON.stringify({ type: "tick", at: stamp() })), 5_000);
  socket.on("close", () => {
    clearInterval(tick);
    floor.sockets.delete(socket);
  });
  return undefined;
}

function visitor(floor, id, after, socket) {
  const conversation = floor.conversations.get(id);
  if (!conversation) return socket.close(1008);
  socket.send(JSON.stringify({ type: "hello", state: conversation.state === "ringing" ? "waiting" : conversation.state, at: stamp() }));
  for (const entry of floor.entries.get(id)) {
    if (entry.kind === "message" && entry.seq > after) socket.send(JSON.stringify({ type: "line", seq: entry.seq, at: entry.at, speaker: entry.speaker, text: entry.text }));
  }
  const all = floor.visitors.get(id) ?? new Set();
  floor.visitors.set(id, all.add(socket));
  socket.on("message", (data) => {
    if (JSON.parse(data).type === "typing") floor.tell({ type: "typing", conversation: id, speaker: "customer", on: true });
  });
  socket.on("close", () => all.delete(socket));
  return undefined;
}

async function answer(floor, sessions, request, response) {
  const url = new URL(request.url, "http://mock");
  if (url.pathname.startsWith("/mock/")) return order(floor, url, response);
  if (!url.pathname.startsWith("/api/v1")) return file(url.pathname, response);
  const path = url.pathname.slice("/api/v1".length);
  const body = await json(request);
  const is = (method, pattern) => (request.method === method ? pattern.exec(path) : null);
  let match;
  if (is("POST", /^\/session$/)) return signIn(sessions, body, response);
  if (path.startsWith("/widget/")) return widget(floor, is, body, response);
  const user = whoIs(sessions, request);
  if (!user) return send(response, 401, { error: { code: "unauthorized", message: "sign in first" } });
  if (is("GET", /^\/session$/)) return send(response, 200, user);
  if (is("PATCH", /^\/session$/)) return send(response, 200, Object.assign(user, body));
  if (is("DELETE", /^\/session$/)) return sessions.clear() ?? send(response, 204);
  if (is("GET", /^\/conversations$/)) return send(response, 200, { items: conversations(floor, url.searchParams), next: null });
  if ((match = is("GET", /^\/conversations\/([^/]+)$/))) return detail(floor, match[1], Number(url.searchParams.get("entries_after") ?? 0), response);
  if ((match = is("POST", /^\/conversations\/([^/]+)\/commands$/))) return floor.command(user.name, match[1], body) ?? send(response, 204);
  if ((match = is("POST", /^\/conversations\/([^/]+)\/media$/))) return floor.attached(match[1]) ?? send(response, 200, { sdp: "" });
  if ((match = is("POST", /^\/conversations\/([^/]+)\/messages$/))) return write(floor, user, match[1], body, response);
  if (is("GET", /^\/settings\/macros$/)) return send(response, 200, { value: [{ name: "Refund promised" }] });
  if (is("POST", /^\/conversations\/[^/]+\/suggestions$/)) return send(response, 200, SUGGESTED);
  if (is("POST", /^\/knowledge\/votes$/)) return send(response, 204);
  if (is("GET", /^\/tickets$/)) return send(response, 200, { items: tickets(floor, url.searchParams), next: null });
  if ((match = is("GET", /^\/tickets\/(\d+)$/))) return send(response, 200, ticket(floor, Number(match[1])));
  if ((match = is("PATCH", /^\/tickets\/(\d+)$/))) return editTicket(floor, user, Number(match[1]), body, response);
  if ((match = is("POST", /^\/tickets\/(\d+)\/notes$/))) return write(floor, user, floor.tickets.get(Number(match[1])).conversations.at(-1), { ...body, note: true }, response);
  if (is("PUT", /^\/agents\/me\/ready$/)) return floor.edit(user.name, { ready: body.ready, state: body.ready ? "ready" : "not_ready" }) ?? send(response, 204);
  return send(response, 404, { error: { code: "not_found", message: "no such thing" } });
}

function signIn(sessions, { name, password }, response) {
  if (password === "wrong") return send(response, 401, { error: { code: "bad_credentials", message: "wrong" } });
  const user = { name, role: name === "sue" ? "supervisor" : "agent", lang: null, agent: name !== "sue" };
  const token = `t${sessions.size}${Date.now()}`;
  sessions.set(token, user);
  response.setHeader("Set-Cookie", `voxdesk_session=${token}; Path=/; HttpOnly`);
  return send(response, 200, { token, user });
}

function widget(floor, is, body, response) {
  let match;
  if (is("POST", /^\/widget\/chats$/)) return send(response, 201, { conversation: floor.chat(body.visitor, body.lang), token: "t" });
  if ((match = is("POST", /^\/widget\/chats\/([^/]+)\/messages$/))) {
    const made = floor.add(match[1], { kind: "message", text: body.text, speaker: "customer" });
    return send(response, 201, { seq: made.seq, at: made.at });
  }
  return send(response, 404, { error: { code: "not_found", message: "no such thing" } });
}

function conversations(floor, query) {
  return [...floor.conversations.values()]
    .filter((one) => query.get("open") === null || (one.ended_at === null) === (query.get("open") === "true"))
    .filter((one) => query.get("agent") === null || one.agent === query.get("agent"))
    .filter((one) => query.get("person") === null || String(one.person?.id) === query.get("person"))
    .sort((a, b) => b.started_at.localeCompare(a.started_at));
}

function detail(floor, id, after, response) {
  const one = floor.conversations.get(id);
  if (!one) return send(response, 404, { error: { code: "not_found", message: "no such conversation" } });
  return send(response, 200, { ...one, entries: floor.entries.get(id).filter((entry) => entry.seq > after), entries_next: null, writing: null, deliveries: [], crm_url: null });
}

function write(floor, user, id, body, response) {
  const made = floor.add(id, { kind: body.note ? "note" : "message", speaker: "agent", author: user.name, text: body.text, leg: body.note ? null : 1 });
  return send(response, 201, { conversation: id, seq: made.seq, at: made.at });
}

function tickets(floor, query) {
  return [...floor.tickets.values()]
    .filter((one) => query.get("state") === null || one.state === query.get("state"))
    .filter((one) => query.get("assignee") === null || one.assignee === query.get("assignee"))
    .reverse();
}

const SUGGESTED = {
  question: "when does the refund arrive",
  items: [
    {
      key: "refund-time", title: "How long a refund takes", heading: null, score: 9.1, words: ["refund", "card"], taught: 2,
      text: "A refund is sent on the day we approve the return. It reaches a credit card within five working days.",
    },
  ],
};

const WAYS = {
  new: ["in_progress"],
  in_progress: ["pending_confirmation", "new"],
  pending_confirmation: ["done", "in_progress"],
  done: ["reopened"],
  reopened: ["in_progress", "pending_confirmation"],
};

function ticket(floor, id) {
  const one = floor.tickets.get(id);
  return { ...one, ways: WAYS[one.state], relations: [], history: one.conversations.map((name) => floor.conversations.get(name)) };
}

function editTicket(floor, user, id, change, response) {
  const one = floor.tickets.get(id);
  const { state, ...rest } = change;
  Object.assign(one, rest, state ? { state: state.to } : {}, { updated_at: stamp() });
  floor.event(null, { what: "ticket_edited", subject: null, assignee: null, by: user.name, at: stamp() }, id);
  return send(response, 200, ticket(floor, id));
}

function order(floor, url, response) {
  const query = Object.fromEntries(url.searchParams);
  if (url.pathname === "/mock/ring") return send(response, 200, { id: floor.ring(query.agent ?? "alice", query) });
  return send(response, 404, {});
}

async function json(request) {
  let text = "";
  for await (const part of request) text += part;
  return text ? JSON.parse(text) : {};
}

function send(response, status, body) {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(body === undefined ? "" : JSON.stringify(body));
}

async function file(path, response) {
  const name = path === "/demo" ? "demo.html" : extname(path) ? normalize(path) : "index.html";
  try {
    const content = await readFile(join(DIST, name));
    response.writeHead(200, { "Content-Type": KINDS[extname(name)] ?? "application/octet-stream", "Content-Security-Policy": POLICY });
    response.end(content);
  } catch {
    send(response, 404, { error: { code: "not_found", message: "no such file" } });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { address } = await startMock(Number(process.env.PORT ?? 8099));
  process.stdout.write(`mock at ${address}\n`);
}
