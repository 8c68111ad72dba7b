// The agent's and the customer's browser: see agent.sh.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { HTTP, WORK, ROOT, INTEROP, API_KEY, ALICE_PASSWORD, SCREENSHOTS } = process.env;
const require = createRequire(join(ROOT, 'web/package.json'));
const { chromium } = require('playwright-core');

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--autoplay-policy=no-user-gesture-required', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${INTEROP}/media/agent_long_48000.wav`];
const signal = (name) => writeFileSync(join(WORK, name), '');
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
async function until(what, check, ms = 20000) {
  const end = Date.now() + ms;
  let last;
  while (Date.now() < end) {
    try { last = await check(); if (last) return last; } catch (error) { last = error; }
    await pause(200);
  }
  throw new Error(`not within ${ms} ms: ${what} (last: ${last instanceof Error ? last.message : JSON.stringify(last)})`);
}
async function api(path) {
  const response = await fetch(`${HTTP}/api/v1${path}`, { headers: { Authorization: `Bearer ${API_KEY}` } });
  assert.equal(response.status, 200, `${path}: ${response.status}`);
  return response.json();
}
const step = (text) => console.log(`  ${text}`);
const id = (name) => `[data-testid="${name}"]`;

/** Records what the page's remote audio plays, as a 16-bit wav. */
async function record(page, seconds, file) {
  const samples = await page.evaluate(async (seconds) => {
    const audio = [...document.querySelectorAll('audio')].find((element) => element.srcObject);
    if (!audio) return { error: 'no <audio> with a remote stream' };
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
async function shoot(page, name) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, name) });
}
async function lines(page, speaker, kind) {
  return page.$$eval(`${id('line')}[data-speaker="${speaker}"]${kind ? `[data-kind="${kind}"]` : ''}`, (all) => all.map((line) => line.textContent));
}
/** How many of these words appear in the text. */
const found = (text, words) => words.filter((word) => text.toLowerCase().includes(word));
const CALLER = ['order', 'parcel', 'monday', 'boxes', 'open', 'lamp', 'broken'];
const AGENT = ['waiting', 'name', 'alice', 'happy', 'help', 'number', 'order', 'lamps', 'damaged'];

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: flags });
try {
  const agent = await browser.newContext({ viewport: { width: 1440, height: 900 }, permissions: ['microphone'], locale: 'en-US' });
  const page = await agent.newPage();
  page.on('pageerror', (error) => console.log(`  page error: ${error.message}`));
  await page.goto(HTTP);
  await page.fill(`${id('name')} input, input${id('name')}`, 'alice');
  await page.fill(`${id('password')} input, input${id('password')}`, ALICE_PASSWORD);
  await page.click(id('sign-in'));
  await page.waitForSelector(id('ready-switch'));
  await page.click(id('ready-switch'));
  await until('alice is ready', async () => (await api('/agents')).find?.((a) => a.name === 'alice')?.state === 'ready' || (await api('/agents')).items?.find((a) => a.name === 'alice')?.state === 'ready');
  step('alice is signed in and ready');

  signal('dial');
  await page.waitForSelector(id('offer-card'), { timeout: 30000 });
  assert.match(await page.textContent(id('offer-queue')), /support/i);
  step(`it rings: ${(await page.textContent(id('offer-caller'))).trim()}`);
  await pause(6000); // so that the caller hears what follows the key
  await page.click(id('answer'));
  await until('the call is connected', async () => (await page.getAttribute(id('call-state'), 'data-state')) === 'talking');
  step('answered');
  await record(page, 14, join(WORK, 'agent_heard.wav'));
  await until("the customer's words are on the page", async () => found((await lines(page, 'customer', 'speech')).join(' '), CALLER).length >= 3, 30000);
  await until("the agent's words are on the page", async () => found((await lines(page, 'agent', 'speech')).join(' '), AGENT).length >= 3, 30000);
  step('both sides are transcribed');
  await page.waitForSelector(id('ticket-panel'));
  await shoot(page, 'agent-call.png');

  await page.reload();
  const reloaded = Date.now();
  await until('the call is back after the reload', async () => (await page.getAttribute(id('call-state'), 'data-state')) === 'talking', 15000);
  step(`back after ${((Date.now() - reloaded) / 1000).toFixed(1)} s`);
  await pause(1000);
  await record(page, 12, join(WORK, 'agent_heard_again.wav'));
  signal('hangup');
  const conversations = await until('the record shows the end', async () => {
    const list = await api('/conversations');
    return list.items[0]?.ended_at && list.items;
  });
  const call = await until('all speech is settled', async () => {
    const whole = await api(`/conversations/${conversations[0].id}`);
    const said = (speaker) => whole.entries.filter((e) => e.kind === 'speech' && e.speaker === speaker && e.final).map((e) => e.text).join(' ');
    return found(said('customer'), CALLER).length >= 4 && found(said('agent'), AGENT).length >= 4 && whole;
  }, 30000);
  assert.equal(call.channel, 'voice');
  assert.equal(call.queue, 'support');
  assert.equal(call.agent, 'alice');
  assert.ok(call.ticket_id, 'the call has a ticket');
  assert.ok(call.entries.some((e) => e.kind === 'digit' && e.text === '2'), 'the key is in the record');
  assert.ok(call.entries.some((e) => e.kind === 'event' && e.text === 'parked') && call.entries.some((e) => e.text === 'returned'), 'the reload is in the record');
  assert.ok(call.entries.some((e) => e.kind === 'event' && e.text === 'offered' && JSON.parse(typeof e.detail === 'string' ? e.detail : JSON.stringify(e.detail)).why), 'the offer says why');
  for (const entry of call.entries.filter((e) => e.kind === 'speech')) assert.ok(entry.end_ms > entry.start_ms, 'speech has times');
  const ticket = await api(`/tickets/${call.ticket_id}`);
  assert.ok(JSON.stringify(ticket).includes(call.id), 'the ticket knows its conversation');
  assert.equal(ticket.state, 'in_progress', 'somebody is on it');
  step(`the record: ${call.entries.length} entries, ticket ${call.ticket_id} ${ticket.state}`);
  if (await page.$(id('wrapup-done'))) await page.click(id('wrapup-done'));

  const visitor = await browser.newContext({ viewport: { width: 1200, height: 800 }, locale: 'en-US' });
  const shop = await visitor.newPage();
  await shop.goto(`${HTTP}/demo`);
  await shop.click(id('chat-bubble'));
  await shop.fill(id('chat-input'), 'Hello, where is my parcel?');
  await shop.click(id('chat-send'));
  await page.waitForSelector(id('offer-card'), { timeout: 30000 });
  await page.click(id('answer'));
  await until('the agent sees the message', async () => (await lines(page, 'customer', 'message')).some((line) => line.includes('where is my parcel')));
  await page.fill(`${id('composer')} textarea, textarea${id('composer')}`, 'It is on its way and arrives today.');
  await page.click(id('send'));
  await until('the customer sees the answer', async () => (await shop.$$eval(`${id('chat-line')}[data-speaker="agent"]`, (all) => all.map((line) => line.textContent))).some((line) => line.includes('on its way')));
  step('a chat from /demo came to the same agent and was answered');
  await shoot(shop, 'customer-chat.png');
  await shop.reload();
  await until('the chat survives a reload', async () => {
    if (!(await shop.isVisible(id('chat-input')))) await shop.click(id('chat-bubble'));
    return (await shop.$$eval(id('chat-line'), (all) => all.map((line) => line.textContent).join(' '))).includes('on its way');
  });
  const chat = (await api('/conversations')).items.find((c) => c.channel === 'chat');
  assert.ok(chat.ticket_id, 'the chat has a ticket in the same list');
  const tickets = (await api('/tickets')).items.map((t) => t.id);
  assert.ok(tickets.includes(chat.ticket_id) && tickets.includes(call.ticket_id), 'one list holds both tickets');
  step(`chat ticket ${chat.ticket_id} beside call ticket ${call.ticket_id}`);
} finally {
  if (!existsSync(join(WORK, 'dial'))) signal('dial');
  signal('hangup');
  await browser.close();
}
