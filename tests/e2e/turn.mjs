// See turn.sh: relay candidates only; a wrong password gets none, the API's gets a call with audio.
import { execFileSync } from 'node:child_process';
import path from 'node:path';

const { HTTP, HTTP_PORT, API_KEY, ROOT, WORK, PYV } = process.env;
const interop = path.join(ROOT, 'tests/interop');
const { serve, launch, page, until, saveRx, sleep } = await import(path.join(interop, 'js/browser.mjs'));
const answer = await fetch(`${HTTP}/api/v1/ice-servers`, { headers: { Authorization: `Bearer ${API_KEY}` } });
const { items } = await answer.json();
const server = await serve();
const browser = await launch({ wav: `${interop}/media/caller_long_48000.wav` });
const phone = await page(browser, `http://127.0.0.1:${server.address().port}/phone.html`, 'T');
async function finish(ok, why) {
  console.log(`  ${ok ? 'PASS' : 'FAIL'} turn: ${why}`);
  await browser.close().catch(() => {});
  server.close();
  process.exit(ok ? 0 : 1);
}
if (items.length !== 1 || !items[0].credential) await finish(false, `no servers: ${JSON.stringify(items)}`);
const relays = (servers) => phone.evaluate(async (iceServers) => {
  const peer = new RTCPeerConnection({ iceServers, iceTransportPolicy: 'relay' });
  const found = [];
  peer.onicecandidate = (event) => event.candidate?.candidate && found.push(event.candidate.type);
  peer.addTransceiver('audio');
  await peer.setLocalDescription(await peer.createOffer());
  for (let n = 0; n < 40 && peer.iceGatheringState !== 'complete'; n += 1) await new Promise((done) => setTimeout(done, 100));
  peer.close();
  return found;
}, servers);
const wrong = await relays([{ ...items[0], credential: 'guessed' }]);
if (wrong.length) await finish(false, `a guessed password got ${wrong}`);
await phone.evaluate((args) => window.jsStart(...args), [`ws://127.0.0.1:${HTTP_PORT}/sip`, 'sip:visitor@127.0.0.1', '', { register: false }]);
await until(phone, (event) => event[1] === 'connected', 5000);
await phone.evaluate((iceServers) => {
  const session = window._ua.call('sip:1000@127.0.0.1', { mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers, iceTransportPolicy: 'relay' } });
  attach(session.connection);
}, items);
if (!(await until(phone, (event) => event[0] === 'call' && event[1] === 'confirmed', 12000))) await finish(false, `no call: ${JSON.stringify(phone.evs)}`);
await sleep(9000);
const pair = await phone.evaluate(async () => {
  const stats = await window._pc.getStats();
  const all = [...stats.values()];
  const chosen = all.find((one) => one.type === 'candidate-pair' && one.nominated && one.state === 'succeeded');
  return chosen && stats.get(chosen.localCandidateId)?.candidateType;
});
const file = path.join(WORK, 'turn.wav');
await saveRx(phone, file);
const { numbers } = JSON.parse(execFileSync('sh', ['-c', 'cat "$DATA"/demo.json'], { encoding: 'utf8' }));
let said;
try { said = execFileSync(PYV, [`${interop}/bin/audiochk.py`, file, numbers['1000'].plays], { encoding: 'utf8' }).trim(); } catch (error) { said = (error.stdout || error.message).trim(); }
await finish(pair === 'relay' && said.startsWith('PASS'), `by ${pair}: ${said}`);
