/** T2, the parts with a password: password and code, replay, expired, without JavaScript, the same for unknown names, and the passkey that the browser saves by itself. */
import assert from 'node:assert/strict';
import { look, scenario } from '../harness/index.mjs';
import { AuthenticatorApp, CODE_BOX, enterCode, enterPassword, PASSWORD, PASSWORD_BOX, PASSWORDS, personWithPassword } from '../harness/methods.mjs';
import { at, box, button, control, IDENTIFIER, link, says, settleIn, signInByButton, signOut } from '../harness/steps.mjs';

/** What every one of these pages says to somebody whom it does not let in. */
const WRONG = 'That username and password do not belong together.';

scenario('T2 password and code: SI-4, SI-5, SI-7 postponed, and the code is no good a second time', async (stage) => {
  const desktop = await stage.desktop();
  const { person, app } = await personWithPassword(stage, desktop);
  const { page } = desktop;
  await enterPassword(desktop, person.email, 'something else entirely');
  await says(page, WRONG);
  await look(desktop, 'SI-4-wrong');
  const password = page.getByLabel(PASSWORD_BOX, { exact: true });
  await button(page, 'Show the password').click();
  assert.equal(await password.getAttribute('type'), 'text');
  await password.fill(PASSWORD);
  await button(page, 'Sign in').click();
  await at(page, '/signin/step');
  await look(desktop, 'SI-5');
  await enterCode(desktop, app.wrong());
  await says(page, 'That code is not right.');
  // Somebody who looks over the shoulder waits with the same password at the same step.
  const shoulder = await stage.desktop();
  await enterPassword(shoulder, person.email, PASSWORD);
  await at(shoulder.page, '/signin/step');
  await enterCode(desktop, await app.next());
  await at(page, '/me/interrupt');
  await enterCode(shoulder, app.again());
  await says(shoulder.page, 'That code was used already.');
  await look(desktop, 'SI-7');
  await button(page, /Not now – 1[34] days left/).click();
  await at(page, '/me/security');
  await look(desktop, 'SEC-1-password');
}, PASSWORDS);

scenario('T2 an expired password is changed after the second step', async (stage) => {
  const desktop = await stage.desktop();
  const { person, app } = await personWithPassword(stage, desktop);
  await stage.server.commandWith('what the operator chose\n', 'password', 'set', person.email, '--must-change');
  const { page } = desktop;
  await enterPassword(desktop, person.email, 'what the operator chose');
  // One factor does not replace a password: the code comes first.
  await enterCode(desktop, await app.next());
  await at(page, '/signin/password/new');
  await look(desktop, 'SI-4b');
  await page.getByLabel('New password').fill('short');
  await button(page, 'Save the new password').click();
  await says(page, 'too short');
  await page.getByLabel('New password').fill('another good sentence');
  await button(page, 'Save the new password').click();
  await at(page, '/me/interrupt');
}, PASSWORDS);

scenario('T2 without JavaScript: password, code and recovery codes work all the same', async (stage) => {
  const desktop = await stage.desktop();
  const { person, app } = await personWithPassword(stage, desktop);
  const plain = await stage.noJs();
  const { page } = plain;
  await enterPassword(plain, person.email, PASSWORD);
  await enterCode(plain, await app.next());
  await at(page, '/me/interrupt');
  await button(page, /Not now/).click();
  await at(page, '/me/security');
  await page.locator('[href="/me/security/recovery-codes"]').click();
  await button(page, 'Make ten new codes').click();
  await at(page, '/me/confirm');
  await look(plain, 'RA-1-password');
  await page.getByLabel(PASSWORD_BOX, { exact: true }).fill(PASSWORD);
  await box(page, CODE_BOX).fill(await app.next());
  await button(page, 'Confirm').click();
  await button(page, 'Continue').click();
  await says(page, 'This is the only time that these codes are shown.');
  await look(plain, 'SEC-6');
  const codes = await page.locator('#codes code').allTextContents();
  assert.equal(codes.length, 10);
  await page.getByRole('checkbox').check();
  await button(page, 'Done').click();
  await says(page, 'Your recovery codes are ready.');
  await signOut(plain);
  // A recovery code takes the place of the app.
  await enterPassword(plain, person.email, PASSWORD);
  await control(page, 'Use a recovery code instead').click();
  await box(page, 'Recovery code').fill((codes[0] ?? '').toLowerCase());
  await button(page, 'Sign in').click();
  await at(page, '/me/interrupt');
}, PASSWORDS);

scenario('T2 recovery code alone: it secures the account, works once, and opens nothing else', async (stage) => {
  const desktop = await stage.desktop();
  const person = await stage.newUser();
  await settleIn(desktop, person);
  const { page } = desktop;
  await page.goto('/me/security/recovery-codes');
  await button(page, 'Make ten new codes').click();
  await says(page, 'This is the only time that these codes are shown.');
  const codes = await page.locator('#codes code').allTextContents();
  const download = page.waitForEvent('download');
  await button(page, 'Download').click();
  const file = await download;
  assert.equal(file.suggestedFilename(), 'recovery-codes.txt');
  assert.ok(codes.every((code) => !file.url().includes(code)), 'no secret in an address');
  await page.getByRole('checkbox').check();
  await button(page, 'Done').click();
  await says(page, '10 of 10 left');
  const other = await stage.desktop({ authenticator: 'none' });
  await other.page.goto('/signin');
  await box(other.page, IDENTIFIER).fill(person.email);
  await button(other.page, 'Next').click();
  await control(other.page, 'Use a recovery code').click();
  await look(other, 'SI-recovery');
  await box(other.page, 'Recovery code').fill(codes[4] ?? '');
  await button(other.page, 'Sign in').click();
  await at(other.page, '/me/secure');
  const refused = await other.page.goto('/me/sessions');
  assert.equal(refused?.status(), 403);
  await page.reload();
  await says(page, '9 of 10 left');
});

scenario('T2 enumeration: an unknown name gets the same pages as a known one', async (stage) => {
  const desktop = await stage.desktop();
  const { person } = await personWithPassword(stage, desktop);
  /** @type {Record<string, string[]>} */
  const pages = {};
  for (const email of [person.email, 'nobody@example.com']) {
    const visitor = await stage.desktop({ authenticator: 'none' });
    const seen = pages[email] = /** @type {string[]} */ ([]);
    const keep = async () => {
      const html = await visitor.page.content();
      seen.push(html.replaceAll(email, 'LOGIN').replaceAll(/\b[A-Z0-9]{4}-[A-Z0-9]{4}\b/g, 'REFERENCE').replaceAll(/ data-sent="yes"/g, ''));
    };
    await visitor.page.goto('/signin');
    await box(visitor.page, IDENTIFIER).fill(email);
    await button(visitor.page, 'Next').click();
    await at(visitor.page, '/signin/method');
    await keep();
    for (const way of ['password', 'recovery', 'tap']) {
      await visitor.page.goto(`/signin/${way}`);
      await keep();
    }
    await enterPassword(visitor, email, 'something else entirely');
    await says(visitor.page, WRONG);
    await keep();
  }
  assert.deepEqual(pages[person.email], pages['nobody@example.com']);
}, PASSWORDS);

/**
 * Answers conditional create in the page's place: a real one would be asked of a password manager, which there is none of.
 * @param {import('../harness/browser.mjs').Visitor} visitor
 * @param {string} how `ok`, or the name of the refusal
 */
async function stubConditionalCreate(visitor, how) {
  await visitor.context.addInitScript((outcome) => {
    const real = navigator.credentials.create.bind(navigator.credentials);
    const api = /** @type {any} */ (PublicKeyCredential);
    const capabilities = api.getClientCapabilities?.bind(api);
    api.getClientCapabilities = async () => ({ ...await capabilities?.(), conditionalCreate: true });
    navigator.credentials.create = async (/** @type {any} */ options) => {
      if (options?.mediation !== 'conditional') return real(options);
      sessionStorage.setItem('asked', outcome);
      if (outcome !== 'ok') throw new DOMException('no', outcome);
      const { mediation: _, ...modal } = options;
      // The virtual authenticator plays the password manager: asked modally, never conditionally.
      return real(modal);
    };
  }, how);
}

for (const how of ['InvalidStateError', 'NotAllowedError', 'AbortError']) {
  scenario(`T2 conditional create: ${how} is never visible`, async (stage) => {
    const desktop = await stage.desktop();
    const { person, app } = await personWithPassword(stage, desktop);
    await stubConditionalCreate(desktop, how);
    const { page } = desktop;
    await enterPassword(desktop, person.email, PASSWORD);
    await enterCode(desktop, await app.next());
    await at(page, '/me/interrupt');
    await page.waitForFunction(() => sessionStorage.getItem('asked') !== null);
    assert.equal(desktop.path, '/me/interrupt');
    assert.equal(await page.locator('.banner:visible').count(), 0);
    await button(page, /Not now/).click();
    await at(page, '/me/security');
    assert.equal(await page.locator('.banner.danger:visible').count(), 0);
  }, PASSWORDS);
}

scenario('T2 conditional create: a saved passkey is told afterwards, to see and to undo', async (stage) => {
  const desktop = await stage.desktop();
  const { person, app } = await personWithPassword(stage, desktop);
  await desktop.plugIn('computer');
  await stubConditionalCreate(desktop, 'ok');
  const { page } = desktop;
  await enterPassword(desktop, person.email, PASSWORD);
  await enterCode(desktop, await app.next());
  await at(page, '/me/security');
  await says(page, /A passkey was saved/);
  await look(desktop, 'SI-8-saved');
  assert.equal((await desktop.authenticator.credentials()).length, 1);
  await link(page, 'Undo').click();
  await at(page, /\/remove$/);
}, PASSWORDS);

scenario('T2 a security key signed in: this computer could have a passkey too (R8)', async (stage) => {
  const desktop = await stage.securityKey();
  const person = await stage.newUser();
  await settleIn(desktop, person, { place: 'securityKey' });
  const { page } = desktop;
  await page.goto('/me/security');
  await signOut(desktop);
  await signInByButton(desktop);
  await says(page, 'Set up a passkey on this computer too?');
  await button(page, 'Not now').click();
  await at(page, '/me/security');
});

scenario('the demonstration: the printed password and secret lead to the request for a passkey', async (stage) => {
  const ben = stage.server.ready.demo.find((/** @type {any} */ person) => person.password !== undefined);
  const desktop = await stage.desktop();
  const app = new AuthenticatorApp(ben.totpSecret);
  await enterPassword(desktop, ben.email, ben.password);
  await enterCode(desktop, await app.next());
  await at(desktop.page, '/me/interrupt');
}, { demo: true });
