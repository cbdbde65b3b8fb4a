// @ts-check
// Signing in: autofill in the background, the button, and the pass that a letter's code brings along.

import { capabilities, inAppBrowser, passkeysExist } from "./caps.js";
import { Outcome, get, post, signal } from "./passkey.js";
import { busy, clear, fail, go, say, texts } from "./ui.js";

const words = texts();
/**
 * Re-armed before the challenge's five minutes are over, and before a phone refuses the code that the browser shows for
 * it: it is as old as the request, and counts for two minutes.
 */
const REARM = 100_000;

/** @type {AbortController | null} */
let background = null;
/** @type {Promise<void>} */
let backgroundEnded = Promise.resolve();
let timer = 0;
let armedAt = 0;
let running = false;
let failures = 0;

/** Offers passkeys in the text box's autofill, silently, until something else begins. */
async function arm() {
  if (running || !document.querySelector("[autocomplete~=webauthn]") || !(await capabilities()).conditionalGet) return;
  await disarm();
  if (running) return;
  const controller = new AbortController();
  background = controller;
  armedAt = Date.now();
  timer = setTimeout(rearm, REARM);
  backgroundEnded = wait(controller).catch(() => {});
}

/** Not while the browser shows something of its own, such as the code for a phone: arming anew would take it away. */
function rearm() {
  if (document.visibilityState === "visible" && document.hasFocus()) arm();
}

/** Whoever comes back after a while finds it armed anew. */
function comeBack() {
  if (Date.now() - armedAt > REARM) rearm();
}

/** @param {AbortController} controller */
async function wait(controller) {
  const begun = await post("/signin/begin", {}, { signal: controller.signal });
  if (!begun.ok || controller.signal.aborted) return;
  const response = await get(begun.options, controller.signal, "conditional");
  clearTimeout(timer);
  background = null;
  running = true;
  busy(true);
  try {
    await finish(begun, response);
  } catch (error) {
    tell(error);
  } finally {
    settle();
  }
}

/** Ends the silent offer: the browser allows one request at a time. */
async function disarm() {
  clearTimeout(timer);
  background?.abort();
  background = null;
  await backgroundEnded;
}

/** @param {unknown} former with a passkey of the domain before a move */
async function signIn(former) {
  if (running) return;
  running = true;
  clear();
  busy(true);
  const controller = new AbortController();
  const cancel = () => controller.abort();
  say(words.prompt, cancel);
  try {
    await disarm();
    await ceremony(controller, cancel, true, former === true);
  } catch (error) {
    tell(error);
  } finally {
    settle();
  }
}

/**
 * @param {AbortController} controller
 * @param {() => void} cancel
 * @param {boolean} renew an expired challenge is renewed once, silently
 * @param {boolean} former
 */
async function ceremony(controller, cancel, renew, former) {
  const offline = () => say(words.network, cancel);
  const begun = await post("/signin/begin", former ? { former } : {}, { signal: controller.signal, offline });
  if (!begun.ok) throw new Outcome(begun.code, begun.message);
  say(words.prompt, cancel);
  const response = await get(begun.options, controller.signal);
  try {
    await finish(begun, response);
  } catch (error) {
    if (!renew || !(error instanceof Outcome) || error.code !== "challenge_expired") throw error;
    await ceremony(controller, cancel, false, former);
  }
}

/**
 * @param {any} begun
 * @param {any} response
 */
async function finish(begun, response) {
  say(words.checking);
  const reply = await post("/signin/finish", { state: begun.state, response }, { offline: () => say(words.network) });
  if (reply.ok) {
    // The name beside the passkey follows a rename.
    if (reply.label) await signal("signalCurrentUserDetails", reply.label);
    go(reply.next);
    // The buttons stay busy until the next page is there.
    await new Promise(() => {});
  }
  if (reply.code === "unknown_credential") {
    await signal("signalUnknownCredential", { rpId: begun.options.rpId, credentialId: response.id });
  }
  throw new Outcome(reply.code, reply.message);
}

/** @param {unknown} error */
function tell(error) {
  say("");
  if (error instanceof Outcome && error.code === "aborted") return;
  failures += 1;
  const other = document.getElementById("other-ways");
  if (failures >= 2 && other) other.hidden = false;
  const outcome = error instanceof Outcome ? error : new Outcome("unknown");
  fail(outcome.sentence || words[outcome.code] || words.unknown);
}

function settle() {
  running = false;
  busy(false);
  arm();
}

/** A letter's code carries `#u=…&t=…`: into the text boxes, and out of the address. Nothing is sent by itself. */
function takeFragment() {
  const given = new URLSearchParams(location.hash.slice(1));
  const login = given.get("u");
  const pass = given.get("t");
  if (login === null && pass === null) return;
  const passBox = document.getElementById("pass");
  if (pass !== null && !passBox) {
    location.replace("/signin/tap" + location.hash);
    return;
  }
  history.replaceState(null, "", location.pathname + location.search);
  fill(document.getElementById("identifier"), login);
  fill(passBox, pass);
  passBox?.focus();
}

/**
 * @param {HTMLElement | null} box
 * @param {string | null} value
 */
function fill(box, value) {
  if (box instanceof HTMLInputElement && value !== null && box.type !== "hidden") box.value = value;
}

/** In an in-app browser: a copy of the link, and on Android a link that opens the real browser. */
function leaveApp(/** @type {"android" | "ios"} */ kind) {
  const banner = document.getElementById("in-app");
  if (!banner) return;
  banner.hidden = false;
  document.getElementById("copy-link")?.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      say(words.copied);
    } catch {
      say(location.href);
    }
  });
  const open = document.getElementById("open-browser");
  if (kind === "android" && open instanceof HTMLAnchorElement) {
    open.href = `intent://${location.host}${location.pathname}#Intent;scheme=${location.protocol.slice(0, -1)};end`;
    open.hidden = false;
  }
}

takeFragment();
const inside = inAppBrowser();
if (inside) leaveApp(inside);
if (passkeysExist()) {
  document.getElementById("passkey")?.addEventListener("click", signIn);
  document.getElementById("passkey-former")?.addEventListener("click", () => signIn(true));
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      signIn(false);
    });
  }
  arm();
  addEventListener("pageshow", (event) => {
    if (event.persisted) arm();
  });
  document.addEventListener("visibilitychange", comeBack);
  addEventListener("focus", comeBack);
} else {
  const button = document.getElementById("passkey");
  if (button) button.hidden = true;
  const banner = document.getElementById("no-webauthn");
  if (banner && !inside) banner.hidden = false;
}
