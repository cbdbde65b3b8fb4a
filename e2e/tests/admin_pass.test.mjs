/** Passes at work (T10): issuing, a second person, ordering, mail, letters on one page, lists. */
import assert from 'node:assert/strict';
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
