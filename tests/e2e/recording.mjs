// The conversation's page plays the recording and lights the line that is spoken: see recording.sh.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { HTTP, CALL, ROOT, SUE_PASSWORD, SCREENSHOTS } = process.env;
const require = createRequire(join(ROOT, 'web/package.json'));
const { chromium } = require('playwright-core');
const id = (name) => `[data-testid="${name}"]`;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required'],
});
try {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US' })).newPage();
  page.on('pageerror', (error) => console.log(`  page error: ${error.message}`));
  await page.goto(HTTP);
  await page.fill(`${id('name')} input, input${id('name')}`, 'sue');
  await page.fill(`${id('password')} input, input${id('password')}`, SUE_PASSWORD);
  await page.click(id('sign-in'));
  await page.waitForSelector('nav, .shell, h1');
  await page.goto(`${HTTP}/conversations/${CALL}`);
  await page.waitForSelector(id('recording-player'));
  await page.waitForSelector(`${id('line')}[data-kind="speech"]`, { timeout: 20000 });
  const length = await page.evaluate(() => new Promise((done, failed) => {
    const audio = document.querySelector('[data-testid="recording-player"]');
    if (audio.readyState > 0) done(audio.duration);
    audio.onloadedmetadata = () => done(audio.duration);
    audio.onerror = () => failed(new Error(audio.error?.message));
  }));
  assert.ok(length > 10, `it lasts ${length} s`);
  // From the time of the first line that was said: the sound begins there, and the line is lit.
  await page.click(`${id('line')}[data-kind="speech"] button`);
  await page.waitForSelector(`${id('line')}[data-kind="speech"][data-lit="true"]`, { timeout: 8000 });
  const lit = await page.textContent(`${id('line')}[data-lit="true"]`);
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, 'recording.png') });
  console.log(`  played in the page (${length.toFixed(1)} s); lit: ${lit.slice(0, 60)}`);
} finally {
  await browser.close();
}
