/** T12: applications that people sign in to, from their question to their answer (experience 5.11). */
import assert from 'node:assert/strict';
import { look, scenario } from '../harness/index.mjs';
import { enterCode, enterPassword, PASSWORD, PASSWORDS, personWithPassword } from '../harness/methods.mjs';
import { RelyingParty } from '../harness/relying_party.mjs';
import * as step from '../harness/steps.mjs';

const ALLOW = 'Allow';
const DENY = "Don't allow";

scenario('T12.1 plain: the sign-in says for whom, and the form of a redirect is let through', async (stage) => {
  const ana = await stage.newUser();
  const payroll = await RelyingParty.open(stage, 'Payroll', '--consent', 'pre-approved');
  const desk = await stage.desktop();
  await step.settleIn(desk, ana);

  // Signed in already: not a single page in between.
  await payroll.ask(desk);
  const first = await payroll.claims(desk);
  assert.deepEqual([first.acr, first.amr.includes('hwk')], ['phr', false]);

  await desk.page.goto('/me/security');
  await step.signOut(desk);
  await desk.authenticator.touch(false);
  await payroll.ask(desk, { login_hint: ana.email });
  await step.at(desk.page, '/signin');
  await step.says(desk.page, 'to continue to Payroll');
  assert.equal(await step.box(desk.page, step.IDENTIFIER).inputValue(), ana.email);
  await look(desk, 'OC-1');
  await desk.authenticator.touch(true);
  await step.button(desk.page, step.WITH_PASSKEY).click();
  const second = await payroll.claims(desk);
  assert.equal(second.sub, first.sub);
  assert.notEqual(second.sid, first.sid);
});

scenario('T12.1l the languages that an application asks for', async (stage) => {
  const payroll = await RelyingParty.open(stage, 'Payroll');
  const desk = await stage.desktop({ authenticator: 'none' });
  await payroll.ask(desk, { ui_locales: 'xx de-CH en' });
  await step.says(desk.page, 'um mit Payroll fortzufahren');
});

scenario('T12.2 consent: first, remembered, more, denied, and as somebody else', async (stage) => {
  const ana = await stage.newUser();
  const payroll = await RelyingParty.open(stage, 'Payroll', '--consent', 'remembered', '--scopes', 'openid profile email groups offline_access');
  const desk = await stage.desktop();
  await step.settleIn(desk, ana);
  const { page } = desk;

  await payroll.ask(desk, { scope: 'openid profile' });
  await step.says(page, 'Payroll wants to use your account');
  assert.ok(await step.button(page, ALLOW).isDisabled(), 'nobody is hurried into allowing');
  await look(desk, 'OC-2');
  await step.button(page, DENY).click();
  assert.equal(await payroll.error(desk), 'access_denied');

  await payroll.ask(desk, { scope: 'openid profile' });
  await step.button(page, ALLOW).click();
  assert.equal((await payroll.claims(desk)).scope, 'openid profile');

  // Once is enough, and what is more is asked alone.
  await payroll.ask(desk, { scope: 'openid profile' });
  await payroll.claims(desk);
  await payroll.ask(desk, { scope: 'openid profile email offline_access' });
  await step.says(page, 'This is new:');
  await look(desk, 'OC-2-new');
  await step.button(page, ALLOW).click();
  await payroll.claims(desk);

  // The keyboard alone. A window that gets the focus lets its buttons settle anew, so it has it first.
  await payroll.ask(desk, { scope: 'openid profile', prompt: 'consent' });
  await page.locator('h1').click();
  await step.button(page, ALLOW).and(page.locator(':enabled')).waitFor();
  await step.button(page, ALLOW).focus();
  await page.keyboard.press('Enter');
  await payroll.claims(desk);

  await payroll.ask(desk, { scope: 'openid profile', prompt: 'consent' });
  await step.button(page, 'Switch').click();
  await step.at(page, '/signin');
});

scenario('T12.2t two tabs: an answer is given to the question that was on the page', async (stage) => {
  const ana = await stage.newUser();
  const payroll = await RelyingParty.open(stage, 'Payroll', '--consent', 'always');
  const wiki = await RelyingParty.open(stage, 'Wiki', '--consent', 'always');
  const desk = await stage.desktop();
  await step.settleIn(desk, ana);
  await payroll.ask(desk);
  await step.says(desk.page, 'Payroll wants to use your account');
  const other = await desk.secondTab();
  await wiki.ask(other);
  await step.says(other.page, 'Wiki wants to use your account');
  await step.button(desk.page, ALLOW).click();
  await step.says(desk.page, 'Wiki wants to use your account');
  await step.button(desk.page, ALLOW).click();
  await wiki.claims(desk);
  await step.button(other.page, ALLOW).click();
  await step.says(other.page, 'This request is over');
  await look(other, 'OC-over');
});

scenario('T12.3 select_account: this one, or another', async (stage) => {
  const ana = await stage.newUser();
  const payroll = await RelyingParty.open(stage, 'Payroll');
  const desk = await stage.desktop();
  await step.settleIn(desk, ana);
  await payroll.ask(desk, { prompt: 'select_account' });
  await step.says(desk.page, 'Choose an account');
  await look(desk, 'OC-0');
  await step.button(desk.page, new RegExp(`Continue as ${ana.name}`)).click();
  await payroll.claims(desk);
  await payroll.ask(desk, { prompt: 'select_account' });
  await step.button(desk.page, 'Use another account').click();
  // The sign-in's text box offers the passkey by itself.
  await payroll.claims(desk);
});

scenario('T12.4 prompt=none answers without a page', async (stage) => {
  const ana = await stage.newUser();
  const payroll = await RelyingParty.open(stage, 'Payroll', '--consent', 'remembered');
  const desk = await stage.desktop();
  await payroll.ask(desk, { prompt: 'none' });
  assert.equal(await payroll.error(desk), 'login_required');
  await step.settleIn(desk, ana);
  await payroll.ask(desk, { prompt: 'none' });
  assert.equal(await payroll.error(desk), 'consent_required');
  await payroll.ask(desk);
  await step.button(desk.page, ALLOW).click();
  await payroll.claims(desk);
  await payroll.ask(desk, { prompt: 'none' });
  await payroll.claims(desk);
});

scenario('T12.5 a newer sign-in: prompt=login and max_age', async (stage) => {
  const ana = await stage.newUser();
  const payroll = await RelyingParty.open(stage, 'Payroll');
  const desk = await stage.desktop();
  await step.settleIn(desk, ana);
  await payroll.ask(desk);
  const first = await payroll.claims(desk);
  await payroll.ask(desk, { prompt: 'login' });
  await step.says(desk.page, 'Payroll asks you to confirm that it\'s you');
  await look(desk, 'OC-3-again');
  await step.button(desk.page, 'Use your passkey').click();
  const second = await payroll.claims(desk);
  assert.equal(second.sid, first.sid, 'the same line of sessions');
  assert.ok(second.auth_time >= first.auth_time);

  await payroll.ask(desk, { max_age: '3600' });
  await payroll.claims(desk);
  await payroll.ask(desk, { max_age: '0' });
  await step.says(desk.page, /too long ago|each time/);
  await step.button(desk.page, 'Cancel and go back to Payroll').click();
  assert.equal(await payroll.error(desk), 'access_denied');
});

scenario('T12.6 a password is not enough, a passkey is', async (stage) => {
  const desk = await stage.desktop();
  const { person, app } = await personWithPassword(stage, desk);
  const payroll = await RelyingParty.open(stage, 'Payroll');
  const vault = await RelyingParty.open(stage, 'Vault', '--needs', 'phishing-resistant');
  const { page } = desk;
  await desk.authenticator.touch(false);
  await enterPassword(desk, person.email, PASSWORD);
  await enterCode(desk, await app.next());
  await step.at(page, /^\/me\/(offer|security|interrupt)$/);

  await payroll.ask(desk);
  assert.notEqual((await payroll.claims(desk)).acr, 'phr');
  await vault.ask(desk);
  await step.says(page, 'Add a passkey first');
  await step.button(page, 'Cancel and go back to Vault').click();
  assert.match(await vault.error(desk) ?? '', /access_denied|unmet_authentication_requirements/);

  // Asked for by the request, and without a page.
  await payroll.ask(desk, { claims: JSON.stringify({ id_token: { acr: { essential: true, values: ['phr'] } } }) });
  await step.says(page, 'Payroll opens only with a passkey');
  await vault.ask(desk, { prompt: 'none' });
  assert.equal(await vault.error(desk), 'login_required');
  await payroll.ask(desk, { acr_values: 'phr', prompt: 'none' });
  assert.equal(await payroll.error(desk), 'unmet_authentication_requirements');

  // A passkey that was made with a pass, and a sign-in with it: from then on no page.
  await desk.plugIn('computer');
  await step.signInWithPass(desk, person, (await stage.server.issuePass(person.email)).pass);
  await step.addPasskey(desk);
  await vault.ask(desk, { prompt: 'none' });
  assert.equal((await vault.claims(desk)).acr, 'phr');
}, PASSWORDS);

scenario('T12.7 has no passkey: the wizard, and back to the application', async (stage) => {
  const ana = await stage.newUser();
  const vault = await RelyingParty.open(stage, 'Vault', '--needs', 'phishing-resistant');
  const desk = await stage.desktop();
  const { page } = desk;
  await vault.ask(desk);
  await step.at(page, '/signin');
  await step.says(page, 'to continue to Vault');
  // With a pass only the wizard opens; its end leads on.
  await step.signInWithPass(desk, ana);
  await page.goto('/authorize/continue');
  await step.says(page, 'Add a passkey first');
  await look(desk, 'OC-3b');
  await step.link(page, 'Create a passkey').click();
  await step.addPasskey(desk);
  await page.goto('/welcome/done');
  await step.link(page, 'Continue to Vault').click();
  assert.equal((await vault.claims(desk)).acr, 'phr');
});

scenario('T12.8 an answer as a form, with scripts and without', async (stage) => {
  const ana = await stage.newUser();
  const payroll = await RelyingParty.open(stage, 'Payroll');
  const desk = await stage.desktop();
  await step.settleIn(desk, ana);
  await payroll.ask(desk, { response_mode: 'form_post' });
  const told = await payroll.told(desk);
  assert.equal(told.method, 'POST');
  await payroll.claims(desk);
  await payroll.ask(desk, { response_mode: 'fragment' });
  await payroll.claims(desk);

  // Without scripts the same page has a button.
  const quiet = await stage.noJs();
  await payroll.ask(quiet, { response_mode: 'form_post', prompt: 'none' });
  await step.says(quiet.page, 'Back to Payroll');
  await look(quiet, 'OC-7-nojs');
  await step.button(quiet.page, 'Continue').click();
  assert.equal(await payroll.error(quiet), 'login_required');
});

scenario('T12.9 nobody is led to an address that is not registered', async (stage) => {
  const payroll = await RelyingParty.open(stage, 'Payroll');
  const desk = await stage.desktop({ authenticator: 'none' });
  const { page } = desk;
  for (const [other, says] of /** @type {[Record<string, string>, string][]} */ ([
    [{ client_id: 'nobody' }, 'Nobody here knows the application'],
    [{ redirect_uri: `${payroll.origin}/callback/` }, 'not registered for it'],
    [{ redirect_uri: 'https://evil.example/callback', prompt: 'none' }, 'not registered for it'],
    [{ redirect_uri: '' }, 'in a way that we don\'t understand'],
  ])) {
    await page.goto(payroll.question(other));
    await step.says(page, says);
    assert.equal(new URL(page.url()).pathname, '/authorize');
    await look(desk, says.startsWith('Nobody') ? 'OC-4' : 'OC-4-address');
  }
  // What is wrong otherwise is told to the application.
  await payroll.ask(desk, { code_challenge: '' });
  assert.equal(await payroll.error(desk), 'invalid_request');
  await payroll.ask(desk, { response_type: 'token' });
  assert.equal(await payroll.error(desk), 'unsupported_response_type');
  await page.goto('/authorize/continue');
  await step.says(page, 'This request is over');
});

scenario('T12.10 for certain groups only, and turned off', async (stage) => {
  const ana = await stage.newUser();
  await stage.server.command('group', 'add', 'HR');
  const payroll = await RelyingParty.open(stage, 'Payroll', '--groups', 'HR');
  const desk = await stage.desktop();
  await step.settleIn(desk, ana);
  await payroll.ask(desk);
  await step.says(desk.page, 'You have no access to Payroll');
  await look(desk, 'OC-6');
  await step.button(desk.page, 'Cancel and go back to Payroll').click();
  assert.equal(await payroll.error(desk), 'access_denied');
  await stage.server.command('client', 'disable', payroll.id);
  await desk.page.goto(payroll.question());
  await step.says(desk.page, 'turned this application off');
});

scenario('T12.11 a form across sites, and no cookie for programs', async (stage) => {
  const ana = await stage.newUser();
  const payroll = await RelyingParty.open(stage, 'Payroll');
  const desk = await stage.desktop();
  await step.settleIn(desk, ana);
  desk.watch.leaveAlone(payroll.origin);
  await desk.page.goto(`${payroll.origin}/`);
  const asked = Object.fromEntries(new URL(payroll.question()).searchParams);
  await desk.page.evaluate(({ action, asked }) => {
    const form = document.createElement('form');
    form.method = 'post';
    form.action = action;
    for (const [name, value] of Object.entries(asked)) {
      const field = document.createElement('input');
      field.type = 'hidden';
      field.name = name;
      field.value = value;
      form.append(field);
    }
    document.body.append(form);
    form.submit();
  }, { action: `${stage.server.origin}/authorize`, asked });
  await payroll.claims(desk);

  // A page of another site reads what programs read, and no cookie is made on the way.
  desk.watch.expect(/status of 401 \(Unauthorized\)/);
  await desk.page.goto(`${payroll.origin}/`);
  const read = await desk.page.evaluate(async (issuer) => {
    const document = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
    const keys = await (await fetch(document.jwks_uri)).json();
    const refused = await fetch(document.token_endpoint, { method: 'POST', body: new URLSearchParams({ grant_type: 'x' }), headers: { dpop: 'x' } });
    return { keys: keys.keys.length, status: refused.status, error: (await refused.json()).error };
  }, stage.server.origin);
  assert.ok(read.keys >= 1);
  assert.deepEqual([read.status, read.error], [401, 'invalid_client']);
});
