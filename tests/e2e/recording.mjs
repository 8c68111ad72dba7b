// The conversation's page plays the recording and lights the line that is spoken: see recording.sh.
import assert from 'node:assert/strict';
import { HTTP, id, launch, newPage, shoot, signIn, step } from './browser.mjs';

const { CALL } = process.env;
const browser = await launch();
try {
  const page = await newPage(browser);
  await signIn(page, 'sue');
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
  await shoot(page, 'recording.png');
  step(`played in the page (${length.toFixed(1)} s); lit: ${lit.slice(0, 60)}`);
} finally {
  await browser.close();
}
