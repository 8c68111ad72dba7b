// Letters to and from the shop, and alice's browser: see mail.sh.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';

import { HTTP, WORK, api, field, id, launch, newPage, pause, shoot as draw, signIn, step, until as patiently } from './browser.mjs';

const { SMTP, PHASE } = process.env;
const until = (what, check, ms = 15000) => patiently(what, check, ms);
/** A customer's mail program. */
function posts(lines, from = 'ann@customer.example', to = 'help@shop.example') {
  const said = ['HELO customer.example', `MAIL FROM:<${from}>`, `RCPT TO:<${to}>`, 'DATA', `${lines.join('\r\n').replace(/^\./gm, '..')}\r\n.`, 'QUIT'];
  return new Promise((done, failed) => {
    const socket = createConnection(Number(SMTP), '127.0.0.1');
    let rest = '';
    socket.on('data', (chunk) => {
      rest += chunk;
      for (let at = rest.indexOf('\r\n'); at >= 0; at = rest.indexOf('\r\n')) {
        const line = rest.slice(0, at);
        rest = rest.slice(at + 2);
        if (!/^[23]/.test(line)) { socket.destroy(); return failed(new Error(line)); }
        if (line[3] === '-') continue;
        const next = said.shift();
        if (next === undefined) { socket.destroy(); return done(); }
        socket.write(`${next}\r\n`);
      }
    }).on('error', failed);
  });
}
/** Letters in a mailbox, as they lie there. */
function mailbox(user) {
  const letters = [];
  for (const folder of ['new', 'cur']) {
    try { for (const name of readdirSync(join(WORK, 'mail', user, folder)).sort()) letters.push(readFileSync(join(WORK, 'mail', user, folder, name), 'utf8').replace(/\r?\n/g, '\n')); } catch { /* none yet */ }
  }
  return letters;
}
const header = (letter, name) => new RegExp(`^${name}: ((?:.*)(?:\n[ \t].*)*)`, 'mi').exec(letter.split('\n\n')[0])?.[1].replace(/\n\s+/g, ' ');
const body = (letter) => Buffer.from(letter.split('\n\n').slice(1).join('').replace(/\s/g, ''), 'base64').toString();
const decoded = (text) => text.replace(/\?=\s+=\?utf-8\?B\?/gi, '?==?utf-8?B?').replace(/=\?utf-8\?B\?([^?]*)\?=/gi, (_, base64) => Buffer.from(base64, 'base64').toString());
const messages = async (conversation, speaker) => (await api(`/conversations/${conversation}`)).entries.filter((entry) => entry.kind === 'message' && entry.speaker === speaker);
const open = async () => (await api('/conversations?open=true')).items.filter((one) => one.channel === 'mail');

const browser = await launch();
const errors = [];
const page = await newPage(browser, { height: 1000, stumbled: (message) => errors.push(message) });
const shoot = (name) => pause(300).then(() => draw(page, `mail-${name}.png`));
await signIn(page, 'alice');
await page.waitForSelector(id('live-link', '[data-link="live"]'));
if ((await page.getAttribute(id('ready-switch'), 'aria-checked')) !== 'true') await page.click(id('ready-switch'));
const writes = async (text) => {
  await page.fill(field('composer'), text);
  await page.click(id('send'));
};
const takes = async () => {
  await page.waitForSelector(id('offer-card', '[data-channel="mail"]'));
  const conversation = await page.getAttribute(id('offer-card'), 'data-conversation');
  await page.click(id('answer'));
  await page.waitForSelector(id('in-hand', `[data-conversation="${conversation}"]`));
  return conversation;
};

if (PHASE === '1') {
  await posts([
    'From: Ann Example <ann@customer.example>', 'To: help@shop.example', 'Subject: =?utf-8?B?54Gv5Z2P5LqG?= broken lamp', 'Message-ID: <a1@customer.example>', 'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b', '', '--b', 'Content-Type: text/html; charset=utf-8', '', '<p>My <b>lamp</b> broke.</p><script>document.title="owned"</script><img src=x onerror="document.title=\'owned\'">',
    '--b', 'Content-Type: text/plain; name=receipt.txt', 'Content-Disposition: attachment; filename="receipt.txt"', '', 'bought yesterday', '--b--',
  ]);
  const conversation = await takes();
  await page.waitForSelector('text=My lamp broke.');
  assert.ok(!(await page.title()).includes('owned'), 'nothing of the HTML ran');
  const detail = await api(`/conversations/${conversation}`);
  assert.deepEqual([detail.person.name, detail.person.addresses, detail.writing.subject], ['Ann Example', ['mailto:ann@customer.example'], '灯坏了 broken lamp']);
  const file = await page.getAttribute(`${id('files')} a`, 'href');
  const kept = await page.context().request.get(`${HTTP}${file}`);
  assert.deepEqual([await kept.text(), kept.headers()['content-disposition'], kept.headers()['content-type']], ['bought yesterday', 'attachment', 'application/octet-stream']);
  assert.equal((await fetch(`${HTTP}${file}`)).status, 401, 'files are for staff');
  assert.equal(mailbox('ann').length, 0, 'the flow writes no letters');
  step('a letter with a file rings at alice as its text, and the file is kept');

  await writes('We send a new one.\n.\n您好');
  const answer = await until('the answer is in her mailbox', () => mailbox('ann')[0]);
  assert.equal(body(answer), 'We send a new one.\r\n.\r\n您好');
  assert.match(decoded(header(answer, 'Subject')), /^Re: 灯坏了 broken lamp \[#[0-9a-f]+-[0-9a-f]+-[0-9a-f]{12}\]$/);
  assert.equal(header(answer, 'In-Reply-To'), '<a1@customer.example>');
  assert.match(decoded(header(answer, 'From')), /^Shop 客服 <help@shop.example>$/);
  await page.waitForSelector(id('delivery', '[data-state="sent"]'));
  const ours = header(answer, 'Message-ID');
  const thanks = ['From: ann@customer.example', 'To: help@shop.example', `Subject: Re: whatever`, 'Message-ID: <a2@customer.example>', `In-Reply-To: ${ours}`, `References: <a1@customer.example> ${ours}`, '', 'Thank you!', '', 'On Monday Shop wrote:', '> We send a new one.'];
  for (let again = 0; again < 3; again += 1) await posts(thanks);
  await until('her thanks are there', async () => (await messages(conversation, 'customer')).length === 2);
  // A program that loses references keeps the subject.
  await posts(['From: ann@customer.example', 'To: help@shop.example', `Subject: ${header(answer, 'Subject')}`, 'Message-ID: <a3@customer.example>', '', 'One more thing.']);
  await until('the subject alone brings it there', async () => (await messages(conversation, 'customer')).length === 3);
  assert.deepEqual((await messages(conversation, 'customer')).map((entry) => entry.text), ['My lamp broke.', 'Thank you!', 'One more thing.']);
  step('her answers come into the same conversation, by references and by subject, once, without what they quote');

  await posts(['From: ann@customer.example', 'To: help@shop.example', 'Subject: Away', 'Message-ID: <away@customer.example>', 'Auto-Submitted: auto-replied', `In-Reply-To: ${ours}`, '', 'I am away.']);
  await posts(['From: bot@customer.example', 'To: help@shop.example', 'Subject: News', 'Message-ID: <news@customer.example>', 'Precedence: bulk', '', 'Buy!'], 'bot@customer.example');
  await posts(answer.split('\n'), 'help@shop.example');
  await until('the machines are known', async () => (await api(`/conversations/${conversation}`)).entries.some((entry) => entry.text === 'mail_automatic'));
  await pause(1500);
  assert.equal((await open()).length, 1, 'no conversation with a machine');
  assert.equal((await messages(conversation, 'customer')).length, 3);
  assert.equal(mailbox('ann').length, 1, 'and no answer to one');
  await shoot('desk');
  await page.click(id('hang-up'));
  step('an out-of-office answer is noted, a list and our own letter are passed over, nothing is answered');

  // A customer whose mailbox is gone: the letter comes back, and the agent sees it.
  await posts(['From: moved@customer.example', 'To: help@shop.example', 'Subject: Question', 'Message-ID: <m1@customer.example>', '', 'Are you there?'], 'moved@customer.example');
  await takes();
  await writes('Yes.');
  await page.waitForSelector(id('delivery', '[data-state="failed"][data-why^="bounced"]'), { timeout: 20000 });
  await shoot('bounced');
  step('a letter that comes back marks the message that did not arrive');
  await page.click(id('hang-up'));

  // The last thing before the kill: a letter that waits for an answer.
  await posts(['From: ann@customer.example', 'To: help@shop.example', 'Cc: Bob <bob@customer.example>', 'Subject: Second', 'Message-ID: <a9@customer.example>', '', 'Before the kill']);
  const last = await takes();
  writeFileSync(join(WORK, 'last'), last);
} else {
  const last = readFileSync(join(WORK, 'last'), 'utf8');
  await page.waitForSelector(id('work-item', `[data-conversation="${last}"]`));
  await page.click(id('work-item', `[data-conversation="${last}"]`));
  await writes('After the kill');
  const answer = await until('the answer arrives', () => mailbox('ann').find((letter) => body(letter) === 'After the kill'));
  assert.equal(header(answer, 'In-Reply-To'), '<a9@customer.example>');
  assert.equal(await page.locator(id('letterhead')).first().innerText(), 'Subject: Second\nCc: bob@customer.example');
  // A letter about something else, with a file.
  assert.equal(await page.inputValue(field('composer-subject')), 'Second');
  await page.fill(field('composer-subject'), 'Your invoice 发票');
  const invoice = Buffer.from(Array.from({ length: 9000 }, (_, n) => n % 256));
  await page.setInputFiles(id('attach-input'), { name: '发票 7.pdf', mimeType: 'application/pdf', buffer: invoice });
  await page.waitForSelector(id('attached', '[data-state="ready"]'));
  await page.fill(field('composer'), 'It is attached.');
  await shoot('subject-and-file');
  await page.click(id('send'));
  const letter = await until('the letter with the file arrives', () => mailbox('ann').find((one) => /^Your invoice 发票 \[#/.test(decoded(header(one, 'Subject') ?? ''))));
  assert.match(header(letter, 'Content-Type'), /^multipart\/mixed; boundary=/);
  assert.ok(letter.includes("filename*=utf-8''%E5%8F%91%E7%A5%A8%207.pdf"), letter.slice(0, 2000));
  assert.ok(letter.replace(/\n/g, '').includes(invoice.toString('base64')), 'the file is whole');
  step('a letter with another subject and a file left; who got a copy is shown');
  assert.deepEqual((await messages(last, 'customer')).map((entry) => entry.text), ['Before the kill']);
  assert.equal((await open()).length, 1, 'no letter was taken twice');
  const tickets = (await api('/tickets')).items.filter((one) => one.channel === 'mail');
  assert.ok(tickets.length >= 2, 'tickets of letters');
  step('after kill -9 the conversation goes on, and no letter came twice');
}
assert.deepEqual(errors, []);
await browser.close();
