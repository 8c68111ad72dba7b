// What every browser script of these tests needs: Chromium with a microphone that speaks a file, waiting, the API with the demonstration's key, signing in, recording what a page
// plays, pictures. What a page should show is the business of the script that says so.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

export const { HTTP, WORK, ROOT, INTEROP, API_KEY, SCREENSHOTS } = process.env;
/** Where the pages are: another server of them while they are worked on. */
export const PAGES = process.env.PAGES ?? HTTP;
/** Packages of the pages, for the tests too. */
export const require = createRequire(join(ROOT, 'web/package.json'));
const { chromium } = require('playwright-core');

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--autoplay-policy=no-user-gesture-required', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'];
/** A browser; `microphone` is a wav that is spoken over and over (a flag of the whole browser: who speaks something else needs a browser of their own). */
export const launch = ({ microphone, flags = [] } = {}) => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  args: [...FLAGS, ...(microphone ? [`--use-file-for-fake-audio-capture=${microphone}`] : []), ...flags],
});

/** By what the pages name for tests. */
export const id = (name, more = '') => `[data-testid="${name}"]${more}`;
/** The box one types into: the named element itself, or within it. */
export const field = (name) => ['input', 'textarea'].map((kind) => `${id(name)} ${kind}, ${kind}${id(name)}`).join(', ');
export const step = (text) => console.log(`  ${text}`);
export const pause = (ms) => new Promise((done) => setTimeout(done, ms));
/** Repeats `check` until it gives something true, and gives that; an error of it counts as "not yet". */
export async function until(what, check, ms = 20000) {
  const end = Date.now() + ms;
  let last;
  while (Date.now() < end) {
    try { last = await check(); if (last) return last; } catch (error) { last = error; }
    await pause(100);
  }
  throw new Error(`not within ${ms} ms: ${what} (last: ${last instanceof Error ? last.message : JSON.stringify(last)})`);
}
/** Files in the work folder are the whole protocol between a script and the shell that runs phones beside it. */
export const signal = (name) => writeFileSync(join(WORK, name), '');
export const signalled = (name) => existsSync(join(WORK, name));
export const signalOf = (name, ms = 60000) => until(name, () => signalled(name), ms);

/** GETs, or POSTs a body, with the key of the demonstration; anything but success fails the test. */
export async function api(path, body) {
  const headers = { Authorization: `Bearer ${API_KEY}`, 'Content-Type': 'application/json' };
  const response = await fetch(`${HTTP}/api/v1${path}`, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers });
  assert.ok(response.ok, `${path}: ${response.status}`);
  return response.json();
}
export const agentState = async (name) => (await api('/agents')).items.find((agent) => agent.name === name)?.state;

/** A page of its own, with nothing stored; `stumbled` is told each error of its scripts. */
export async function newPage(browser, { width = 1440, height = 900, locale = 'en-US', stumbled = (message) => console.log(`  page error: ${message}`) } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, permissions: ['microphone', 'camera'], locale });
  const page = await context.newPage();
  page.on('pageerror', (error) => stumbled(error.message));
  return page;
}
/** Opens an address and tells how many bytes of script, as they travelled, the page had asked for when what `selector` names was there. */
export async function scriptBytes(page, address, selector) {
  await page.addInitScript((selector) => {
    const look = new MutationObserver(() => {
      if (window.__seenAt || !document.querySelector(selector)) return;
      window.__seenAt = performance.now();
      look.disconnect();
    });
    look.observe(document, { childList: true, subtree: true });
  }, selector);
  await page.goto(address);
  await page.waitForSelector(selector);
  return page.evaluate(() => performance.getEntriesByType('resource')
    .filter((one) => /\.js$/.test(new URL(one.name).pathname) && one.startTime <= window.__seenAt)
    .reduce((sum, one) => sum + one.encodedBodySize, 0));
}
/** Signs in with the password that the shell exported as NAME_PASSWORD. */
export async function signIn(page, name) {
  await page.goto(PAGES);
  await page.fill(field('name'), name);
  await page.fill(field('password'), process.env[`${name.toUpperCase()}_PASSWORD`]);
  await page.click(id('sign-in'));
  await page.waitForSelector(id('nav-tickets'));
}
export async function becomeReady(page, name) {
  await page.waitForSelector(id('ready-switch'));
  await page.click(id('ready-switch'));
  await until(`${name} is ready`, async () => (await agentState(name)) === 'ready');
}
/** The page in another language: `中文` or `English`. */
export async function speak(page, language) {
  await page.click(`${id('language')} >> text=${language}`);
  await page.waitForSelector(`html[lang="${language === '中文' ? 'zh-CN' : 'en'}"]`);
}
/** Takes an option, a locator within the list, of the Ant Design select at `select`. */
export async function take(page, select, option) {
  const item = page.locator(`.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option${option}`);
  await until(`${select} opens`, async () => {
    if (!(await item.isVisible())) await page.click(select);
    await item.waitFor({ timeout: 2000 });
    return true;
  });
  await item.click();
}

/** Records for so many seconds what the page's remote audio plays, as a 16-bit wav. */
export async function record(page, seconds, file) {
  // A locator looks into the bubble of a customer's page as well.
  const samples = await page.locator('audio').evaluateAll(async (all, seconds) => {
    const audio = all.find((element) => element.srcObject);
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
/** What axe-core finds serious or worse on a page (WCAG 2.2, A and AA) fails the test: in light colours and, of staff pages, in dark ones. */
export async function accessible(page, where, looks = ['light', 'dark']) {
  await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
  // What fades from one colour to the other would be measured between the two.
  await page.addStyleTag({ content: '* { transition: none !important; }' });
  // A button that waits for its answer is pale.
  await page.waitForFunction(() => !document.querySelector('.ant-btn-loading'), undefined, { timeout: 10_000 });
  for (const colorScheme of looks) {
    await page.emulateMedia({ colorScheme });
    await pause(150);
    const found = await page.evaluate(async () => {
      const { violations } = await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] });
      return violations.filter((one) => ['serious', 'critical'].includes(one.impact)).map((one) => `${one.id}: ${one.nodes.slice(0, 5).map((node) => `${node.target.join(' ')} ${node.any[0]?.data?.fgColor ?? ''} on ${node.any[0]?.data?.bgColor ?? ''} ${node.any[0]?.data?.contrastRatio ?? ''}`).join(', ')}`);
    });
    assert.deepEqual(found, [], `axe on ${where}, ${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: null });
}
/** A step: what these people (a name and a page each) hear meanwhile is kept, and when it was, for what a phone kept. */
export async function during(name, seconds, people = []) {
  const from = Date.now() / 1000;
  await Promise.all([pause(seconds * 1000), ...people.map((one) => record(one.page, seconds, join(WORK, `${one.name}_${name}.wav`)))]);
  writeFileSync(join(WORK, `${name}.time`), `${from} ${Date.now() / 1000}\n`);
}
export async function shoot(page, name, options = {}) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, name), ...options });
}
