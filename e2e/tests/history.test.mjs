/** Sign-in history and "This wasn't me" (T13), and a rename. */
import assert from 'node:assert/strict';
import { look, scenario } from '../harness/index.mjs';
import { addCodes, enterCode, enterPassword, PASSWORD } from '../harness/methods.mjs';
import * as step from '../harness/steps.mjs';

/** Passwords beside passkeys, for which each is taken. */
const ALONGSIDE = { settings: { KEYWARD_PASSWORDS_ENABLED: 'true', KEYWARD_PASSWORDS_BESIDE_PASSKEYS: 'true' } };

/** "This wasn't me" of an entry, the newest one without a name, as far as SH-3b. @param {step.Visitor} visitor @param {RegExp} [entry] */
async function wasNotMe(visitor, entry = /^This wasn't me: /) {
  const { page } = visitor;
  await page.goto('/me/history');
  await page.getByRole('link', { name: entry }).first().click();
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
  await step.button(page, 'Do this now').click();
  await step.at(page, '/me/confirm');
  await step.says(page, 'Use your passkey, also if it is the one in question');
  await look(desk, 'RA-1-freeze');
  await step.button(page, 'Use your passkey').click();
  await step.at(page, '/signed-out');
  await desk.authenticator.touch(false);
  await step.says(page, /Your account is frozen/);
  const issued = await stage.server.issuePass(ana.email);
  await step.signInWithPass(desk, ana, issued.pass);
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

scenario('T13 failed, password right and code wrong: the password is known, and is turned off', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  await stage.server.commandWith(`${PASSWORD}\n`, 'password', 'set', ana.email);
  await step.settleIn(desk, ana, { name: 'Laptop' });
  const app = await addCodes(desk);
  const stranger = await stage.desktop({ authenticator: 'none' });
  await enterPassword(stranger, ana.email, PASSWORD);
  await enterCode(stranger, app.wrong());
  await step.says(stranger.page, /code/i);
  await wasNotMe(desk, /^This wasn't me: Password right, code wrong/);
  await step.says(page, 'Somebody knows your password. They did not get in.');
  await look(desk, 'SH-3b-password-known');
  await page.getByLabel('Turn off the password').check();
  await step.button(page, 'Do this now').click();
  await step.at(page, /\/told$/);
  await step.says(page, 'Your IT knows');
  await page.goto('/me/history');
  await step.says(page, 'Method removed: password');
  await enterPassword(stranger, ana.email, PASSWORD);
  await step.says(stranger.page, /do not belong together|not signed in/);
}, ALONGSIDE);

scenario('T13 success by password and code: the stranger is out, and password and codes are gone', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  await stage.server.commandWith(`${PASSWORD}\n`, 'password', 'set', ana.email);
  await step.settleIn(desk, ana, { name: 'Laptop' });
  const app = await addCodes(desk);
  const stranger = await stage.desktop({ authenticator: 'none' });
  await enterPassword(stranger, ana.email, PASSWORD);
  await enterCode(stranger, await app.next());
  await step.at(stranger.page, /^\/me\//);
  await wasNotMe(desk, /^This wasn't me: Signed in with a password and an authenticator code/);
  await step.says(page, 'Somebody was in your account with your password.');
  await look(desk, 'SH-3b-in-by-password');
  for (const remedy of ['Turn off the password', 'Remove the authenticator codes']) {
    await page.getByLabel(remedy).check();
  }
  await step.button(page, 'Do this now').click();
  await step.at(page, /\/told$/);
  await stranger.page.goto('/me/security');
  await step.signedOutWithReason(stranger);
  await page.goto('/me/history?show=changes');
  await step.says(page, 'Method removed: password');
  await step.says(page, 'Method removed: authenticator codes');
}, ALONGSIDE);

scenario('T13 success by a pass: the pass is taken back and its session ends', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  await step.settleIn(desk, ana, { name: 'Laptop' });
  const issued = await stage.server.issuePass(ana.email);
  const stranger = await stage.desktop({ authenticator: 'none' });
  await step.signInWithPass(stranger, ana, issued.pass);
  await wasNotMe(desk, /^This wasn't me: Came in with a temporary access pass/);
  await step.says(page, 'Somebody used your temporary access pass.');
  await look(desk, 'SH-3b-in-by-pass');
  await step.button(page, 'Do this now').click();
  await step.at(page, /\/told$/);
  await look(desk, 'SH-3c-pass');
  await stranger.page.goto('/welcome');
  await step.signedOutWithReason(stranger);
  await step.enterPass(stranger, ana.email, issued.pass);
  await step.says(stranger.page, /This pass was withdrawn/);
});

scenario('T13 method added, in two tabs: what is gone already is told', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  await step.settleIn(desk, ana, { name: 'Laptop' });
  const blue = await step.addSecondPasskey(desk, 'Blue key');
  const added = /^This wasn't me: Method added: Blue key/;
  const other = await desk.secondTab();
  await wasNotMe(desk, added);
  await step.says(page, 'Somebody added a way into your account.');
  await look(desk, 'SH-3b-method-added');
  assert.ok(await page.getByLabel('Remove Blue key').isChecked());
  // In the other tab the passkey is removed in Security info meanwhile.
  await other.page.goto(`/me/security/passkeys/${blue}/remove`);
  await step.button(other.page, /^Remove/).click();
  await step.at(other.page, '/me/security');
  // One computer, two tabs: its passkey has counted the other tab's confirmation.
  await desk.authenticator.clear();
  await other.authenticator.copyTo(desk.authenticator);
  await page.bringToFront();
  await step.button(page, 'Do this now').click();
  await step.says(page, /What you chose is not possible any more/);
  await look(desk, 'SH-3b-not-offered');
  assert.equal(await page.getByLabel('Remove Blue key').count(), 0);
  await step.button(page, 'Do this now').click();
  await step.at(page, /\/told$/);
  await step.says(page, 'Was done already');
  await look(desk, 'SH-3c-done-already');
});

scenario('T13 the passkey in question cannot confirm where there is another one', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  await step.settleIn(desk, ana, { name: 'Laptop' });
  await step.addSecondPasskey(desk, 'Blue key');
  const thief = await stage.desktop();
  await desk.authenticator.copyTo(thief.authenticator);
  await step.signInByAutofill(thief);
  await wasNotMe(thief, /^This wasn't me: Signed in with Laptop/);
  /** @type {any[]} */
  let asked = [];
  const { dealt } = await step.changeReply(thief, '/me/confirm/begin', (body) => {
    asked = body.options.allowCredentials;
    body.options.timeout = 500;
  });
  await step.button(thief.page, 'Do this now').click();
  await dealt;
  await thief.page.locator('button:enabled', { hasText: 'Do this now' }).waitFor();
  const [laptop] = await thief.authenticator.credentials();
  const stolen = Buffer.from(String(laptop?.credentialId), 'base64').toString('base64url');
  assert.equal(asked.length, 1);
  assert.notEqual(asked[0].id, stolen);
  await thief.page.goto('/me/security');
  await step.says(thief.page, 'Laptop');
  await page.goto('/me/security');
  await step.says(page, 'Laptop');
});
