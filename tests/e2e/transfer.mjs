// The browsers of two agents and a supervisor: see transfer.sh.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { HTTP, WORK, ROOT, API_KEY, SCREENSHOTS } = process.env;
const require = createRequire(join(ROOT, 'web/package.json'));
const { chromium } = require('playwright-core');
const signal = (name) => writeFileSync(join(WORK, name), '');
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const id = (name) => `[data-testid="${name}"]`;
const step = (text) => console.log(`  ${text}`);
async function until(what, check, ms = 20000) {
  const end = Date.now() + ms;
  let last;
  while (Date.now() < end) {
    try { last = await check(); if (last) return last; } catch (error) { last = error; }
    await pause(150);
  }
  throw new Error(`not within ${ms} ms: ${what} (last: ${last instanceof Error ? last.message : JSON.stringify(last)})`);
}
async function api(path) {
  const response = await fetch(`${HTTP}/api/v1${path}`, { headers: { Authorization: `Bearer ${API_KEY}` } });
  assert.equal(response.status, 200, `${path}: ${response.status}`);
  return response.json();
}
const agentState = async (name) => (await api('/agents')).items.find((agent) => agent.name === name)?.state;

/** A browser of their own: the microphone's file is a flag of the whole browser. */
async function person(name, ready) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
      '--autoplay-policy=no-user-gesture-required', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${WORK}/${name}_long.wav`],
  });
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, permissions: ['microphone'], locale: 'en-US' })).newPage();
  page.on('pageerror', (error) => console.log(`  ${name}: page error: ${error.message}`));
  await page.goto(HTTP);
  await page.fill(`${id('name')} input, input${id('name')}`, name);
  await page.fill(`${id('password')} input, input${id('password')}`, process.env[`${name.toUpperCase()}_PASSWORD`]);
  await page.click(id('sign-in'));
  if (ready) {
    await page.waitForSelector(id('ready-switch'));
    await page.click(id('ready-switch'));
    await until(`${name} is ready`, async () => (await agentState(name)) === 'ready');
  } else {
    await page.waitForSelector('nav');
  }
  return { name, browser, page };
}

/** Records what a page's remote audio plays, as a 16-bit wav. */
async function record({ page }, seconds, file) {
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
/** A step: what these people hear meanwhile is kept, and when it was, for what the customer's phone kept. */
async function during(name, seconds, people) {
  const from = Date.now() / 1000;
  await Promise.all([pause(seconds * 1000), ...people.map((one) => record(one, seconds, join(WORK, `${one.name}_${name}.wav`)))]);
  writeFileSync(join(WORK, `${name}.time`), `${from} ${Date.now() / 1000}\n`);
}
const shoot = (one, name) => one.page.screenshot({ path: join(SCREENSHOTS, name) });
const talking = ({ name, page }) => until(`${name} talks`, async () => (await page.getAttribute(id('call-state'), 'data-state')) === 'talking' && (await page.getAttribute(id('device'), 'data-audio')) === 'connected');
async function choose(page, target) {
  await page.click(id('transfer'));
  await page.click(`${id('transfer-form')} .ant-select`);
  await page.keyboard.type(target, { delay: 30 });
  await page.click(`.ant-select-item-option:has-text("${target}")`);
}

mkdirSync(SCREENSHOTS, { recursive: true });
const everybody = [];
try {
  const alice = await person('alice', true);
  everybody.push(alice);
  signal('dial');
  const [bob, sue] = await Promise.all([person('bob', false), person('sue', false)]);
  everybody.push(bob, sue);
  await alice.page.click(id('answer'), { timeout: 30000 });
  await talking(alice);
  const call = (await api('/conversations?open=true')).items[0].id;
  await during('talk', 6, []);
  step('alice talks with the customer');

  await choose(alice.page, 'bob');
  await alice.page.click(id('consult'));
  await alice.page.waitForSelector(`${id('call-other')}[data-who="bob"][data-state="ringing"]`);
  await bob.page.click(id('answer'), { timeout: 10000 });
  await talking(bob);
  await alice.page.waitForSelector(`${id('call-other')}[data-who="bob"][data-state="aside"]`);
  assert.equal(await agentState('bob'), 'talking', 'the router knows that bob is busy');
  await during('aside', 6, [alice, bob]);
  step('bob is asked aside');

  await alice.page.click(id('join'));
  await alice.page.waitForSelector(`${id('call-other')}[data-who="bob"][data-state="joined"]`);
  await during('conference', 16, [alice]);
  await shoot(alice, 'conference.png');
  step('all three');

  await alice.page.click(id('hang-up'));
  await until('alice is free', async () => (await agentState('alice')) === 'wrapup');
  assert.equal((await api(`/conversations/${call}`)).agent, 'bob', 'the customer is with bob');
  await sue.page.goto(`${HTTP}/floor`);
  await sue.page.click(`${id('in-progress')}[data-conversation="${call}"]`);
  await sue.page.click(id('watch-listen'));
  await until('sue listens', async () => (await sue.page.getAttribute(id('watching'), 'data-audio')) === 'connected' && (await sue.page.getAttribute(id('watching'), 'data-mode')) === 'listen');
  await bob.page.waitForSelector(id('watched'));
  await during('watched', 16, [bob, sue]);
  await shoot(sue, 'listening.png');
  await shoot(bob, 'listened-to.png');
  step('bob has the customer, sue listens');

  await sue.page.click(id('watch-whisper'));
  await until('sue whispers', async () => (await sue.page.getAttribute(id('watching'), 'data-mode')) === 'whisper');
  await during('whispered', 16, [bob]);
  await sue.page.click(id('watch-off'));
  step('sue whispers, and leaves');

  if (await alice.page.$(id('wrapup-done'))) await alice.page.click(id('wrapup-done'));
  await choose(bob.page, 'alice');
  await shoot(bob, 'transfer.png');
  await bob.page.click(id('transfer-now'));
  await until('bob is free', async () => (await agentState('bob')) !== 'talking');
  await alice.page.click(id('answer'), { timeout: 10000 });
  await talking(alice);
  await during('back', 6, []);
  step('bob transferred back to alice');
  signal('hangup');
  const whole = await until('the record shows the end', async () => {
    const one = await api(`/conversations/${call}`);
    return one.ended_at && one;
  });
  const codes = whole.entries.filter((entry) => entry.kind === 'event').map((entry) => entry.text);
  for (const code of ['consulting', 'joined', 'transferred', 'listening', 'whispering', 'watch_over', 'quality']) assert.ok(codes.includes(code), `${code} is in the record`);
  const handed = whole.entries.filter((entry) => entry.text === 'transferred').map((entry) => `${entry.detail.by} to ${entry.detail.to}, ${entry.detail.how}`);
  assert.deepEqual(handed, ['alice to bob, attended', 'bob to alice, blind']);
  assert.equal(whole.agent, 'alice');
  const ticket = await api(`/tickets/${whole.ticket_id}`);
  assert.equal(ticket.state, 'in_progress');
  const quality = whole.entries.find((entry) => entry.text === 'quality' && entry.leg === 0).detail;
  assert.ok(quality.mos > 3.5 && quality.lost_percent < 5, JSON.stringify(quality));
  const speakers = new Set(whole.entries.filter((entry) => entry.kind === 'speech').map((entry) => entry.author ?? entry.speaker));
  step(`the record: ${handed.join('; ')}; ticket ${ticket.id}; heard by name: ${[...speakers].join(', ')}; the customer's line: MOS ${quality.mos}`);
} catch (error) {
  await Promise.allSettled(everybody.map((one) => shoot(one, `transfer-failed-${one.name}.png`)));
  throw error;
} finally {
  signal('dial');
  signal('hangup');
  await Promise.all(everybody.map((one) => one.browser.close()));
}
