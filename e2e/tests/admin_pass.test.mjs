/** Passes at work (T10): issuing, a second person, ordering, mail, letters on one page, lists. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after } from 'node:test';
import { look, scenario } from '../harness/index.mjs';
import { Smtp } from '../harness/smtp.mjs';
import * as step from '../harness/steps.mjs';

const smtp = await Smtp.start();
after(() => smtp.close());

/** Somebody of that role, signed in. @param {any} stage @param {string} role */
async function worker(stage, role) {
  const person = await stage.newUser();
  if (role) await stage.server.command('role', 'set', person.email, role);
  const visitor = await stage.desktop();
  await step.settleIn(visitor, person);
  return { person, visitor };
}

/** Fills AT-2 in. @param {import('playwright-core').Page} page */
async function state(page) {
  await page.getByRole('radio', { name: 'New starter' }).check();
  await page.getByLabel('I checked who I am talking to').selectOption('id-card');
}

/** How many pages a letter takes. @param {import('playwright-core').Page} page @param {'A4' | 'Letter'} format */
async function pages(page, format) {
  const pdf = (await page.pdf({ format })).toString('latin1');
  return (pdf.match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length;
}

scenario('T10 issue, shown once, letter on one page, replaced, revoked; oneself and upwards', async (stage) => {
  const { person: help, visitor: desk } = await worker(stage, 'helpdesk');
  const ana = await stage.newUser();
  const admin = await stage.newUser();
  await stage.server.command('role', 'set', admin.email, 'administrator');
  const { page } = desk;
  await page.goto(`/admin/users/${ana.id}/pass`);
  await look(desk, 'AT-2');
  await step.says(page, /It stops working/);
  await state(page);
  await page.getByLabel('I checked who I am talking to').selectOption('');
  await step.button(page, 'Create pass').click();
  await step.says(page, /say how you checked/);
  await look(desk, 'AT-2-check-missing');
  await state(page);
  await step.button(page, 'Create pass').click();
  await page.getByRole('heading', { level: 1, name: `Pass for ${ana.name}`, exact: true }).waitFor();
  await look(desk, 'AT-3-console');
  const pass = (await page.locator('#issued').innerText()).trim();
  assert.match(pass, /^[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}$/);
  await step.button(page, 'Show large').click();
  await page.getByRole('dialog').getByText(pass).waitFor();
  await step.button(page, 'Close').click();
  assert.equal(await pages(page, 'A4'), 1);
  assert.equal(await pages(page, 'Letter'), 1);

  await page.goto(`/admin/users/${ana.id}/pass`);
  assert.ok(!(await page.content()).includes(pass), 'shown once');
  const starter = await stage.desktop();
  await step.signInWithPass(starter, ana, pass);

  await page.goto('/admin/passes');
  await look(desk, 'AT-4');
  await page.getByRole('row', { name: new RegExp(ana.name) }).getByRole('button', { name: /Take the pass back/ }).click();
  await step.says(page, /no longer works/);

  await page.goto(`/admin/users/${help.id}/pass`);
  await step.says(page, /Nobody issues, orders or approves a pass for themselves/);
  await page.goto(`/admin/users/${admin.id}/pass`);
  await step.says(page, /Your role does not let you/);
  await look(desk, 'AT-2-upwards');
});

scenario('T10 by mail, to the private address, in two mails', async (stage) => {
  const { visitor: desk } = await worker(stage, 'helpdesk');
  const ana = await stage.newUser();
  await desk.page.goto(`/admin/users/${ana.id}/pass`);
  await step.says(desk.page, /there is no private address/);
  await look(desk, 'AT-2-no-address');
}, { settings: smtp.settings });

scenario('T10 many new starters: errors line by line, one page a letter', async (stage) => {
  const { visitor: desk } = await worker(stage, 'helpdesk');
  const [ana, ben] = [await stage.newUser(), await stage.newUser()];
  const { page } = desk;
  await page.goto('/admin/passes/bulk');
  await look(desk, 'AT-5');
  await step.box(page, 'Or paste it here').fill(`login\n${ana.email}\nnobody@example.com\n${ana.email}\n${ben.email}`);
  await step.button(page, 'Look at the list').click();
  await step.says(page, /Nobody has this name/);
  await step.says(page, /earlier line/);
  await look(desk, 'AT-5-looked');
  await step.button(page, 'Create 2 passes').click();
  await page.getByRole('heading', { level: 1, name: 'Letters for new starters' }).waitFor();
  await look(desk, 'AT-5-letters');
  assert.equal(await pages(page, 'A4'), 2);
  assert.equal(await pages(page, 'Letter'), 2);
});

/** Passes for people with a role wait for a second person from now on. @param {import('../harness/index.mjs').Stage} stage */
async function wantSecondPerson(stage) {
  const shown = await stage.server.command('policy', 'show');
  const file = path.join(stage.server.folder, 'policy.toml');
  await writeFile(file, (typeof shown === 'string' ? shown : shown.document).replace('second_approver = false', 'second_approver = true'));
  await stage.server.command('policy', 'apply', file);
}

scenario('T10 somebody with a role: a second person approves, the first picks up', async (stage) => {
  await wantSecondPerson(stage);
  const { person: first, visitor: one } = await worker(stage, 'administrator');
  const { visitor: two } = await worker(stage, 'administrator');
  const boss = await stage.newUser();
  await stage.server.command('role', 'set', boss.email, 'administrator');
  const { page } = one;
  await page.goto(`/admin/users/${boss.id}/pass`);
  await step.says(page, /A second person must approve the pass/);
  await state(page);
  await look(one, 'AT-2-second');
  await step.button(page, 'Create pass').click();
  await step.says(page, /waits for a second person/);
  await look(one, 'AT-2c-waits');
  const order = one.path;
  assert.match(order, /^\/admin\/orders\//);
  assert.equal(await step.button(page, 'Approve').count(), 0, 'nobody approves what they asked for');

  await two.page.goto('/me/notices');
  await step.says(two.page, /A pass needs your approval/);
  await two.page.goto('/admin/orders');
  await look(two, 'AT-2c-list');
  await step.link(two.page, `Pass for ${boss.name}`).click();
  await step.at(two.page, order);
  await look(two, 'AT-2c');
  await step.box(two.page, 'Note for whoever picks it up (optional)').fill('Called back');
  await step.button(two.page, 'Approve').click();
  await step.says(two.page, /The order is approved/);
  assert.equal(await step.button(two.page, 'Pick the pass up').count(), 0, 'only the first picks it up');

  await page.goto('/me/security');
  await step.link(page, 'My orders').click();
  await step.link(page, `Pass for ${boss.name}`).click();
  await step.says(page, /Called back/);
  await look(one, 'AT-2c-approved');
  await step.button(page, 'Pick the pass up').click();
  await page.getByRole('heading', { level: 1, name: `Pass for ${boss.name}`, exact: true }).waitFor();
  const pass = (await page.locator('#issued').innerText()).trim();
  await page.goto(order.replace('/admin/', '/me/'));
  await step.says(page, /Picked up/);
  assert.equal(await step.button(page, 'Pick the pass up').count(), 0, 'shown once');
  await step.signInWithPass(await stage.desktop(), boss, pass);

  await two.page.goto('/me/notices');
  await step.says(two.page, /A pass was issued for somebody with a role/);
  await two.page.goto(`/admin/log?show=changes&user=${encodeURIComponent(boss.email)}`);
  await two.page.getByRole('row', { name: new RegExp(boss.email) }).first().waitFor();
  await page.goto(`/admin/users/${first.id}/pass`);
  await step.says(page, /Nobody issues, orders or approves a pass for themselves/);
});

scenario('T10 a manager orders a pass for a new starter, and the helpdesk answers', async (stage) => {
  const boss = await stage.newUser();
  const starter = await stage.newUser();
  const { visitor: desk } = await worker(stage, 'administrator');
  await desk.page.goto(`/admin/users/${starter.id}`);
  await step.box(desk.page, 'Manager').fill(boss.email);
  await step.button(desk.page, 'Save').click();
  await step.says(desk.page, `${starter.name} was changed`);

  const manager = await stage.desktop();
  await step.settleIn(manager, boss);
  const { page } = manager;
  await page.goto('/me/security');
  await step.link(page, 'My orders').click();
  await look(manager, 'my-orders-none');
  await step.link(page, `Order a pass for ${starter.name}`).click();
  await look(manager, 'order-new');
  await page.getByRole('radio', { name: 'New starter' }).check();
  await page.getByLabel('To', { exact: true }).fill(inTwoHours());
  await step.button(page, 'Send the order').click();
  await step.says(page, /The order was sent/);
  await look(manager, 'order');
  const order = manager.path;

  await desk.page.goto('/admin/orders');
  await step.link(desk.page, `Pass for ${starter.name}`).click();
  await step.button(desk.page, 'Approve').click();
  await step.says(desk.page, /The order is approved/);

  await page.goto('/me/notices');
  await step.says(page, /A pass can be picked up/);
  await page.goto('/me/orders');
  await look(manager, 'my-orders');
  await step.link(page, `Pass for ${starter.name}`).click();
  await step.at(page, order);
  await step.button(page, 'Pick the pass up').click();
  await page.getByRole('heading', { level: 1, name: `Pass for ${starter.name}`, exact: true }).waitFor();
  await look(manager, 'order-picked-up');
  const pass = (await page.locator('#issued').innerText()).trim();
  await step.signInWithPass(await stage.desktop(), starter, pass);

  // Nobody else's people, and no word about who they are.
  await page.goto(`/me/orders/new?person=${encodeURIComponent('nobody@example.com')}`);
  await step.says(page, /You cannot order for this person/);
});

/** In the browsers' time zone, as a box for date and time takes it. */
function inTwoHours() {
  return new Date(Date.now() + 7_200_000).toLocaleString('sv-SE', { timeZone: 'Europe/Zurich' }).slice(0, 16).replace(' ', 'T');
}
