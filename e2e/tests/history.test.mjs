/** Sign-in history and "This wasn't me" (T13), and a rename. */
import assert from 'node:assert/strict';
import { look, scenario } from '../harness/index.mjs';
import * as step from '../harness/steps.mjs';

/** "This wasn't me" of the newest entry, as far as SH-3b. @param {step.Visitor} visitor */
async function wasNotMe(visitor) {
  const { page } = visitor;
  await page.goto('/me/history');
  await page.getByRole('link', { name: /^This wasn't me: / }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Was it really not you?' }).waitFor();
  await step.link(page, "It really wasn't me").click();
  await page.getByRole('heading', { level: 1, name: 'What to do now' }).waitFor();
}

scenario('T13 success, passkey: removed with another one, its sessions end', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  await step.settleIn(desk, ana, { name: 'Laptop' });
  const laptop = desk.authenticator;
  await step.addSecondPasskey(desk, 'Blue key');
  const thief = await stage.desktop();
  await laptop.copyTo(thief.authenticator);
  await step.signInByAutofill(thief);
  await wasNotMe(desk);
  await look(desk, 'SH-3b-in-by-passkey');
  assert.ok(await page.getByLabel('Remove Laptop').isChecked());
  await step.button(page, 'Do this now').click();
  await step.at(page, /\/told$/);
  await step.says(page, 'Your IT knows');
  await look(desk, 'SH-3c');
  await thief.authenticator.touch(false);
  await thief.page.goto('/me/security');
  await step.signedOutWithReason(thief);
  await page.goto('/me/history');
  await step.says(page, 'Method removed: Laptop');
  await look(desk, 'SH-1');
});

scenario('T13 the suspicious method is the only one: freeze, lifted by a pass', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  await step.settleIn(desk, ana, { name: 'Laptop' });
  await step.signOut(desk);
  await step.signInByAutofill(desk);
  await wasNotMe(desk);
  await look(desk, 'SH-3b-only-suspicious');
  assert.equal(await page.getByLabel(/^Remove /).count(), 0);
  await page.getByLabel('Freeze the account until my IT calls me').check();
  await desk.authenticator.touch(false);
  await step.button(page, 'Do this now').click();
  await step.at(page, '/signed-out');
  await step.says(page, /Your account is frozen/);
  await step.signInWithPass(desk, ana);
  await page.goto('/me/frozen');
  await page.getByLabel('Laptop').check();
  await look(desk, 'frozen');
  await step.button(page, 'Switch these on again').click();
  await step.says(page, /One passkey can sign in again/);
});

scenario('T13 failed: a guess needs nothing but the report; a link acts only after the sign-in', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  await step.settleIn(desk, ana, { name: 'Laptop' });
  const stranger = await stage.desktop();
  await step.enterPass(stranger, ana.email, await stage.foreignPass());
  await page.goto('/me/history?show=sign-ins');
  await step.says(page, 'Temporary access pass not accepted');
  const href = await page.getByRole('link', { name: /^This wasn't me: Temporary access pass not accepted/ }).getAttribute('href');
  await step.signOut(desk);
  // The address as a mail has it: nothing happens before the sign-in, and nothing by opening it.
  await page.goto(String(href));
  await page.getByRole('heading', { level: 1, name: 'Was it really not you?' }).waitFor();
  await step.link(page, "It really wasn't me").click();
  await step.says(page, /They did not get in, and nothing needs to be done/);
  await look(desk, 'SH-3b-guessed');
  await step.button(page, 'Do this now').click();
  await step.at(page, /\/told$/);
  await step.says(page, 'Your IT knows');
});

scenario('after a rename the label beside the passkey follows', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  await step.settleIn(desk, ana, { name: 'Laptop' });
  await step.signOut(desk);
  await stage.server.command('user', 'change', ana.email, '--login', 'ana.huber@example.com', '--name', 'Ana Huber');
  await step.signInByAutofill(desk);
  await step.says(desk.page, 'ana.huber@example.com');
  assert.ok(desk.authenticator.updated.length > 0);
  const [credential] = await desk.authenticator.credentials();
  assert.equal(credential?.userName, 'ana.huber@example.com');
});
