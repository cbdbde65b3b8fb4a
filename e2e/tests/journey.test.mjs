/** The main job, from a pass to signing in without a password, on both databases. */
import assert from 'node:assert/strict';
import { look, onBothDatabases, picture, scenario } from '../harness/index.mjs';
import * as step from '../harness/steps.mjs';

onBothDatabases('T1.1 pass, passkey on this computer, name, try, sign out, autofill, button', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;

  await page.goto('/signin');
  await look(desk, 'SI-1');
  await picture(desk, 'sign-in');
  await step.box(page, step.IDENTIFIER).fill(ana.email);
  await step.button(page, 'Next').click();
  await step.at(page, /^\/signin\/(method|tap)$/);
  await look(desk, 'SI-2');
  if (desk.path === '/signin/method') await step.link(page, 'I have a temporary access pass').click();
  await step.at(page, '/signin/tap');
  await page.getByText(ana.email).first().waitFor();
  await look(desk, 'SI-3');
  await step.box(page, step.PASS).fill(ana.pass);
  await picture(desk, 'temporary-access-pass');
  await step.button(page, 'Sign in').click();

  await step.at(page, '/welcome');
  await look(desk, 'WN-1');
  await picture(desk, 'welcome');
  await step.control(page, 'Start').click();
  await step.at(page, '/me/security/add');
  await picture(desk, 'add-sign-in-method');
  await step.choosePlace(desk, 'computer');
  await look(desk, 'W-5a');
  await picture(desk, 'create-passkey');
  await step.button(page, 'Create passkey').click();
  await step.at(page, /\/name$/);
  const suggested = await step.box(page, 'Name').inputValue();
  assert.notEqual(suggested, '', 'a name is suggested');
  await step.box(page, 'Name').fill("Ana's laptop");
  await picture(desk, 'name-passkey');
  await step.button(page, 'Next').click();
  await step.at(page, /\/try$/);
  await picture(desk, 'try-passkey');
  await step.button(page, 'Try it now').click();
  await step.says(page, /It works/);
  // Said once: whoever looks for these words, a person or a program, finds the result and nothing else.
  await page.getByText('It works').waitFor();
  await look(desk, 'W-8-works');

  const [credential] = await desk.authenticator.credentials();
  assert.ok(credential?.isResidentCredential, 'the passkey is discoverable');
  assert.equal(credential.rpId, 'localhost');
  assert.equal(credential.userName, ana.email);

  await page.goto('/me/security');
  await step.says(page, "Ana's laptop");
  await look(desk, 'SEC-1-one');
  await picture(desk, 'security-info');

  await step.signOut(desk);
  await look(desk, 'signed-out');
  await step.signInByAutofill(desk);
  await page.getByRole('heading', { level: 1, name: 'Security info' }).waitFor();
  await step.signOut(desk);
  await step.signInByButton(desk);
  await step.says(page, "Ana's laptop");
});

onBothDatabases('T1.1k pass, security key, try, sign out, button', async (stage) => {
  const ana = await stage.newUser('once');
  const desk = await stage.securityKey();
  await step.signInWithPass(desk, ana);
  await step.addPasskey(desk, { place: 'securityKey', name: 'Blue key' });
  const [credential] = await desk.authenticator.credentials();
  assert.equal(/** @type {any} */ (credential).backupEligibility ?? false, false);
  await desk.page.goto('/me/security');
  await step.says(desk.page, 'Passkeys on security keys');
  await step.says(desk.page, 'Blue key');
  await look(desk, 'SEC-1-key');
  await step.signOut(desk);
  await step.signInByButton(desk);
  await step.says(desk.page, 'Blue key');
});

scenario('T1.1w the wizard reaches its end: backup offer and done', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  const id = await step.settleIn(desk, ana);
  await page.goto(`/me/security/add/${id}/backup`);
  await look(desk, 'W-9');
  await page.goto(`/me/security/add/${id}/done`);
  await look(desk, 'W-10');
  await page.goto('/welcome/done');
  await look(desk, 'WN-2');
  await page.goto('/help');
  await look(desk, 'help');
});

scenario('T1.1s skipping the try keeps the passkey and says that it was not tried', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  await step.signInWithPass(desk, ana);
  await step.addPasskey(desk, { tryIt: false });
  await desk.page.goto('/me/security');
  await step.says(desk.page, 'Not tried yet');
  await step.signOut(desk);
  await step.signInByAutofill(desk);
});

scenario('T14 the happy path with the keyboard alone', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  const press = async (/** @type {import('playwright-core').Locator} */ target) => {
    await step.tabTo(page, target);
    await page.keyboard.press('Enter');
  };
  await page.goto('/signin');
  await step.tabTo(page, step.box(page, step.IDENTIFIER));
  await page.keyboard.type(ana.email);
  await page.keyboard.press('Enter');
  await step.at(page, '/signin/method');
  await press(step.link(page, 'I have a temporary access pass'));
  await step.at(page, '/signin/tap');
  await step.tabTo(page, step.box(page, step.PASS));
  await page.keyboard.type(ana.pass);
  await page.keyboard.press('Enter');
  await step.at(page, '/welcome');
  await press(step.control(page, 'Start'));
  await step.at(page, '/me/security/add');
  await step.tabTo(page, page.getByRole('radio').first());
  const wanted = page.getByRole('radio', { name: step.PLACES.computer });
  for (let presses = 0; presses < 6 && !(await wanted.isChecked()); presses += 1) await page.keyboard.press(presses === 0 ? 'Space' : 'ArrowDown');
  await press(step.button(page, 'Next'));
  await step.at(page, /\/create$/);
  await press(step.button(page, 'Create passkey'));
  await step.at(page, /\/name$/);
  await press(step.button(page, 'Next'));
  await step.at(page, /\/try$/);
  await press(step.button(page, 'Try it now'));
  await step.says(page, /It works/);
  await page.goto('/me/security');
  await press(step.button(page, 'Sign out').first());
  await step.at(page, '/signed-out');
});
