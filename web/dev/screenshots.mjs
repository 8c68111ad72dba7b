// Pictures of every page in both languages, in headless Chromium against the mock: `npm run build && npm run screenshots [FOLDER]`.
// The browser's own WebRTC answers itself, so that the call's audio path is the real one up to the wire.

import { mkdir } from "node:fs/promises";

import { chromium } from "playwright-core";

import { startMock } from "./mock_server.mjs";

const FOLDER = process.argv[2] ?? "../out/screenshots";
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
];

/** Stands in for the gateway's half of the media: answers the page's offer from within the page. */
function answerOffers() {
  const real = window.fetch;
  window.fetch = async (input, init) => {
    const answer = await real(input, init);
    if (!String(input).endsWith("/media")) return answer;
    const peer = new RTCPeerConnection();
    window.__answerer = peer;
    const context = new AudioContext();
    const tone = context.createOscillator();
    const out = context.createMediaStreamDestination();
    tone.connect(out);
    tone.start();
    await peer.setRemoteDescription({ type: "offer", sdp: JSON.parse(init.body).sdp });
    peer.addTrack(out.stream.getAudioTracks()[0], out.stream);
    await peer.setLocalDescription(await peer.createAnswer());
    while (peer.iceGatheringState !== "complete") await new Promise((resolve) => setTimeout(resolve, 20));
    return Response.json({ sdp: peer.localDescription.sdp });
  };
}

const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
await mkdir(FOLDER, { recursive: true });
const problems = [];

for (const lang of ["en", "zh"]) await tour(lang);
await browser.close();
if (problems.length > 0) process.stderr.write(`the pages complained:\n${problems.join("\n")}\n`);
process.exit(problems.length > 0 ? 1 : 0);

async function tour(lang) {
  const { address, floor, close } = await startMock();
  const locale = lang === "zh" ? "zh-CN" : "en-GB";
  const context = await browser.newContext({ viewport: { width: 1360, height: 800 }, locale });
  const open = async (where) => {
    const page = await context.newPage();
    page.on("console", (line) => line.type() === "error" && !line.text().includes("401") && problems.push(`${where}: ${line.text()}`));
    page.on("pageerror", (error) => problems.push(`${where}: ${error.message}`));
    await page.addInitScript(answerOffers);
    await page.goto(address + where);
    return page;
  };
  const shot = (page, name) => page.screenshot({ path: `${FOLDER}/${lang}-${name}.png` });
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const id = (name) => `[data-testid="${name}"]`;

  const page = await open("/");
  await page.waitForSelector(id("sign-in"));
  await shot(page, "1-sign-in");
  await page.fill(id("name"), "alice");
  await page.fill(id("password"), "wrong");
  await page.click(id("sign-in"));
  await page.waitForSelector(id("sign-in-error"));
  await shot(page, "1-sign-in-refused");
  await page.fill(id("password"), "secret");
  await page.click(id("sign-in"));
  await page.waitForSelector('[data-link="live"]');
  await shot(page, "2-idle");

  await page.click(id("ready-switch"));
  await page.waitForSelector('[data-testid="agent-state"][data-state="ready"]');
  const call = floor.ring("alice");
  await page.waitForSelector(id("answer"));
  await page.click(`${id("why-me")} summary`);
  await wait(300);
  await shot(page, "3-ringing");
  await page.keyboard.press("a");
  await page.waitForSelector('[data-audio="connected"]', { timeout: 8_000 });
  await speak(floor, call, lang);
  await page.waitForSelector('[data-final="false"]');
  await wait(1_500);
  await shot(page, "4-call");
  floor.call(call, { silent: "agent" });
  await page.click(id("mute"));
  await page.click(id("keypad"));
  await wait(400);
  await shot(page, "5-call-trouble");
  await page.keyboard.press("Escape");
  floor.call(call, { silent: null });
  await page.click(id("mute"));

  // Reload in mid-call: the page takes the same call back by itself.
  await page.reload();
  await page.waitForSelector('[data-audio="connected"]', { timeout: 8_000 });
  const chat = floor.ring("alice", { channel: "chat", person: 3, known: false });
  await page.waitForSelector(id("answer"));
  await page.click(id("answer"));
  floor.add(chat, { kind: "message", text: lang === "zh" ? "你好，我的台灯一直在闪，能换一个吗？" : "Hi! My lamp keeps flickering. Can I get another one?" });
  await page.waitForSelector(id("composer"));
  await page.fill(id("composer"), lang === "zh" ? "您好！当然可以，请问订单号是多少？" : "Hello! Of course. What is the order number?");
  await page.keyboard.press("Enter");
  floor.tell({ type: "typing", conversation: chat, speaker: "customer", on: true });
  await page.fill(id("note-input"), lang === "zh" ? "寄出新灯，旧灯不用退回。" : "Send a new lamp; the old one need not come back.");
  await page.click(id("note-add"));
  await page.waitForSelector(id("typing"));
  await wait(400);
  await shot(page, "6-chat");

  await page.click(`[data-testid="work-item"][data-conversation="${call}"]`);
  await page.click(id("hang-up"));
  await page.waitForSelector(id("wrapup-done"));
  await wait(400);
  await shot(page, "7-wrapup");
  await page.click(id("wrapup-done"));

  for (const [where, name] of [["/tickets", "8-tickets"], ["/tickets/1", "9-ticket"], ["/conversations", "10-conversations"], ["/conversations/0-a1", "11-conversation"]]) {
    await page.goto(address + where);
    await wait(900);
    await shot(page, name);
  }
  await page.goto(`${address}/floor`);
  await page.waitForSelector(id("in-progress"));
  await page.click('[data-conversation="0-b0b"][data-testid="in-progress"]');
  floor.tell({ type: "preview", conversation: "0-b0b", leg: 0, speaker: "customer", stable: "好的，那", tentative: "请帮我留一盏", start_ms: 60_000 });
  await wait(700);
  await shot(page, "12-floor");
  await page.setViewportSize({ width: 420, height: 860 });
  await page.goto(`${address}/desk`);
  await wait(700);
  await shot(page, "13-narrow");

  const shop = await open(`/demo?lang=${lang}`);
  await shop.waitForSelector(id("chat-bubble"));
  await shop.click(id("chat-bubble"));
  await shop.fill(id("chat-input"), lang === "zh" ? "你好，请问什么时候发货？" : "Hello, when will my order be sent?");
  await shop.click(id("chat-send"));
  await shop.waitForSelector(id("chat-line"));
  const visitor = [...floor.conversations.keys()].at(-1);
  floor.move(visitor, { state: "talking", agent: "alice" });
  floor.add(visitor, { kind: "message", speaker: "agent", author: "alice", leg: 1, text: lang === "zh" ? "您好！今天下午发出。" : "Hello! It leaves this afternoon." });
  for (const socket of floor.visitors.get(visitor)) socket.send(JSON.stringify({ type: "typing", on: true }));
  await shop.waitForSelector('[data-testid="chat-line"][data-speaker="agent"]');
  await wait(300);
  await shot(shop, "14-demo");
  await shop.reload();
  await shop.waitForSelector('[data-testid="chat-line"][data-speaker="agent"]');
  await context.close();
  close();
}

async function speak(floor, id, lang) {
  const zh = lang === "zh";
  const say = (speaker, text, leg) => floor.add(id, { speaker, author: speaker === "agent" ? "alice" : null, leg, text, start_ms: 0, end_ms: 900 });
  floor.add(id, { kind: "event", speaker: "system", text: "connected", detail: { agent: "alice" }, leg: 1 });
  say("agent", zh ? "您好，这里是客服，请问有什么可以帮您？" : "Hello, this is support. How can I help you?", 1);
  await new Promise((resolve) => setTimeout(resolve, 30));
  say("customer", zh ? "你好，我上周订的落地灯到现在还没有收到，订单号是四七一一。" : "Hi, the floor lamp I ordered last week has still not arrived. The order number is four seven one one.", 0);
  await new Promise((resolve) => setTimeout(resolve, 30));
  floor.add(id, { kind: "digit", speaker: "customer", text: "4", leg: 0 });
  say("agent", zh ? "我马上为您查询。" : "Thank you. Let me look that up for you.", 1);
  const preview = { type: "preview", conversation: id, leg: 0, speaker: "customer", start_ms: 15_000 };
  floor.tell({ ...preview, stable: zh ? "太好了，如果周四" : "That would be great, because", tentative: zh ? "之前能到的话" : " on Thursday we are" });
}
