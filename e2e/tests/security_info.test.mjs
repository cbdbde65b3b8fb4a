/** Security info, passkeys and sessions (T3). */
import assert from 'node:assert/strict';
import { look, picture, scenario } from '../harness/index.mjs';
import * as step from '../harness/steps.mjs';

/** Resolves when a signal has reached the authenticator. @param {step.Visitor} visitor @param {'Deleted' | 'Updated'} what */
const signalled = (visitor, what) => new Promise((resolve) => {
  visitor.devtools.once(/** @type {any} */ (`WebAuthn.credential${what}`), resolve);
});

scenario('T3 Security info without a passkey', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  await step.signInWithPass(desk, ana);
  await desk.page.goto('/me/security');
  await step.control(desk.page, 'Add sign-in method').waitFor();
  await look(desk, 'SEC-1-empty');
});

scenario('T3 details and renaming', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  const id = await step.settleIn(desk, ana, { name: 'Laptop' });
  await page.goto(`/me/security/passkeys/${id}`);
  await step.says(page, 'Laptop');
  await step.says(page, '01020304-0506-0708-0102-030405060708');
  await look(desk, 'SEC-2');
  await page.goto('/me/security');
  await step.control(page, 'Rename').click();
  await step.box(page, 'Name').waitFor();
  await look(desk, 'SEC-3');
  for (const [name, id] of /** @type {const} */ ([['   ', 'empty'], ['x'.repeat(61), 'long']])) {
    await step.box(page, 'Name').evaluate((input, value) => {
      input.removeAttribute('maxlength');
      input.removeAttribute('required');
      /** @type {HTMLInputElement} */ (input).value = value;
    }, name);
    await step.button(page, 'Rename').click();
    await page.waitForFunction(() => document.title.startsWith('Error:'));
    await look(desk, `SEC-3-${id}`);
  }
  await step.box(page, 'Name').fill('Ana’s <b>Läptop</b> 🦊');
  await step.button(page, 'Rename').click();
  await step.at(page, '/me/security');
  await step.says(page, 'Ana’s <b>Läptop</b> 🦊');
  await look(desk, 'SEC-5-renamed');
});

scenario('T3 removing one of two passkeys: the browser is told, the other one stays', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  const first = await step.settleIn(desk, ana, { name: 'Old laptop' });
  const laptop = desk.authenticator;
  await step.addSecondPasskey(desk, 'Blue key');
  await page.goto('/me/security');
  await look(desk, 'SEC-1-two');
  await picture(desk, 'security-info-two');
  await page.goto(`/me/security/passkeys/${first}/remove`);
  await step.says(page, /Old laptop/);
  await look(desk, 'SEC-4');
  const gone = signalled(desk, 'Deleted');
  await step.button(page, 'Remove').click();
  await step.at(page, '/me/security');
  await gone;
  await look(desk, 'SEC-5-removed');
  assert.equal(laptop.deleted.length, 1, 'the removed one was deleted by the signal');
  assert.equal(await page.getByText('Old laptop').count() <= 1, true);
  await step.says(page, 'Blue key');
});

scenario('T3 the last way to sign in cannot be removed', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  const id = await step.settleIn(desk, ana);
  await page.goto(`/me/security/passkeys/${id}/remove`);
  await step.says(page, /Add another way first/);
  assert.equal(await step.button(page, 'Remove').count(), 0);
  await look(desk, 'SEC-4-blocked');
  const answer = await page.evaluate(async (path) => {
    const reply = await fetch(path, {
      method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'reason=unused',
    });
    return { ok: reply.ok, url: reply.url };
  }, `/me/security/passkeys/${id}/remove`);
  desk.watch.expect(/Failed to load resource.*remove/);
  assert.ok(!answer.ok || !answer.url.endsWith('/me/security'), 'refused by the server too');
  await step.signOut(desk);
  await step.signInByAutofill(desk);
});

scenario('T3 two tabs: removed in one while the other has its page open', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const first = await step.settleIn(desk, ana, { name: 'Old laptop' });
  const other = await desk.secondTab();
  // Only the tab in front may ask for a passkey.
  await desk.page.bringToFront();
  await step.addSecondPasskey(desk, 'Blue key');
  await other.page.goto(`/me/security/passkeys/${first}/rename`);
  await desk.page.goto(`/me/security/passkeys/${first}/remove`);
  await step.button(desk.page, 'Remove').click();
  await step.at(desk.page, '/me/security');
  await step.box(other.page, 'Name').fill('Too late');
  await step.button(other.page, 'Rename').click();
  await step.says(other.page, /gone already|nothing here/i);
  await look(other, 'SEC-1-gone');
});

scenario('RA-1 adding a passkey asks for a passkey first', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  await step.settleIn(desk, ana);
  await desk.authenticator.touch(false);
  await step.shortenPrompt(desk, '/me/confirm/begin', 1200);
  await page.goto('/me/security/add');
  await page.getByRole('radio', { name: step.PLACES.computer }).check();
  await step.button(page, 'Next').click();
  await step.at(page, '/me/confirm');
  await look(desk, 'RA-1');
  await desk.authenticator.touch(true);
  await step.button(page, 'Use your passkey').click();
  await step.at(page, /\/create$/);
});

scenario('DS-1 the list of sessions, one of them ended from another browser', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  await step.settleIn(desk, ana);
  await step.signOut(desk);
  await step.signInByAutofill(desk);
  const away = await stage.desktop();
  await desk.authenticator.copyTo(away.authenticator);
  await step.signInByAutofill(away);

  await desk.page.goto('/me/sessions');
  await step.says(desk.page, 'This session');
  await look(desk, 'DS-1-two');
  await picture(desk, 'sessions');
  const others = desk.page.locator('main').getByRole('button', { name: 'End session' });
  await away.authenticator.touch(false);
  await others.click();
  await step.at(desk.page, '/me/sessions');
  await look(desk, 'DS-1-one');

  await away.page.goto('/me/security');
  await step.signedOutWithReason(away);
  await look(away, 'G-8');
  await desk.page.goto('/me/security');
  await desk.page.getByRole('heading', { level: 1, name: 'Security info' }).waitFor();
});

scenario('DS-1 sign out everywhere else', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  await step.settleIn(desk, ana);
  const others = [await stage.desktop(), await stage.desktop()];
  for (const other of others) {
    await desk.authenticator.copyTo(other.authenticator);
    await step.signInByAutofill(other);
  }
  await desk.page.goto('/me/sessions');
  for (const other of others) await other.authenticator.touch(false);
  await step.button(desk.page, 'Sign out everywhere else').click();
  await step.at(desk.page, '/me/sessions');
  for (const other of others) {
    await other.page.goto('/me/security');
    await step.signedOutWithReason(other);
  }
  await desk.page.goto('/me/security');
  await desk.page.getByRole('heading', { level: 1, name: 'Security info' }).waitFor();
});

scenario('G-8 signed out in another tab', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  await step.settleIn(desk, ana);
  await desk.page.goto('/me/security');
  const other = await desk.secondTab();
  await other.page.goto('/me/sessions');
  await desk.authenticator.touch(false);
  await other.authenticator.touch(false);
  await step.signOut(desk);
  await step.button(other.page, 'Sign out').first().click();
  await other.page.waitForLoadState();
  await step.says(other.page, /signed out/i);
  await desk.page.goto('/me/security');
  await step.at(desk.page, '/signin');
});

scenario('sessions survive a restart of the server; the session gets a new id at every authentication', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  await step.signInWithPass(desk, ana);
  const cookie = async () => (await desk.context.cookies()).find((one) => one.name === '__Host-keyward-session')?.value;
  const onboarding = await cookie();
  await step.addPasskey(desk);
  const full = await cookie();
  assert.ok(onboarding && full && onboarding !== full, 'the try was a sign-in: another session');
  await stage.server.restart();
  await desk.page.goto('/me/security');
  await desk.page.getByRole('heading', { level: 1, name: 'Security info' }).waitFor();
  await step.signOut(desk);
  assert.equal(await cookie(), undefined, 'the cookie is taken back');
});

scenario('T3 signals: the complete list and the current names, on Security info only', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  await desk.context.addInitScript(() => {
    const calls = /** @type {any} */ (globalThis).keywardSignals = /** @type {any[]} */ ([]);
    for (const name of ['signalAllAcceptedCredentials', 'signalCurrentUserDetails', 'signalUnknownCredential']) {
      const api = /** @type {any} */ (PublicKeyCredential);
      const real = api[name].bind(api);
      api[name] = (/** @type {any} */ details) => { calls.push([name, details]); return real(details); };
    }
  });
  await step.settleIn(desk, ana);
  await step.addSecondPasskey(desk, 'Blue key');
  assert.deepEqual(await page.evaluate('keywardSignals'), [], 'no signal in the wizard');
  await page.goto('/me/security');
  await page.waitForFunction('keywardSignals.length >= 2');
  const calls = Object.fromEntries(/** @type {any[]} */ (await page.evaluate('keywardSignals')));
  const accepted = calls['signalAllAcceptedCredentials'];
  assert.equal(accepted.rpId, 'localhost');
  assert.equal(accepted.allAcceptedCredentialIds.length, 2, 'all of them, wherever they are');
  assert.deepEqual([calls['signalCurrentUserDetails'].name, calls['signalCurrentUserDetails'].displayName], [ana.email, ana.name]);
  assert.equal(calls['signalCurrentUserDetails'].userId, accepted.userId);
});

scenario('T3 a lost passkey: its sessions end with it', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const lost = await step.settleIn(desk, ana, { name: 'Old laptop' });
  const thief = await stage.desktop();
  await step.addSecondPasskey(desk, 'Blue key');
  await desk.authenticator.copyTo(thief.authenticator);
  await desk.authenticator.unplug();
  await step.signInByAutofill(thief);
  await desk.page.goto(`/me/security/passkeys/${lost}/remove`);
  await desk.page.getByRole('radio', { name: /lost or stolen/ }).check();
  await step.button(desk.page, 'Remove').click();
  await desk.page.waitForURL((url) => !url.pathname.endsWith('/remove'));
  await thief.authenticator.touch(false);
  await thief.page.goto('/me/security');
  await step.signedOutWithReason(thief);
  await thief.authenticator.touch(true);
  await step.button(thief.page, step.WITH_PASSKEY).click();
  await step.says(thief.page, /not known here any more/);
});

scenario('T3 the own pass can be deleted', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  await step.settleIn(desk, ana);
  await desk.page.goto('/me/security');
  await step.button(desk.page, 'Delete').click();
  await step.says(desk.page, /pass was deleted/);
  await look(desk, 'SEC-1-pass-deleted');
  const other = await stage.desktop();
  await step.enterPass(other, ana.email, ana.pass);
  await step.says(other.page, /withdrawn/);
});
