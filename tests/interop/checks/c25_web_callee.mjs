#!/usr/bin/env node
// Chromium + JsSIP (LIB=jssip) or SIP.js (LIB=sipjs) registered over SIP-WebSocket takes a call that somebody else places: READY is created when it may be placed.
// It must hear HEARD within SECONDS, and save what it heard as WAV. env: WSURL SIPUSER SIPPASS DOMAIN SPEAKS (48 kHz wav) HEARD WAV READY LIB
import fs from 'fs'; import path from 'path'; import { execFileSync } from 'child_process';
const root = path.join(path.dirname(new URL(import.meta.url).pathname), '..');
const { serve, launch, page, until, saveRx, sleep } = await import(path.join(root, 'js/browser.mjs'));
const { WSURL, SIPUSER, SIPPASS, DOMAIN, SPEAKS, HEARD, WAV, READY, LIB = 'jssip', PYV = 'python3', SECONDS = '9' } = process.env;
const name = `c25_web_callee.mjs[${LIB}]`;
const server = await serve();
const browser = await launch({ wav: SPEAKS, ignoreCerts: true });
async function finish(ok, why) {
  console.log(`${ok ? 'PASS' : 'FAIL'} ${name}: ${why}`);
  await browser.close().catch(() => {});
  server.close();
  process.exit(ok ? 0 : 1);
}
const phone = await page(browser, `http://127.0.0.1:${server.address().port}/phone.html`, 'B');
const uri = `sip:${SIPUSER}@${DOMAIN}`;
if (LIB === 'jssip') await phone.evaluate((args) => window.jsStart(...args), [WSURL, uri, SIPPASS]);
else await phone.evaluate((args) => window.sjStart(...args), [WSURL, uri, SIPUSER, SIPPASS]);
const registered = (event) => (event[0] === 'ua' && event[1] === 'registered') || (event[0] === 'reg' && event[1] === 'Registered');
if (!(await until(phone, registered, 8000))) await finish(false, `not registered: ${JSON.stringify(phone.evs)}`);
fs.writeFileSync(READY, '');
const began = (event) => event[0] === 'call' && (event[1] === 'confirmed' || event[1] === 'Established');
if (!(await until(phone, began, 15000))) await finish(false, `no call came: ${JSON.stringify(phone.evs)}`);
await sleep(Number(SECONDS) * 1000);
await saveRx(phone, WAV);
let said;
try { said = execFileSync(PYV, [path.join(root, 'bin/audiochk.py'), WAV, HEARD], { encoding: 'utf8' }).trim(); } catch (error) { said = (error.stdout || `FAIL ${error.message}`).trim(); }
// The caller hangs up: the page must be told.
const over = (event) => event[0] === 'call' && (event[1] === 'ended' || event[1] === 'Terminated');
const told = await until(phone, over, 10000);
await finish(said.startsWith('PASS') && told, `${said}${told ? '' : '; the end was not told'}`);
