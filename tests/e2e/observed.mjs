// alice reads a call along that another system carries: see observed.sh.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WORK, accessible, api, id, launch, newPage, shoot, signIn, signal, signalOf, speak, step, until } from './browser.mjs';

const browser = await launch();
try {
  const page = await newPage(browser);
  await signIn(page, 'alice');
  signal('signed_in');
  await page.waitForSelector(id('call-elsewhere'), { timeout: 30000 });
  await signalOf('alice');
  const call = readFileSync(join(WORK, 'alice'), 'utf8').trim();
  assert.equal(await page.getAttribute(id('in-hand'), 'data-conversation'), call);
  assert.match(await page.textContent(id('in-hand-caller')), /Carla/);
  for (const none of ['hold', 'mute', 'hang-up', 'park', 'keypad']) assert.equal(await page.$(id(none)), null, `${none} is offered`);
  const words = (speaker, final) => page.$$eval(id('line', `[data-speaker="${speaker}"][data-final="${final}"] .line-text`), (all) => all.map((line) => line.textContent).join(' '));
  await until('text while the customer speaks', async () => (await words('customer', 'false')).trim() !== '', 30000);
  await until("the customer's words", async () => /lamp|parcel|order/i.test(await words('customer', 'true')), 30000);
  step('the words are at her desk while they are spoken');
  await until("the agent's words", async () => (await words('agent', 'true') + await words('agent', 'false')).trim() !== '', 30000);
  assert.equal((await api('/agents')).items.find((one) => one.name === 'alice').call, call, 'she is busy with it');
  await page.waitForSelector(id('ticket-panel'));
  await accessible(page, 'a call that another system carries');
  await shoot(page, 'observed-call.png');
  await speak(page, '中文');
  await shoot(page, 'observed-call-zh.png');
  await until('it ends at the desk', async () => (await page.$(id('call-elsewhere'))) === null, 40000);
  step('it is over at her desk when it is over there');
} finally {
  await browser.close();
}
