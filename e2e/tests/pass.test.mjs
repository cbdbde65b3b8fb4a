/** Temporary access passes that do not work, and ways of typing one that does. */
import assert from 'node:assert/strict';
import { look, scenario } from '../harness/index.mjs';
import * as step from '../harness/steps.mjs';

scenario('T1.4 a wrong pass three times, then the right one', async (stage) => {
  const ana = await stage.newUser();
  const foreign = await stage.foreignPass();
  const desk = await stage.desktop();
  for (let tries = 1; tries <= 3; tries += 1) {
    await step.enterPass(desk, ana.email, foreign);
    await step.says(desk.page, /not right/);
    if (tries === 1) await look(desk, 'SI-3-wrong');
  }
  assert.match(await desk.page.title(), /^Error:/);
  await step.says(desk.page, /7 tries left/);
  await look(desk, 'SI-3-wrong-tries-left');
  await step.signInWithPass(desk, ana);
});

scenario('T1.4e an empty pass and an empty identifier', async (stage) => {
  await stage.newUser();
  const desk = await stage.desktop();
  await desk.page.goto('/signin');
  await desk.page.evaluate(() => document.querySelectorAll('form').forEach((form) => { form.noValidate = true; }));
  await step.button(desk.page, 'Next').click();
  await desk.page.waitForFunction(() => document.title.startsWith('Error:'));
  await look(desk, 'SI-1-empty');
  assert.equal(await step.box(desk.page, step.IDENTIFIER).getAttribute('aria-invalid'), 'true');
});

scenario('T1.4u an unknown person gets the same words as a wrong pass', async (stage) => {
  const ana = await stage.newUser();
  const foreign = await stage.foreignPass();
  const desk = await stage.desktop();
  const main = () => desk.page.locator('main').innerText();
  await step.enterPass(desk, ana.email, foreign);
  await step.says(desk.page, /not right/);
  const known = await main();
  await step.enterPass(desk, 'nobody.here@example.com', foreign);
  await step.says(desk.page, /not right/);
  const blank = (/** @type {string} */ text) => text.replaceAll(/Ref\S*\s+\S+/g, 'Ref').replaceAll(ana.email, '@').replaceAll('nobody.here@example.com', '@');
  assert.equal(blank(await main()), blank(known));
});

scenario('T1.5 a pass that starts later', async (stage) => {
  const ana = await stage.newUser('later');
  const desk = await stage.desktop();
  await step.enterPass(desk, ana.email, ana.pass);
  await step.says(desk.page, /works from/);
  await look(desk, 'SI-3-early');
});

scenario('T1.6 a pass that has ended, and one that ends in the middle of the wizard (T1.11)', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  // Issued late in its own lifetime: a pass may begin in the past, and still works for a moment.
  const short = await stage.endingPass(ana.email, 10_000);
  await step.signInWithPass(desk, ana, short.pass);
  await step.choosePlace(desk, 'computer');
  await stage.over(short);
  await step.button(desk.page, 'Create passkey').click();
  await step.says(desk.page, /signed out|pass has ended/i);
  await look(desk, 'W-5a-pass-ended');
  assert.equal((await desk.authenticator.credentials()).length, 0, 'no orphan');
  await desk.page.goto('/me/security');
  await step.says(desk.page, /your temporary access pass has ended/);
  await look(desk, 'G-8-pass-ended');
  await step.enterPass(desk, ana.email, short.pass);
  await step.says(desk.page, /This pass has ended/);
  await look(desk, 'SI-3-expired');
});

scenario('T1.7 a one-time pass works once, and its own browser may resume', async (stage) => {
  const ana = await stage.newUser('once');
  const desk = await stage.desktop();
  await step.signInWithPass(desk, ana);

  // Reserved by this browser: another one is told so, this one comes back to where it was.
  const other = await stage.desktop();
  await step.enterPass(other, ana.email, ana.pass);
  await step.says(other.page, /worked once/);
  await look(other, 'SI-3-used');
  await desk.page.goto('/welcome');
  await step.addPasskey(desk);

  await step.signOut(desk);
  await step.enterPass(other, ana.email, ana.pass);
  await step.says(other.page, /worked once/);
});

scenario('T1.8 a revoked pass, and one replaced by a newer', async (stage) => {
  const ana = await stage.newUser();
  const newer = await stage.server.issuePass(ana.email);
  const desk = await stage.desktop();
  await step.enterPass(desk, ana.email, ana.pass);
  await step.says(desk.page, /not right|withdrawn or replaced/);

  await stage.server.command('pass', 'revoke', ana.email);
  await step.enterPass(desk, ana.email, newer.pass);
  await step.says(desk.page, /withdrawn or replaced/);
  await look(desk, 'SI-3-revoked');
});

scenario('T1.8s revoking a pass ends the session that it opened', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  await step.signInWithPass(desk, ana);
  await stage.server.command('pass', 'revoke', ana.email);
  await desk.page.goto('/me/security');
  await step.signedOutWithReason(desk);
  await look(desk, 'G-8-pass-revoked');
});

scenario('T1.9 ten wrong tries lock the pass, the right one included', async (stage) => {
  const ana = await stage.newUser();
  const foreign = await stage.foreignPass();
  const desk = await stage.desktop();
  for (let tries = 1; tries <= 10; tries += 1) {
    // The same name in another spelling is the same account.
    await step.enterPass(desk, tries % 2 === 0 ? ana.email.toUpperCase() : ana.email, foreign);
    await step.says(desk.page, /not right|too many/i);
  }
  await step.enterPass(desk, ana.email, ana.pass);
  await step.says(desk.page, /too many/i);
  await look(desk, 'SI-3-locked');
  assert.doesNotMatch(desk.path, /^\/(welcome|me)/);
});

scenario('T1.9c a typing slip costs no try', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const slipped = ana.pass.replace(/^./, (first) => (first === 'K' ? 'M' : 'K'));
  for (let tries = 1; tries <= 11; tries += 1) {
    await step.enterPass(desk, ana.email, slipped);
    await step.says(desk.page, /slip in that pass/);
  }
  await look(desk, 'SI-3-slip');
  await step.signInWithPass(desk, ana);
});

scenario('T1.10 the letter fills the form from the fragment, which leaves the address; opening it uses nothing up', async (stage) => {
  const ana = await stage.newUser('once');
  const desk = await stage.desktop();
  const { page } = desk;
  for (let visits = 1; visits <= 3; visits += 1) {
    await page.goto('about:blank');
    await page.goto(`/signin#u=${encodeURIComponent(ana.email)}&t=${encodeURIComponent(ana.pass)}`);
    await step.at(page, '/signin/tap');
    await page.waitForFunction(() => location.hash === '');
    assert.equal(new URL(page.url()).search, '', 'nothing of it in the query');
  }
  assert.equal((await step.box(page, step.PASS).inputValue()).replaceAll(/[\s-]/g, ''), ana.pass.replaceAll(/[\s-]/g, ''));
  await look(desk, 'SI-3-prefilled');
  await step.button(page, 'Sign in').click();
  await step.at(page, '/welcome');
});

scenario('T1.13 an onboarding session reaches Security info and the wizard, and nothing else', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  const id = await step.settleIn(desk, ana);
  await step.signOut(desk);
  const { pass } = await stage.server.issuePass(ana.email);
  const other = await stage.desktop({ authenticator: 'none' });
  await step.signInWithPass(other, ana, pass);
  await other.page.goto('/me/security');
  await step.says(other.page, /Your pass works until/);
  await look(other, 'SEC-1-onboarding');
  await other.page.goto(`/me/security/passkeys/${id}/remove`);
  assert.equal(await step.button(other.page, 'Remove').count(), 0, 'no removal with a pass alone');
  const status = await other.page.evaluate(async (path) => (await fetch(path, {
    method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'reason=unused', redirect: 'manual',
  })).status, `/me/security/passkeys/${id}/remove`);
  other.watch.expect(/Failed to load resource.*passkeys\/.*\/remove/);
  await other.page.goto('/me/security');
  await step.control(other.page, 'Sign out').waitFor();
  assert.notEqual(status, 200);
  await step.signInByAutofill(desk);
  assert.equal(await desk.page.getByRole('link', { name: 'Rename' }).or(desk.page.getByRole('button', { name: 'Rename' })).count() > 0, true, 'the passkey is still there');
});

scenario('T1.14 a pass pasted in lower case with spaces', async (stage) => {
  const ana = await stage.newUser();
  const desk = await stage.desktop();
  await step.signInWithPass(desk, ana, `  ${ana.pass.toLowerCase().replaceAll('-', ' ')} `);
});

scenario('T1.12 closing the tab and coming back to the same step', async (stage) => {
  const ana = await stage.newUser('once');
  const desk = await stage.desktop();
  await step.signInWithPass(desk, ana);
  await step.choosePlace(desk, 'computer');
  const address = desk.page.url();
  const again = await desk.secondTab();
  await desk.page.close();
  await again.page.goto(address);
  await step.button(again.page, 'Create passkey').click();
  await step.at(again.page, /\/name$/);
});
