/** T13: signing out of everything, asked for by an application or by the person (OpenID Connect RP-Initiated and Front-Channel Logout). */
import assert from 'node:assert/strict';
import { look, scenario } from '../harness/index.mjs';
import { RelyingParty } from '../harness/relying_party.mjs';
import * as step from '../harness/steps.mjs';

/** @typedef {import('../harness/browser.mjs').Visitor} Visitor */

/** An application asks for a sign-out. @param {RelyingParty} application @param {Visitor} visitor @param {Record<string, string>} parameters */
async function leave(application, visitor, parameters) {
  await visitor.page.goto(`${application.origin}/`);
  await visitor.page.goto(`${application.issuer}/oauth/end-session?${new URLSearchParams(parameters)}`, { referer: `${application.origin}/` });
}

scenario('T13.1 an application signs its person out: at once with its ID token, and back with its state', async (stage) => {
  const ana = await stage.newUser();
  const payroll = await RelyingParty.open(stage, 'Payroll', '--consent', 'pre-approved');
  const bye = `${payroll.origin}/bye`;
  await stage.server.command('client', 'change', payroll.id, '--post-logout-redirect-uri', bye);
  const desk = await stage.desktop();
  await step.settleIn(desk, ana);
  await payroll.ask(desk);
  await payroll.claims(desk);

  await leave(payroll, desk, { id_token_hint: payroll.idToken, post_logout_redirect_uri: bye, state: 'a&b' });
  await desk.page.waitForURL((url) => url.href === `${bye}?state=a%26b`);
  await desk.page.goto(`${payroll.issuer}/me/security`);
  await step.at(desk.page, '/signin');
});

scenario('T13.2 without its ID token the person is asked, and may stay', async (stage) => {
  const ana = await stage.newUser();
  const payroll = await RelyingParty.open(stage, 'Payroll', '--consent', 'pre-approved');
  const bye = `${payroll.origin}/bye`;
  await stage.server.command('client', 'change', payroll.id, '--post-logout-redirect-uri', bye);
  const desk = await stage.desktop();
  await step.settleIn(desk, ana);
  await payroll.ask(desk);
  await payroll.claims(desk);

  await leave(payroll, desk, { client_id: payroll.id, post_logout_redirect_uri: bye });
  await step.says(desk.page, 'Payroll asks that you sign out here.');
  await look(desk, 'OC-5-ask');
  await step.link(desk.page, 'Stay signed in').click();
  await step.at(desk.page, '/me/security');

  await leave(payroll, desk, { client_id: payroll.id, post_logout_redirect_uri: bye });
  await desk.page.locator('main').getByRole('button', { name: 'Sign out' }).click();
  await desk.page.waitForURL(bye);

  await leave(payroll, desk, { client_id: payroll.id, post_logout_redirect_uri: 'https://evil.example/' });
  await step.says(desk.page, 'We did not lead you there');
});

scenario('T13.3 the signed-out page tells the others in frames, says which, and leads on', async (stage) => {
  const ana = await stage.newUser();
  const payroll = await RelyingParty.open(stage, 'Payroll', '--consent', 'pre-approved');
  const wiki = await RelyingParty.open(stage, 'Wiki', '--consent', 'pre-approved');
  await stage.server.command('client', 'change', wiki.id, '--frontchannel-logout-uri', `${wiki.origin}/front`);
  await stage.server.command('client', 'change', payroll.id, '--post-logout-redirect-uri', `${payroll.origin}/bye`);
  /** @type {string[]} */
  const framed = [];
  wiki.server.on('request', (request) => { if (request.url?.startsWith('/front')) framed.push(request.url); });
  const desk = await stage.desktop();
  desk.watch.leaveAlone(wiki.origin);
  await step.settleIn(desk, ana);
  for (const application of [wiki, payroll]) {
    await application.ask(desk);
    await application.claims(desk);
  }
  await leave(payroll, desk, { id_token_hint: payroll.idToken, post_logout_redirect_uri: `${payroll.origin}/bye`, state: 's' });
  await desk.page.waitForURL((url) => url.href === `${payroll.origin}/bye?state=s`);
  assert.equal(framed.length, 1);

  await step.signInByButton(desk);
  await wiki.ask(desk);
  await wiki.claims(desk);
  await desk.page.goto(`${payroll.issuer}/me/security`);
  await step.signOut(desk);
  await step.says(desk.page, 'You were also signed out of these applications:');
  await step.says(desk.page, 'On a shared computer, close the browser too.');
  await desk.page.locator('iframe').first().waitFor({ state: 'attached' });
  await look(desk, 'OC-5-signed-out');
  assert.equal(framed.length, 2);
});
