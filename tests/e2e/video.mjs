// The browsers of a customer and two agents in a video call: see video.sh.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { HTTP, WORK, ROOT, API_KEY, SCREENSHOTS } = process.env;
const require = createRequire(join(ROOT, 'web/package.json'));
const { chromium } = require('playwright-core');
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const id = (name) => `[data-testid="${name}"]`;
const began = Date.now();
const step = (text) => console.log(`  ${((Date.now() - began) / 1000).toFixed(1)} s: ${text}`);
async function until(what, check, ms = 20000) {
  const end = Date.now() + ms;
  let last;
  while (Date.now() < end) {
    try { last = await check(); if (last) return last; } catch (error) { last = error; }
    await pause(100);
  }
  throw new Error(`not within ${ms} ms: ${what} (last: ${last instanceof Error ? last.message : JSON.stringify(last)})`);
}
async function api(path) {
  const response = await fetch(`${HTTP}/api/v1${path}`, { headers: { Authorization: `Bearer ${API_KEY}` } });
  assert.equal(response.status, 200, `${path}: ${response.status}`);
  return response.json();
}
const agentState = async (name) => (await api('/agents')).items.find((agent) => agent.name === name)?.state;

/** A browser of their own: microphone and camera are flags of the whole browser. */
async function browserOf(name) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
      '--autoplay-policy=no-user-gesture-required', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream=fps=10', `--use-file-for-fake-audio-capture=${WORK}/${name}_long.wav`],
  });
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 1000 }, permissions: ['microphone', 'camera'], locale: 'en-US' })).newPage();
  page.on('pageerror', (error) => console.log(`  ${name}: page error: ${error.message}`));
  // The connections of a page, for its statistics.
  await page.addInitScript(() => {
    const Real = window.RTCPeerConnection;
    window.peers = [];
    window.RTCPeerConnection = class extends Real {
      constructor(...given) { super(...given); window.peers.push(this); }
    };
  });
  return { name, browser, page };
}
async function agent(name, ready) {
  const one = await browserOf(name);
  const { page } = one;
  await page.goto(HTTP);
  await page.fill(`${id('name')} input, input${id('name')}`, name);
  await page.fill(`${id('password')} input, input${id('password')}`, process.env[`${name.toUpperCase()}_PASSWORD`]);
  await page.click(id('sign-in'));
  await page.waitForSelector(id('ready-switch'));
  if (ready) {
    await page.click(id('ready-switch'));
    await until(`${name} is ready`, async () => (await agentState(name)) === 'ready');
  }
  return one;
}

/** What a page received and drew: frames decoded (statistics), frames and size of the element, codec. */
async function seen({ page }, element) {
  const drawn = await page.locator(id(element)).evaluate((video) => ({ width: video.videoWidth, height: video.videoHeight, live: video.dataset.live }));
  const stats = await page.evaluate(async () => {
    const peer = window.peers.filter((one) => one.connectionState === 'connected').at(-1);
    if (!peer) return { decoded: 0 };
    const all = [...(await peer.getStats()).values()];
    const video = all.find((one) => one.type === 'inbound-rtp' && one.kind === 'video');
    if (!video) return { decoded: 0 };
    const codec = all.find((one) => one.id === video.codecId)?.mimeType;
    return { decoded: video.framesDecoded ?? 0, keyframes: video.keyFramesDecoded, nacks: video.nackCount, plis: video.pliCount, codec };
  });
  return { ...drawn, ...stats };
}
/** Frames come: they are decoded one after another, and drawn. */
async function pictures(one, element, what, ms = 20000) {
  const from = Date.now();
  const first = await until(`${what}: a first picture`, async () => {
    const now = await seen(one, element);
    return now.decoded > 0 && now.live === 'true' && now.width > 0 && now;
  }, ms);
  const after = Date.now() - from;
  const more = await until(`${what}: more pictures than ${first.decoded}`, async () => {
    const now = await seen(one, element);
    return now.decoded >= first.decoded + 8 && now;
  });
  assert.ok(more.width >= 160 && more.height >= 120, `${what}: ${more.width}x${more.height}`);
  step(`${what}: ${more.width}x${more.height} ${more.codec}, ${more.decoded} frames (${more.keyframes} whole), first after ${after} ms`);
  return more;
}

/** Records what a page's remote audio plays, as a 16-bit wav. */
async function record({ page }, element, seconds, file) {
  const samples = await page.locator(id(element)).evaluate(async (audio, seconds) => {
    if (!audio.srcObject) return { error: 'no remote stream' };
    const context = new AudioContext({ sampleRate: 16000 });
    const source = context.createMediaStreamSource(audio.srcObject);
    const tap = context.createScriptProcessor(4096, 1, 1);
    const parts = [];
    tap.onaudioprocess = (event) => parts.push(Float32Array.from(event.inputBuffer.getChannelData(0)));
    source.connect(tap); tap.connect(context.destination);
    await context.resume();
    await new Promise((done) => setTimeout(done, seconds * 1000));
    tap.disconnect(); await context.close();
    return { samples: parts.flatMap((part) => Array.from(part, (x) => Math.round(Math.max(-1, Math.min(1, x)) * 32767))) };
  }, seconds);
  assert.ok(!samples.error, samples.error);
  const data = Int16Array.from(samples.samples);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0); head.writeUInt32LE(36 + data.byteLength, 4); head.write('WAVEfmt ', 8); head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20); head.writeUInt16LE(1, 22); head.writeUInt32LE(16000, 24); head.writeUInt32LE(32000, 28);
  head.writeUInt16LE(2, 32); head.writeUInt16LE(16, 34); head.write('data', 36); head.writeUInt32LE(data.byteLength, 40);
  writeFileSync(file, Buffer.concat([head, Buffer.from(data.buffer)]));
}
const shoot = (one, name) => one.page.screenshot({ path: join(SCREENSHOTS, name) });
const talking = ({ name, page }) => until(`${name} talks`, async () => (await page.getAttribute(id('call-state'), 'data-state')) === 'talking' && (await page.getAttribute(id('device'), 'data-audio')) === 'connected');
const found = (text, words) => words.filter((word) => text.toLowerCase().includes(word));

mkdirSync(SCREENSHOTS, { recursive: true });
const everybody = [];
try {
  const [alice, bob, customer] = await Promise.all([agent('alice', true), agent('bob', false), browserOf('customer')]);
  everybody.push(alice, bob, customer);
  await customer.page.goto(`${HTTP}/demo`);
  await customer.page.click(id('chat-bubble'));
  await shoot(customer, 'customer-call-buttons.png');
  await customer.page.click(id('call-video'));
  await alice.page.waitForSelector(`${id('offer-card')}[data-channel="video"]`, { timeout: 30000 });
  step('the video call came through the queue to alice');
  await alice.page.click(id('answer'));
  await talking(alice);
  const call = (await api('/conversations?open=true')).items[0].id;
  const first = await pictures(alice, 'remote-video', 'alice sees the customer');
  assert.match(first.codec, /^video\/(VP8|VP9|H264|AV1)$/);
  assert.equal(await customer.page.getAttribute(id('call-seen'), 'data-live'), 'false', 'alice shows nothing before she wants to');
  await alice.page.click(id('camera'));
  await pictures(customer, 'call-seen', 'the customer sees alice');
  await Promise.all([
    record(alice, 'remote-audio', 9, join(WORK, 'alice_heard.wav')),
    record(customer, 'call-audio', 9, join(WORK, 'customer_heard.wav')),
  ]);
  await Promise.all([shoot(alice, 'agent-video.png'), shoot(customer, 'customer-video.png')]);

  await alice.page.click(id('share-screen'));
  await until('alice shares her screen', async () => (await alice.page.getAttribute(id('share-screen'), 'aria-pressed')) === 'true');
  const before = (await seen(customer, 'call-seen')).decoded;
  await until('the customer sees her screen', async () => (await seen(customer, 'call-seen')).decoded > before + 2);
  step('alice shares her screen');

  await alice.page.click(id('transfer'));
  await alice.page.click(`${id('transfer-form')} .ant-select`);
  await alice.page.keyboard.type('bob', { delay: 30 });
  await alice.page.click('.ant-select-item-option:has-text("bob")');
  await alice.page.click(id('transfer-now'));
  await bob.page.click(id('answer'), { timeout: 10000 });
  await talking(bob);
  await pictures(bob, 'remote-video', 'bob sees the customer after the transfer');
  await bob.page.click(id('camera'));
  await until('the customer sees bob', async () => (await customer.page.getAttribute(id('call-seen'), 'data-live')) === 'true');
  await pictures(customer, 'call-seen', 'the customer sees bob');
  await record(bob, 'remote-audio', 8, join(WORK, 'bob_heard.wav'));
  assert.equal((await api(`/conversations/${call}`)).agent, 'bob', 'the customer is with bob');

  await bob.page.reload();
  await talking(bob);
  await pictures(bob, 'remote-video', 'bob sees the customer after a reload');
  await shoot(bob, 'agent-video-reloaded.png');
  await customer.page.reload();
  await until('the customer is back', async () => (await customer.page.getAttribute(id('call'), 'data-state')) === 'talking' && (await customer.page.getAttribute(id('call'), 'data-audio')) === 'connected');
  const back = Date.now();
  const now = (await seen(bob, 'remote-video')).decoded;
  await until('bob sees the customer, who reloaded', async () => (await seen(bob, 'remote-video')).decoded > now + 8);
  step(`the customer reloaded, too, and is seen again (${Date.now() - back} ms)`);

  const said = async (speaker) => (await api(`/conversations/${call}`)).entries.filter((entry) => entry.kind === 'speech' && entry.speaker === speaker).map((entry) => entry.text).join(' ');
  await until("the customer's words are in the record", async () => found(await said('customer'), ['ordered', 'lamp', 'monday', 'shade', 'broken', 'crack', 'bottom', 'switch']).length >= 4, 30000);
  await until("the agents' words are in the record", async () => found(await said('agent'), ['alice', 'happy', 'number', 'order', 'lamps', 'damaged', 'workshop', 'bicycles', 'yesterday', 'wheel']).length >= 4, 30000);
  await customer.page.click(id('call-end'));
  const whole = await until('the record shows the end', async () => {
    const one = await api(`/conversations/${call}`);
    return one.ended_at && one;
  });
  assert.equal(whole.channel, 'video');
  assert.equal(whole.queue, 'support');
  assert.equal(whole.reason, 'customer_left');
  assert.ok(whole.ticket_id, 'the call has a ticket');
  assert.match(whole.legs.find((leg) => leg.n === 0).codec, /^opus\/48000, (VP8|VP9|H264|AV1)\/90000$/);
  const codes = whole.entries.filter((entry) => entry.kind === 'event').map((entry) => entry.text);
  for (const code of ['queued', 'transferred', 'parked', 'returned', 'customer_away', 'customer_back']) assert.ok(codes.includes(code), `${code} is in the record: ${codes.join(' ')}`);
  await until('nothing is left open on the page', () => customer.page.evaluate(() => window.peers.every((peer) => peer.connectionState === 'closed')));
  step(`the record: video, ${whole.entries.length} entries, ticket ${whole.ticket_id}; customer: ${(await said('customer')).slice(0, 60)}…`);

  await customer.page.click(id('call-voice'));
  const voice = await until('a voice call from the page waits in the queue', async () => (await api('/conversations?open=true')).items.find((one) => one.channel === 'voice' && ['waiting', 'ringing'].includes(one.state)));
  await until('it is on the page', async () => (await customer.page.getAttribute(id('call'), 'data-audio')) === 'connected' && !(await customer.page.isVisible(id('call-seen'))));
  await customer.page.click(id('call-end'));
  await until('and is over', async () => (await api(`/conversations/${voice.id}`)).ended_at);
  step('a voice call from the page, without pictures');
} catch (error) {
  await Promise.allSettled(everybody.map((one) => shoot(one, `video-failed-${one.name}.png`)));
  throw error;
} finally {
  await Promise.all(everybody.map((one) => one.browser.close()));
}
