// The conversation's page plays the recording and lights the line that is spoken: see recording.sh.
import assert from 'node:assert/strict';
import { HTTP, accessible, api, id, launch, newPage, shoot, signIn, speak, step, until } from './browser.mjs';

const { CALL } = process.env;
const line = (seq) => `${id('line')}[data-seq="${seq}"]`;

/** A line is corrected by keyboard alone: it says the new after a reload, is found by it, exported with it, and tells what was recognised. */
async function corrected(page) {
  await page.evaluate(() => document.querySelector('[data-testid="recording-player"]').pause());
  const said = (await api(`/conversations/${CALL}`)).entries.find((entry) => entry.kind === 'speech' && entry.speaker === 'customer');
  assert.ok(said.confidence > 0 && said.confidence <= 1, `confidence ${said.confidence}`);
  assert.ok(said.detail.words.every((word) => word[3] > 0 && word[3] <= 1), JSON.stringify(said.detail.words));
  await page.focus(`${line(said.seq)} ${id('edit-line')}`);
  await page.keyboard.press('Enter');
  await page.waitForSelector(id('line-editor'));
  await page.keyboard.press('Escape');
  await until('Escape leaves, and the keyboard is where it was', () => page.evaluate(() => document.activeElement?.dataset.testid === 'edit-line'));
  await page.keyboard.press('F2');
  await page.waitForSelector(id('line-editor'));
  await page.keyboard.press('End');
  await page.keyboard.type(' The periwinkle parcel, card 4111 1111 1111 1111.');
  await shoot(page, 'transcript-correcting.png');
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector(`${line(said.seq)} ${id('corrected')}`);
  await page.reload();
  await page.waitForSelector(`${line(said.seq)} ${id('corrected')}`, { timeout: 20000 });
  const text = await page.textContent(`${line(said.seq)} .line-text`);
  assert.ok(text.includes('periwinkle parcel, card [card number].') && !text.includes('4111'), text);
  await page.focus(`${line(said.seq)} ${id('corrected')}`);
  await until('the mark tells what was recognised', async () => (await page.textContent(`${id('line-history')} li[data-revision="0"]`)).includes(said.text));
  await accessible(page, 'a corrected line');
  await shoot(page, 'transcript-corrected.png');
  await speak(page, '中文');
  await shoot(page, 'transcript-corrected-zh.png', { fullPage: true });
  await speak(page, 'English');
  const found = (await api('/search?q=periwinkle')).items;
  assert.deepEqual(found.map((hit) => [hit.conversation, hit.entry_seq]), [[CALL, said.seq]]);
  const versions = (await api(`/conversations/${CALL}/entries/${said.seq}/history`)).items;
  assert.deepEqual(versions.map((one) => one.by), [null, 'sue']);
  assert.equal(versions[0].text, said.text);
  const whole = await api(`/conversations/${CALL}/transcript?format=json`);
  const now = whole.lines.find((one) => one.corrected);
  assert.ok(now.text.includes('periwinkle') && now.corrected.original === said.text && now.words.every((word) => word.start_ms >= now.start_ms && word.end_ms <= now.end_ms));
  assert.ok(!JSON.stringify([whole, versions]).includes('4111'));
  step(`corrected by keyboard: "${said.text}" → "${text}"; found, exported, the original is kept (confidence ${said.confidence})`);
}
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
  await corrected(page);
} finally {
  await browser.close();
}
