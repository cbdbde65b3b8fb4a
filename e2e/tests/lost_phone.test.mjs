/** A lost phone (T9): asking for a pass, the helpdesk's inbox, making the phone useless; and the mails about it. */
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { look, scenario } from '../harness/index.mjs';
import { Smtp } from '../harness/smtp.mjs';
import * as step from '../harness/steps.mjs';

const smtp = await Smtp.start();
after(() => smtp.close());

/** LP-2. @param {step.Visitor} visitor @param {string} email */
async function ask(visitor, email) {
  const { page } = visitor;
  await page.goto('/help/signin');
  await page.getByRole('radio', { name: 'I lost my phone, or it was stolen' }).check();
  await step.button(page, 'Show what to do').click();
  await look(visitor, 'LP-1-lost');
  await step.link(page, 'Ask for a temporary access pass').click();
  await step.at(page, '/recover');
  await step.box(page, step.IDENTIFIER).fill(email);
  await step.box(page, 'How can we reach you?').fill('Room 12');
  await look(visitor, 'LP-2');
  await step.button(page, 'Send the request').click();
  await step.at(page, '/recover/sent');
  await look(visitor, 'LP-2-sent');
  return (await page.locator('main').innerText()).replaceAll(/[A-Z2-9]{4}-[A-Z2-9]{4}/g, 'REF');
}

scenario('T9 the same answer for an unknown name', async (stage) => {
  const ana = await stage.newUser();
  const known = await ask(await stage.desktop({ authenticator: 'none' }), ana.email);
  const unknown = await ask(await stage.noJs(), 'nobody.here@example.com');
  assert.equal(unknown, known);
  assert.match(known, /If the account exists/);
});

scenario('T9 lost: request, inbox, pass, securing, the lost passkey is refused; only one passkey', async (stage) => {
  const help = await stage.newUser();
  const ana = await stage.newUser();
  await stage.server.command('role', 'set', help.email, 'helpdesk');
  const desk = await stage.desktop();
  await step.settleIn(desk, help);
  const phone = await stage.desktop();
  await step.settleIn(phone, ana, { name: 'Old phone' });

  const computer = await stage.desktop();
  await ask(computer, ana.email);
  assert.match((await smtp.mail(/Somebody asked for a temporary access pass/)).data, /\/me\/history/);
  assert.equal((await stage.server.command('request', 'list')).length, 1);

  const { page } = desk;
  await page.goto('/admin/requests');
  await look(desk, 'requests');
  await step.link(page, `Open the request of ${ana.name}`).click();
  await step.box(page, 'How did you recognise the person?').fill('ID card seen');
  await look(desk, 'request');
  await step.button(page, 'Create pass').click();
  await page.getByRole('heading', { level: 1, name: `Pass for ${ana.name}` }).waitFor();
  await look(desk, 'AT-3');
  const pass = (await page.locator('#issued').innerText()).trim();

  await step.enterPass(computer, ana.email, pass);
  await step.at(computer.page, '/me/secure');
  await look(computer, 'LP-3');
  await computer.page.getByRole('checkbox', { name: /Old phone/ }).check();
  await step.button(computer.page, 'Do this now').click();
  await step.at(computer.page, '/me/security/add');
  await step.says(computer.page, /1 passkey was turned off/);

  await phone.authenticator.touch(false);
  await phone.page.goto('/signin');
  await phone.authenticator.touch(true);
  await step.button(phone.page, step.WITH_PASSKEY).click();
  await step.says(phone.page, /turned off by your organisation/);

  await step.addPasskey(computer, { name: 'New laptop' });
  await computer.page.goto('/me/secure');
  await look(computer, 'LP-3-full');
  await step.link(computer.page, 'Remove for good: Old phone').click();
  await computer.page.getByRole('radio', { name: /lost or stolen/ }).check();
  await step.button(computer.page, 'Remove').click();
  await step.at(computer.page, '/me/security');
  await computer.page.goto('/me/notices');
  await look(computer, 'notices');
  await step.button(computer.page, 'Mark all as seen').click();
  await step.says(computer.page, /marked as seen/);
  await smtp.mail(/A passkey was turned off/);
}, { settings: smtp.settings });
