// The browsers of a customer and two agents in a video call: see video.sh.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { HTTP, WORK, api, becomeReady, id, launch, newPage, record, shoot, signIn, step as tell, take, until } from './browser.mjs';

const began = Date.now();
/** A picture of moving pictures takes its time where cores are few. */
const PATIENT = { timeout: 60000 };
const step = (text) => tell(`${((Date.now() - began) / 1000).toFixed(1)} s: ${text}`);

/** A browser of their own: microphone and camera are flags of the whole browser. */
async function person(name) {
  const browser = await launch({ microphone: `${WORK}/${name}_long.wav`, flags: ['--use-fake-device-for-media-stream=fps=10'] });
  const page = await newPage(browser, { height: 1000, stumbled: (message) => console.log(`  ${name}: page error: ${message}`) });
  // The connections of a page, for its statistics; and a small camera, so that three browsers fit two cores.
  await page.addInitScript(() => {
    const media = navigator.mediaDevices;
    const open = media?.getUserMedia.bind(media);
    if (media) media.getUserMedia = (wanted) => open(wanted.video ? { ...wanted, video: { width: 320, height: 240, frameRate: 10 } } : wanted);
    const Real = window.RTCPeerConnection;
    window.peers = [];
    window.RTCPeerConnection = class extends Real {
      constructor(...given) { super(...given); window.peers.push(this); }
    };
  });
  return { name, browser, page };
}
async function agent(name) {
  const one = await person(name);
  await signIn(one.page, name);
  return one;
}

/** What a page received and drew: frames decoded (statistics), frames and size of the element, codec. */
async function seen({ page }, element) {
  const drawn = await page.locator(id(element)).evaluate((video) => ({ width: video.videoWidth, height: video.videoHeight, live: video.dataset.live }));
  const stats = await page.evaluate(async () => {
    const peer = window.peers.filter((one) => one.connectionState === 'connected').at(-1);
    if (!peer) return { decoded: 0 };
    const all = [...(await peer.getStats()).values()];
    const video = all.find((one) => one.type === 'inbound-rtp' && one.kind === 'video');
    if (!video) return { decoded: 0 };
    const codec = all.find((one) => one.id === video.codecId)?.mimeType;
    return { decoded: video.framesDecoded ?? 0, keyframes: video.keyFramesDecoded, nacks: video.nackCount, plis: video.pliCount, codec };
  });
  return { ...drawn, ...stats };
}
/** Frames come: they are decoded one after another, and drawn. */
async function pictures(one, element, what, ms = 20000) {
  const from = Date.now();
  const first = await until(`${what}: a first picture`, async () => {
    const now = await seen(one, element);
    return now.decoded > 0 && now.live === 'true' && now.width > 0 && now;
  }, ms);
  const after = Date.now() - from;
  const more = await until(`${what}: more pictures than ${first.decoded}`, async () => {
    const now = await seen(one, element);
    return now.decoded >= first.decoded + 8 && now;
  });
  assert.ok(more.width >= 160 && more.height >= 120, `${what}: ${more.width}x${more.height}`);
  step(`${what}: ${more.width}x${more.height} ${more.codec}, ${more.decoded} frames (${more.keyframes} whole), first after ${after} ms`);
  return more;
}

const talking = ({ name, page }) => until(`${name} talks`, async () => (await page.getAttribute(id('call-state'), 'data-state')) === 'talking' && (await page.getAttribute(id('device'), 'data-audio')) === 'connected');
const found = (text, words) => words.filter((word) => text.toLowerCase().includes(word));

const everybody = [];
try {
  // One after another: three browsers that start at once keep two cores busy for long.
  const alice = await agent('alice');
  everybody.push(alice);
  const bob = await agent('bob');
  everybody.push(bob);
  const customer = await person('customer');
  everybody.push(customer);
  await becomeReady(alice.page, 'alice');
  await customer.page.goto(`${HTTP}/demo`);
  await customer.page.click(id('chat-bubble'));
  await shoot(customer.page, 'customer-call-buttons.png');
  await customer.page.click(id('call-video'));
  await alice.page.waitForSelector(`${id('offer-card')}[data-channel="video"]`, { timeout: 30000 });
  step('the video call came through the queue to alice');
  await alice.page.click(id('answer'));
  await talking(alice);
  const call = (await api('/conversations?open=true')).items[0].id;
  const first = await pictures(alice, 'remote-video', 'alice sees the customer');
  assert.match(first.codec, /^video\/(VP8|VP9|H264|AV1)$/);
  assert.equal(await customer.page.getAttribute(id('call-seen'), 'data-live'), 'false', 'alice shows nothing before she wants to');
  await alice.page.click(id('camera'));
  await pictures(customer, 'call-seen', 'the customer sees alice');
  await Promise.all([
    record(alice.page, 9, join(WORK, 'alice_heard.wav')),
    record(customer.page, 9, join(WORK, 'customer_heard.wav')),
  ]);
  await Promise.all([shoot(alice.page, 'agent-video.png', PATIENT), shoot(customer.page, 'customer-video.png', PATIENT)]);

  await alice.page.click(id('share-screen'));
  await until('alice shares her screen', async () => (await alice.page.getAttribute(id('share-screen'), 'aria-pressed')) === 'true');
  const before = (await seen(customer, 'call-seen')).decoded;
  await until('the customer sees her screen', async () => (await seen(customer, 'call-seen')).decoded > before + 2);
  step('alice shares her screen');

  await alice.page.click(id('share-screen'));
  await until('alice shows nothing any more', async () => (await customer.page.getAttribute(id('call-seen'), 'data-live')) === 'false');

  await alice.page.click(id('transfer'));
  await take(alice.page, `${id('transfer-form')} .ant-select`, ':has-text("bob")');
  await alice.page.click(id('transfer-now'));
  await bob.page.click(id('answer'), { timeout: 10000 });
  await talking(bob);
  await pictures(bob, 'remote-video', 'bob sees the customer after the transfer');
  await bob.page.click(id('camera'));
  await until('the customer sees bob', async () => (await customer.page.getAttribute(id('call-seen'), 'data-live')) === 'true');
  await pictures(customer, 'call-seen', 'the customer sees bob');
  await record(bob.page, 8, join(WORK, 'bob_heard.wav'));
  assert.equal((await api(`/conversations/${call}`)).agent, 'bob', 'the customer is with bob');

  await bob.page.reload();
  await talking(bob);
  await pictures(bob, 'remote-video', 'bob sees the customer after a reload');
  await shoot(bob.page, 'agent-video-reloaded.png', PATIENT);
  await customer.page.reload();
  await until('the customer is back', async () => (await customer.page.getAttribute(id('call'), 'data-state')) === 'talking' && (await customer.page.getAttribute(id('call'), 'data-audio')) === 'connected');
  const back = Date.now();
  const now = (await seen(bob, 'remote-video')).decoded;
  await until('bob sees the customer, who reloaded', async () => (await seen(bob, 'remote-video')).decoded > now + 8);
  step(`the customer reloaded, too, and is seen again (${Date.now() - back} ms)`);

  const said = async (speaker) => (await api(`/conversations/${call}`)).entries.filter((entry) => entry.kind === 'speech' && entry.speaker === speaker).map((entry) => entry.text).join(' ');
  await until("the customer's words are in the record", async () => found(await said('customer'), ['ordered', 'lamp', 'monday', 'shade', 'broken', 'crack', 'bottom', 'switch']).length >= 4, 30000);
  await until("the agents' words are in the record", async () => found(await said('agent'), ['alice', 'happy', 'number', 'order', 'lamps', 'damaged', 'workshop', 'bicycles', 'yesterday', 'wheel']).length >= 4, 30000);
  await customer.page.click(id('call-end'));
  const whole = await until('the record shows the end', async () => {
    const one = await api(`/conversations/${call}`);
    return one.ended_at && one;
  });
  assert.equal(whole.channel, 'video');
  assert.equal(whole.queue, 'support');
  assert.equal(whole.reason, 'customer_left');
  assert.ok(whole.ticket_id, 'the call has a ticket');
  assert.match(whole.legs.find((leg) => leg.n === 0).codec, /^opus\/48000, (VP8|VP9|H264|AV1)\/90000$/);
  const codes = whole.entries.filter((entry) => entry.kind === 'event').map((entry) => entry.text);
  for (const code of ['queued', 'transferred', 'parked', 'returned', 'customer_away', 'customer_back']) assert.ok(codes.includes(code), `${code} is in the record: ${codes.join(' ')}`);
  await until('nothing is left open on the page', () => customer.page.evaluate(() => window.peers.every((peer) => peer.connectionState === 'closed')));
  step(`the record: video, ${whole.entries.length} entries, ticket ${whole.ticket_id}; customer: ${(await said('customer')).slice(0, 60)}…`);

  await customer.page.click(id('call-voice'));
  const voice = await until('a voice call from the page waits in the queue', async () => (await api('/conversations?open=true')).items.find((one) => one.channel === 'voice' && ['waiting', 'ringing'].includes(one.state)));
  await until('it is on the page', async () => (await customer.page.getAttribute(id('call'), 'data-audio')) === 'connected' && !(await customer.page.isVisible(id('call-seen'))));
  await customer.page.click(id('call-end'));
  await until('and is over', async () => (await api(`/conversations/${voice.id}`)).ended_at);
  step('a voice call from the page, without pictures');
} catch (error) {
  await Promise.allSettled(everybody.map((one) => shoot(one.page, `video-failed-${one.name}.png`)));
  throw error;
} finally {
  await Promise.all(everybody.map((one) => one.browser.close()));
}
