/** openid-client: a confidential client, the code flow with PKCE as in its README. */
import * as client from 'openid-client';
import { clientId, clientSecret, issuer, origin, serve } from './frame.mjs';

const config = await client.discovery(new URL(issuer), clientId, clientSecret);
// The signature of ID tokens, too, and not only the connection that they came over.
client.enableNonRepudiationChecks(config);
const redirectUri = `${origin}/callback`;

/** @param {client.TokenEndpointResponse & client.TokenEndpointResponseHelpers} tokens @param {import('./frame.mjs').SignedIn} [before] */
async function signedIn(tokens, before) {
  const claims = tokens.claims() ?? before?.claims ?? {};
  return {
    idToken: tokens.id_token ?? before?.idToken ?? '',
    claims,
    userinfo: await client.fetchUserInfo(config, tokens.access_token, String(claims['sub'])),
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token,
  };
}

serve({
  async begin() {
    const pending = { verifier: client.randomPKCECodeVerifier(), state: client.randomState(), nonce: client.randomNonce() };
    const location = client.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: 'openid profile email offline_access',
      code_challenge: await client.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: 'S256',
      state: pending.state,
      nonce: pending.nonce,
    });
    return { location: location.href, pending };
  },
  async finish(url, pending) {
    return signedIn(await client.authorizationCodeGrant(config, url, {
      pkceCodeVerifier: pending.verifier, expectedState: pending.state, expectedNonce: pending.nonce, idTokenExpected: true,
    }));
  },
  async refresh(session) {
    return signedIn(await client.refreshTokenGrant(config, session.refreshToken ?? ''), session);
  },
  async endAddress(session) {
    return client.buildEndSessionUrl(config, { post_logout_redirect_uri: `${origin}/`, id_token_hint: session.idToken }).href;
  },
});
