// @ts-check
// What this browser can do with passkeys, and where the page is shown.

/** @type {Promise<Record<string, boolean>> | undefined} */
let asked;

/**
 * The client capabilities of WebAuthn Level 3; a key that is missing is not known.
 * @returns {Promise<Record<string, boolean>>}
 */
export function capabilities() {
  asked ??= ask();
  return asked;
}

async function ask() {
  /** @type {any} */
  const api = globalThis.PublicKeyCredential;
  if (!api) return {};
  /** @type {Record<string, boolean>} */
  const found = {};
  try {
    if (typeof api.getClientCapabilities === "function") Object.assign(found, await api.getClientCapabilities());
  } catch {
    // Not known, then.
  }
  // The first versions of WebKit that answer use other names.
  if (!("conditionalGet" in found) && "conditionalMediation" in found) {
    found.conditionalGet = found.conditionalMediation;
  }
  if (!("conditionalGet" in found)) found.conditionalGet = await call(api, "isConditionalMediationAvailable");
  if (!("passkeyPlatformAuthenticator" in found)) {
    found.passkeyPlatformAuthenticator = await call(api, "isUserVerifyingPlatformAuthenticatorAvailable");
  }
  return found;
}

/**
 * @param {any} api
 * @param {string} name
 * @returns {Promise<boolean>}
 */
async function call(api, name) {
  try {
    return typeof api[name] === "function" && (await api[name]());
  } catch {
    return false;
  }
}

/** Whether passkeys exist here at all: the interface, and a secure context. */
export function passkeysExist() {
  return globalThis.isSecureContext === true && typeof globalThis.PublicKeyCredential === "function";
}

/**
 * Which kind of in-app browser shows the page: passkeys of our origin do not work in there.
 * @param {string} [agent]
 * @returns {"android" | "ios" | null}
 */
export function inAppBrowser(agent = navigator.userAgent) {
  if (/Android/.test(agent) && /; wv\)/.test(agent)) return "android";
  const apple = /iPhone|iPad|iPod/.test(agent);
  if (apple && /AppleWebKit/.test(agent) && !/Safari\//.test(agent)) return "ios";
  if (/\b(FBAN|FBAV|Instagram|LinkedInApp|MicroMessenger)\b/.test(agent)) return apple ? "ios" : "android";
  return null;
}
