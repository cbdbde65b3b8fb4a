/** oauth4webapi: pushed requests (RFC 9126), tokens bound to a key (RFC 9449), the secret in the header, as in its examples. */
import * as oauth from 'oauth4webapi';
import { clientId, clientSecret, issuer, origin, serve } from './frame.mjs';

const redirectUri = `${origin}/callback`;
const where = new URL(issuer);
const server = await oauth.processDiscoveryResponse(where, await oauth.discoveryRequest(where));
/** @type {oauth.Client} */
const client = { client_id: clientId };
const authentication = oauth.ClientSecretBasic(clientSecret);
const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));

/** @param {oauth.TokenEndpointResponse} tokens @param {import('./frame.mjs').SignedIn} [before] */
async function signedIn(tokens, before) {
  const claims = oauth.getValidatedIdTokenClaims(tokens) ?? before?.claims ?? {};
  const asked = await oauth.userInfoRequest(server, client, tokens.access_token, { DPoP });
  return {
    idToken: tokens.id_token ?? before?.idToken ?? '',
    claims,
    userinfo: await oauth.processUserInfoResponse(server, client, String(claims['sub']), asked),
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token,
  };
}

serve({
  async begin() {
    const pending = { verifier: oauth.generateRandomCodeVerifier(), state: oauth.generateRandomState(), nonce: oauth.generateRandomNonce() };
    const parameters = new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'openid profile email offline_access',
      code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: 'S256',
      state: pending.state,
      nonce: pending.nonce,
    });
    const pushed = await oauth.processPushedAuthorizationResponse(server, client,
      await oauth.pushedAuthorizationRequest(server, client, authentication, parameters, { DPoP }));
    const location = new URL(server.authorization_endpoint ?? '');
    location.searchParams.set('client_id', clientId);
    location.searchParams.set('request_uri', pushed.request_uri);
    return { location: location.href, pending };
  },
  async finish(url, pending) {
    const parameters = oauth.validateAuthResponse(server, client, url, pending.state);
    const response = await oauth.authorizationCodeGrantRequest(server, client, authentication, parameters, redirectUri, pending.verifier, { DPoP });
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response,
      { expectedNonce: pending.nonce, requireIdToken: true });
    await oauth.validateApplicationLevelSignature(server, response);
    return signedIn(tokens);
  },
  async refresh(session) {
    const response = await oauth.refreshTokenGrantRequest(server, client, authentication, session.refreshToken ?? '', { DPoP });
    return signedIn(await oauth.processRefreshTokenResponse(server, client, response), session);
  },
  async endAddress(session) {
    const location = new URL(server.end_session_endpoint ?? '');
    location.searchParams.set('post_logout_redirect_uri', `${origin}/`);
    location.searchParams.set('id_token_hint', session.idToken);
    return location.href;
  },
});
