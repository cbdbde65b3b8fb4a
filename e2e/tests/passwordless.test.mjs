/** T8: going passwordless. */
import assert from 'node:assert/strict';
import { look, scenario } from '../harness/index.mjs';
import { enterCode, enterPassword, PASSWORD, PASSWORDS, personWithPassword, addCodes } from '../harness/methods.mjs';
import { addSecondPasskey, at, button, link, says, settleIn } from '../harness/steps.mjs';

/** A password signs in beside a passkey too: else there would be no session to end. */
const BESIDE = { settings: { ...PASSWORDS.settings, KEYWARD_PASSWORDS_BESIDE_PASSKEYS: 'true' } };

scenario('T8 not eligible: each missing condition is a link to what is missing, and the password stays', async (stage) => {
  const desktop = await stage.desktop();
  const { person, app } = await personWithPassword(stage, desktop);
  const { page } = desktop;
  await enterPassword(desktop, person.email, PASSWORD);
  await enterCode(desktop, await app.next());
  await at(page, '/me/interrupt');
  await button(page, /Not now/).click();
  await link(page, 'Turn off').click();
  await at(page, '/me/security/password/off');
  await says(page, 'Some things have to be in place first.');
  await look(desktop, 'PW-1-not-yet');
  assert.equal(await link(page, /Add a second passkey/).getAttribute('href'), '/me/security/add');
  assert.equal(await link(page, /Try one of your passkeys/).getAttribute('href'), '/me/security');
  assert.equal(await button(page, 'Turn off with my passkey').count(), 0);
}, PASSWORDS);

scenario('T8 eligible: turned off with the passkey; the password is refused, its sessions end, and the operator allows it again', async (stage) => {
  const desktop = await stage.desktop();
  const person = await stage.newUser();
  await stage.server.commandWith(`${PASSWORD}\n`, 'password', 'set', person.email);
  await settleIn(desktop, person);
  const app = await addCodes(desktop);
  // Another browser signs in with the password.
  const other = await stage.desktop({ authenticator: 'none' });
  await enterPassword(other, person.email, PASSWORD);
  await enterCode(other, await app.next());
  await at(other.page, /^\/me\/(offer|security)$/);
  await addSecondPasskey(desktop, 'Key');
  const { page } = desktop;
  await page.goto('/me/security/password/off');
  await says(page, 'Everything is ready.');
  await look(desktop, 'PW-1');
  await button(page, 'Turn off with my passkey').click();
  await says(page, /Since .* nobody can sign in with a password/);
  await look(desktop, 'PW-3');
  await other.page.goto('/me/security');
  await at(other.page, '/signin');
  await enterPassword(other, person.email, PASSWORD);
  await says(other.page, 'do not belong together');
  await page.goto('/me/security');
  await says(page, /Turned off/);
  await stage.server.command('password', 'allow', person.email);
  await page.reload();
  assert.equal(await page.locator('[href="/me/security/password"]').count(), 1, 'one may be chosen again');
}, BESIDE);
