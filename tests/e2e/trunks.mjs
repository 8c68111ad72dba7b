// An agent who calls out, and the administrator's view of the trunk: see trunks.sh.
import assert from 'node:assert/strict';
import { join } from 'node:path';

import { INTEROP, WORK, api, field, id, launch, newPage, pause, record, shoot, signIn, step, until } from './browser.mjs';

const trunk = async () => (await api('/trunks')).items[0];
await until('the trunk is registered', async () => (await trunk()).state === 'registered', 15000);
step('registered with the server that lives');

const browser = await launch({ microphone: `${INTEROP}/media/agent_long_48000.wav` });
try {
  const page = await newPage(browser);
  await signIn(page, 'alice');
  const ended = async () => (await api('/conversations')).items[0];
  const dial = async (number) => {
    await page.click(id('dial'));
    await page.fill(field('dial-number'), number);
    if (number.startsWith('0171')) await shoot(page, 'dial-pad.png');
    await page.click(id('dial-call'));
  };
  for (const [number, reason] of [['0900 123', 'forbidden'], ['sip:mallory@127.0.0.1:9', 'not_allowed']]) {
    await dial(number);
    await until(`${number} is refused`, async () => (await ended())?.reason === reason);
    await until('the page is free again', async () => (await page.$(id('wrapup-done')))?.click().then(() => true), 5000).catch(() => undefined);
    step(`${number}: ${reason}`);
    await pause(500);
  }
  await dial('0171 123456');
  await until('the call is being placed', async () => (await page.getAttribute(id('call-state'), 'data-state')) !== null);
  await until('the page plays', async () => (await page.getAttribute(id('device'), 'data-audio')) === 'connected');
  // The carrier answers seven seconds after it began to speak.
  await record(page, 3.6, join(WORK, 'early.wav'));
  await until('the call is connected', async () => (await page.getAttribute(id('call-state'), 'data-state')) === 'talking');
  step('answered');
  assert.equal((await trunk()).calls, 1);
  await record(page, 8, join(WORK, 'talk.wav'));
  await shoot(page, 'outbound-call.png');
  await page.click(id('hang-up'));
  const call = await until('the record shows the end', async () => { const one = await ended(); return one?.ended_at && one; });
  assert.equal(call.reason, 'agent_hangup');
  assert.equal(call.agent, 'alice');
  assert.ok(call.ticket_id, 'it has a ticket');
  step('hung up; there is a ticket');
  const board = await api('/trunks');
  assert.equal(board.items[0].calls, 0);
  assert.equal(board.used[0].begins, '+49');
  assert.ok(board.used[0].calls === 1 && board.used[0].minutes > 0.1, JSON.stringify(board.used));
  const admin = await newPage(browser);
  await signIn(admin, 'admin');
  await admin.click(id('nav-settings'));
  await admin.waitForSelector(id('trunk-carrier'));
  await shoot(admin, 'trunks.png');
} finally {
  await browser.close();
}
