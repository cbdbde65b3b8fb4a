// @ts-check
// The ceremonies: options in, credential out, outcomes by the names that the server uses too.

/** How a ceremony ended otherwise than hoped. */
export class Outcome extends Error {
  /**
   * @param {string} code
   * @param {string} [sentence] the server's, in the reader's language
   */
  constructor(code, sentence = "") {
    super(code);
    this.code = code;
    this.sentence = sentence;
  }
}

const AGAIN_AFTER = 5_000;
const ONE_TRY = 20_000;
const ALL_TRIES = 300_000;

/**
 * Sends JSON and reads JSON. A lost reply is asked for again with the same request: the server answers the same.
 * @param {string} path
 * @param {object} body
 * @param {{ signal?: AbortSignal, offline?: () => void, within?: number }} [options] `offline` is told of each try that
 *   got no answer; `within` so many milliseconds it is tried again
 * @returns {Promise<any>}
 */
export async function post(path, body, options = {}) {
  const until = Date.now() + (options.within ?? ALL_TRIES);
  for (;;) {
    const reply = await once(path, JSON.stringify(body), options.signal);
    if (reply) return reply;
    if (options.signal?.aborted) throw new Outcome("aborted");
    if (Date.now() > until) throw new Outcome("network");
    options.offline?.();
    await pause(options.signal);
  }
}

/**
 * One try; nothing if no answer came.
 * @param {string} path
 * @param {string} body
 * @param {AbortSignal} [signal]
 */
async function once(path, body, signal) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), ONE_TRY);
  const stop = () => limit.abort();
  signal?.addEventListener("abort", stop);
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body,
      credentials: "same-origin",
      redirect: "manual",
      signal: limit.signal,
    });
    // A gateway between us and the server is no answer of the server.
    if (answer.status === 502 || answer.status === 503 || answer.status === 504) return null;
    try {
      return await answer.json();
    } catch (error) {
      // The answer stopped half-way, or is none of ours.
      return answer.ok && !(error instanceof SyntaxError) ? null : { ok: false, code: "unknown" };
    }
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

/**
 * Until the network is back, or some seconds have passed.
 * @param {AbortSignal} [signal]
 */
function pause(signal) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      signal?.removeEventListener("abort", end);
      resolve(undefined);
    };
    const timer = setTimeout(end, AGAIN_AFTER);
    addEventListener("online", end);
    signal?.addEventListener("abort", end);
  });
}

/**
 * `navigator.credentials.get()`.
 * @param {any} options PublicKeyCredentialRequestOptionsJSON
 * @param {AbortSignal} signal
 * @param {CredentialMediationRequirement} [mediation]
 * @returns {Promise<any>} AuthenticationResponseJSON
 */
export async function get(options, signal, mediation) {
  return await run("get", { publicKey: requestOptions(options), signal, ...(mediation ? { mediation } : {}) });
}

/**
 * `navigator.credentials.create()`.
 * @param {any} options PublicKeyCredentialCreationOptionsJSON
 * @param {AbortSignal} signal
 * @param {CredentialMediationRequirement} [mediation]
 * @returns {Promise<any>} RegistrationResponseJSON
 */
export async function create(options, signal, mediation) {
  return await run("create", { publicKey: creationOptions(options), signal, ...(mediation ? { mediation } : {}) });
}

/**
 * @param {"get" | "create"} operation
 * @param {any} options
 */
async function run(operation, options) {
  if (!navigator.credentials) throw new Outcome("unsupported");
  const begun = performance.now();
  try {
    const credential = await navigator.credentials[operation](options);
    if (!credential) throw new Outcome("cancelled");
    return responseJSON(/** @type {any} */ (credential));
  } catch (error) {
    throw error instanceof Outcome ? error : new Outcome(classify(error, performance.now() - begun));
  }
}

/**
 * The outcome of a refused call. The browser hides why it refused, so the time since the call decides what can
 * truthfully be said.
 * @param {any} error
 * @param {number} elapsed milliseconds since the call
 * @returns {string}
 */
export function classify(error, elapsed) {
  switch (error?.name) {
    case "AbortError":
      return "aborted";
    case "InvalidStateError":
      return "duplicate";
    case "NotSupportedError":
    case "ConstraintError":
      return "unsupported";
    case "SecurityError":
      return "config";
    case "TimeoutError":
      return "timeout";
    case "NotAllowedError":
      if (elapsed < 1_000) return "not_started";
      return elapsed < 30_000 ? "cancelled" : "timeout";
    default:
      return "unknown";
  }
}

/** @param {any} options */
function requestOptions(options) {
  const api = /** @type {any} */ (PublicKeyCredential);
  if (typeof api.parseRequestOptionsFromJSON === "function") return api.parseRequestOptionsFromJSON(options);
  return {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: (options.allowCredentials ?? []).map(descriptor),
  };
}

/** @param {any} options */
function creationOptions(options) {
  const api = /** @type {any} */ (PublicKeyCredential);
  if (typeof api.parseCreationOptionsFromJSON === "function") return api.parseCreationOptionsFromJSON(options);
  return {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: (options.excludeCredentials ?? []).map(descriptor),
  };
}

/** @param {any} value */
function descriptor(value) {
  return { ...value, id: bytes(value.id) };
}

/** @param {any} credential */
function responseJSON(credential) {
  if (typeof credential.toJSON === "function") {
    try {
      return credential.toJSON();
    } catch {
      // Some password managers put an object of their own in place of the browser's, on which the method throws.
    }
  }
  const { response } = credential;
  /** @type {Record<string, unknown>} */
  const out = { clientDataJSON: text(response.clientDataJSON) };
  if (response.attestationObject) {
    out.attestationObject = text(response.attestationObject);
    out.transports = response.getTransports?.() ?? [];
  } else {
    out.authenticatorData = text(response.authenticatorData);
    out.signature = text(response.signature);
    if (response.userHandle) out.userHandle = text(response.userHandle);
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults?.() ?? {},
    response: out,
  };
}

/**
 * The bytes of a base64url text.
 * @param {string} value
 * @returns {Uint8Array}
 */
export function bytes(value) {
  const plain = atob(value.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (c) => c.charCodeAt(0));
}

/**
 * The base64url text of bytes.
 * @param {ArrayBuffer} buffer
 * @returns {string}
 */
export function text(buffer) {
  let plain = "";
  for (const byte of new Uint8Array(buffer)) plain += String.fromCharCode(byte);
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * Tells the browser's password managers what the server knows; it never tells whether they listened.
 * @param {"signalUnknownCredential" | "signalAllAcceptedCredentials" | "signalCurrentUserDetails"} name
 * @param {object} details
 */
export async function signal(name, details) {
  const api = /** @type {any} */ (globalThis.PublicKeyCredential);
  if (typeof api?.[name] !== "function") return;
  try {
    await api[name](details);
  } catch {
    // A hint, no more.
  }
}
