/** Signing in with a passkey: what can come between. */
import assert from 'node:assert/strict';
import { look, scenario } from '../harness/index.mjs';
import * as step from '../harness/steps.mjs';

scenario('T2 a prompt that is cancelled: nobody is signed in, the offer in the address field returns', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  await step.settleIn(desk, ana);
  await step.signOut(desk);
  await step.openSignInQuietly(desk);
  const prompts = await step.countPrompts(page);
  await step.shortenPrompt(desk, '/signin/begin', 1500);
  await step.button(page, step.WITH_PASSKEY).click();
  await step.says(page, /You were not signed in/);
  await look(desk, 'SI-1-cancelled');
  // The modal prompt, and then the offer in the address field again (R2).
  await prompts(2);
  await desk.authenticator.touch(true);
  await step.button(page, step.WITH_PASSKEY).click();
  await step.at(page, '/me/security');
});

scenario('T2 an open prompt can be left with Cancel', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  await step.settleIn(desk, ana);
  await step.signOut(desk);
  await step.openSignInQuietly(desk);
  const prompts = await step.countPrompts(page);
  await step.button(page, step.WITH_PASSKEY).click();
  await prompts(1);
  await look(desk, 'SI-1-prompt-open');
  // The open prompt stays unanswered; what follows it, the offer in the address field, is answered.
  await desk.authenticator.touch(true);
  assert.equal(desk.path, '/signin');
  await step.button(page, 'Cancel').click();
  await step.at(page, '/me/security');
});

scenario('T2 a prompt that times out', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  await step.settleIn(desk, ana);
  await step.signOut(desk);
  await step.openSignInQuietly(desk);
  await page.evaluate(() => {
    navigator.credentials.get = async () => { throw new DOMException('stub', 'TimeoutError'); };
  });
  await step.button(page, step.WITH_PASSKEY).click();
  await step.says(page, /took too long/);
  await look(desk, 'SI-1-timeout');
});

scenario('T2 the device does not verify its person', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  await step.settleIn(desk, ana);
  await step.signOut(desk);
  await step.openSignInQuietly(desk);
  await desk.authenticator.verifies(false);
  await desk.authenticator.touch(true);
  await step.button(page, step.WITH_PASSKEY).click();
  await step.says(page, /could not open the passkey prompt/);
  await look(desk, 'SI-1-not-started');
  // Two failures: another way comes first (R42).
  await step.button(page, step.WITH_PASSKEY).click();
  await page.getByRole('heading', { name: 'Try another way' }).waitFor();
  await look(desk, 'SI-1-two-failures');
});

scenario('T2 a removed passkey: the server does not know it, the signal deletes it', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  const id = await step.settleIn(desk, ana);
  await step.signOut(desk);
  await step.openSignInQuietly(desk);
  await stage.server.command('passkey', 'remove', ana.email, id);
  await desk.authenticator.touch(true);
  await step.button(page, step.WITH_PASSKEY).click();
  await step.says(page, /not known here any more/);
  await look(desk, 'SI-1-unknown');
  await page.waitForFunction(() => true);
  assert.equal((await desk.authenticator.credentials()).length, 0, 'gone from the authenticator');
  assert.equal(desk.authenticator.deleted.length, 1);
});

scenario('T2 a person who was disabled', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  await step.settleIn(desk, ana);
  const away = await stage.desktop();
  await desk.authenticator.copyTo(away.authenticator);
  await stage.server.command('user', 'disable', ana.email);
  await desk.authenticator.touch(false);
  await page.goto('/me/sessions');
  await step.signedOutWithReason(desk);
  await step.openSignInQuietly(away);
  await away.authenticator.touch(true);
  await step.button(away.page, step.WITH_PASSKEY).click();
  await step.says(away.page, /turned off/);
  await look(away, 'SI-1-disabled');
  assert.equal((await away.authenticator.credentials()).length, 1, 'the passkey is known: no signal');
});

scenario('T2 two tabs wait for the same passkey; each signs in', async (stage) => {
  const ana = await stage.newUser();
  const first = await stage.desktop();
  await step.settleIn(first, ana);
  await step.signOut(first);
  await step.openSignInQuietly(first);
  const second = await first.secondTab();
  await step.openSignInQuietly(second);
  await first.authenticator.touch(true);
  await step.button(first.page, step.WITH_PASSKEY).click();
  await step.at(first.page, '/me/security');
  await second.authenticator.touch(true);
  await step.button(second.page, step.WITH_PASSKEY).click();
  await step.at(second.page, '/me/security');
});

scenario('T2 a lost reply to a sign-in: trying again signs in', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  await step.settleIn(desk, ana);
  await step.signOut(desk);
  await step.openSignInQuietly(desk);
  const { dealt } = await step.loseReply(desk, '/signin/finish');
  await desk.authenticator.touch(true);
  desk.watch.expect(/ERR_CONNECTION_RESET.*signin\/finish/);
  await step.button(desk.page, step.WITH_PASSKEY).click();
  assert.equal((await dealt).ok, true);
  await step.says(desk.page, /We will try again/);
  await look(desk, 'SI-1-lost-reply');
  await desk.page.evaluate(() => dispatchEvent(new Event('online')));
  await step.at(desk.page, '/me/security');
});

scenario('T2 the identifier stays for the journey; the account is remembered after it, and can be forgotten', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const { page } = desk;
  await page.goto('/signin');
  await step.box(page, step.IDENTIFIER).fill(ana.email);
  await step.button(page, 'Next').click();
  await step.at(page, '/signin/method');
  await step.says(page, ana.email);
  await step.settleIn(desk, ana);
  await step.signOut(desk);
  await step.openSignInQuietly(desk);
  await look(desk, 'SI-1-welcome-back');
  await desk.authenticator.touch(true);
  await step.button(page, /Continue as Ana Meier/).click();
  await step.at(page, '/me/security');
  await step.signOut(desk);
  await step.openSignInQuietly(desk);
  await step.button(page, /Forget Ana Meier/).click();
  await step.says(page, /no longer offers that account/);
  assert.equal(await page.getByText('Welcome back').count(), 0);
});

scenario('T2 signed in already: the sign-in page offers to go on', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  await step.settleIn(desk, ana);
  await step.openSignInQuietly(desk);
  await look(desk, 'SI-1-signed-in');
  await step.link(desk.page, /Continue as Ana Meier/).click();
  await step.at(desk.page, '/me/security');
});

scenario('R5 a browser without the JSON helpers of WebAuthn', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  await desk.context.addInitScript(() => {
    for (const name of ['parseCreationOptionsFromJSON', 'parseRequestOptionsFromJSON', 'getClientCapabilities',
      'signalAllAcceptedCredentials', 'signalCurrentUserDetails', 'signalUnknownCredential']) {
      Reflect.deleteProperty(PublicKeyCredential, name);
    }
    Reflect.deleteProperty(PublicKeyCredential.prototype, 'toJSON');
  });
  await step.settleIn(desk, ana);
  await step.signOut(desk);
  await step.signInByAutofill(desk);
  await step.signOut(desk);
  await step.signInByButton(desk);
});

scenario('T2 a browser without passkeys is told so and keeps the other ways', async (stage) => {
  await stage.newUser();
  const desk = await stage.desktop({ authenticator: 'none' });
  await desk.context.addInitScript(() => { Reflect.deleteProperty(globalThis, 'PublicKeyCredential'); });
  await desk.page.goto('/signin');
  await step.says(desk.page, /cannot use passkeys/);
  await step.link(desk.page, 'I have a temporary access pass').waitFor();
  await look(desk, 'G-2');
});
