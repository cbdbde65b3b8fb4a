// @ts-check
// The phone's pages: what this browser can do, creating and trying the passkey, and keeping up with the computer.

import { capabilities, inAppBrowser, passkeysExist } from "./caps.js";
import "./install.js";
import { Outcome, create, get, post, signal } from "./passkey.js";
import { busy, clear, fail, go, say, texts } from "./ui.js";

const messages = texts();
const block = document.getElementById("words");
/** @type {Record<string, string>} */
const words = block ? JSON.parse(block.textContent ?? "{}") : {};
const errand = document.getElementById("errand");
const base = errand ? "/a/e/" + errand.dataset.ticket : "";

/** How long a passkey that could not be stored is kept in memory and sent again. */
const KEEP = 120_000;
const POLL_FAST = 2_000;
const POLL_SLOW = 5_000;
const ALIVE = 25_000;
/** Outcomes of `create()` after which the prompt can be opened again. */
const CLOSED = ["cancelled", "timeout", "not_started"];
/** Answers that leave open whether the passkey was stored: only a definite absence makes the phone forget it. */
const OPEN = ["unknown", "unavailable", "outcome_unknown", "network", "rate_limited", "overloaded"];

let running = false;
let over = false;

/**
 * Tells the computer what happens here; whether it arrives changes nothing on this page.
 * @param {string} report
 * @param {string} [reason]
 */
async function tell(report, reason) {
  if (!errand || !("claimed" in errand.dataset)) return;
  await post(base + "/report", { report, reason }, { within: -1 }).catch(() => {});
}

/** Shows the errand's page as it is now. */
function reload() {
  over = true;
  location.replace(base);
}

/**
 * Shows one of the page's sections instead of what can be done.
 * @param {string} id
 */
function instead(id) {
  const section = document.getElementById(id);
  const ready = document.getElementById("ready");
  if (!section) return;
  const advice = document.getElementById("old-version");
  if (ready) ready.hidden = true;
  if (advice) advice.hidden = true;
  section.hidden = false;
  section.focus();
}

/** A copy of the link, and a link that opens the real browser: this very page, which nobody has claimed from here. */
function leaveApp(/** @type {"android" | "ios"} */ kind) {
  const copied = document.getElementById("copied");
  document.getElementById("copy-link")?.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      if (copied) copied.textContent = words.linkCopied ?? "";
    } catch {
      if (copied) copied.textContent = location.href;
    }
  });
  const open = document.getElementById(kind === "android" ? "open-chrome" : "open-safari");
  if (!(open instanceof HTMLAnchorElement)) return;
  const scheme = location.protocol.slice(0, -1);
  const here = location.host + location.pathname;
  open.href =
    kind === "android"
      ? `intent://${here}#Intent;scheme=${scheme};package=com.android.chrome;end`
      : `x-safari-${scheme}://${here}`;
  open.hidden = false;
  instead("in-app");
}

/** PH-4: says nothing if all is well. Gives whether it is. */
async function check() {
  const inside = inAppBrowser();
  if (inside) {
    leaveApp(inside);
    tell("unsupported", "in-app-browser");
    return false;
  }
  // Before somebody has said that this is their phone, only what would bind the wrong browser is told.
  if (!errand || !("claimed" in errand.dataset)) return true;
  if (!passkeysExist()) {
    instead("no-passkeys");
    tell("unsupported", globalThis.isSecureContext ? "too-old" : "insecure-context");
    return false;
  }
  if ((await capabilities()).passkeyPlatformAuthenticator === false) {
    instead("no-lock");
    tell("unsupported", "no-screen-lock");
    return false;
  }
  await advise();
  return true;
}

/** A phone that says it is older than the organisation asks for is told so; whether it works, its person finds out. */
async function advise() {
  const banner = document.getElementById("old-version");
  const sentence = banner?.querySelector("p");
  if (!banner || !sentence || !errand || errand.dataset.need === "nothing") return;
  const system = await version();
  if (!system) return;
  const least = Number(system.name === "Android" ? errand.dataset.android : errand.dataset.ios);
  if (!(system.major > 0) || system.major >= least) return;
  sentence.textContent = (words.oldVersion ?? "").replace("{}", `${system.name} ${system.major}`);
  banner.hidden = false;
}

/** @returns {Promise<{ name: "Android" | "iOS", major: number } | null>} */
async function version() {
  const apple = navigator.userAgent.match(/(?:iPhone|iPad).* OS (\d+)_/);
  if (apple) return { name: "iOS", major: Number(apple[1]) };
  // Android's browsers say 10 for every version, unless they are asked.
  const asked = /** @type {any} */ (navigator).userAgentData;
  if (asked?.platform !== "Android" || typeof asked.getHighEntropyValues !== "function") return null;
  try {
    const { platformVersion } = await asked.getHighEntropyValues(["platformVersion"]);
    const major = Number.parseInt(platformVersion, 10);
    // A browser that tells nobody says 10 here too.
    return major === 10 ? null : { name: "Android", major };
  } catch {
    return null;
  }
}

/** PH-5. */
async function createPasskey() {
  if (running || over) return;
  running = true;
  clear();
  busy(true);
  const controller = new AbortController();
  const cancel = () => controller.abort();
  say(messages.prompt, cancel);
  try {
    const offline = () => say(messages.network, cancel);
    const begun = await post(base + "/begin", {}, { signal: controller.signal, offline });
    if (!begun.ok) throw new Outcome(begun.code, begun.message);
    say(messages.prompt, cancel);
    const response = await create(begun.options, controller.signal);
    await save(begun, response);
  } catch (error) {
    const outcome = error instanceof Outcome ? error : new Outcome("unknown");
    running = false;
    busy(false);
    say("");
    await failed(outcome);
  }
}

/** @param {Outcome} outcome */
async function failed(outcome) {
  if (outcome.code === "duplicate") {
    instead("duplicate");
    await tell("duplicate");
    return;
  }
  if (outcome.code === "aborted" || CLOSED.includes(outcome.code)) await tell("cancelled");
  if (outcome.code !== "aborted") fail(outcome.sentence || messages[outcome.code] || messages.unknown || "");
}

/**
 * Stores what the phone has made. It is in memory only: while the network is away it is sent again for two minutes,
 * then once more when the network is back (PH-E14).
 * @param {any} begun
 * @param {any} response
 */
async function save(begun, response) {
  say(words.saving ?? "");
  const finish = { state: begun.state, response };
  const offline = () => say(words.savingOffline ?? "");
  try {
    await settle(begun, response, await post(base + "/finish", finish, { within: KEEP, offline }));
  } catch (error) {
    if (!(error instanceof Outcome) || error.code !== "network") throw error;
    fail(words.notSaved ?? "");
    await new Promise((resolve) => {
      if (navigator.onLine) setTimeout(resolve, POLL_SLOW);
      else addEventListener("online", resolve, { once: true });
    });
    const reply = await post(base + "/finish", finish, { within: KEEP });
    if (!reply.ok && !OPEN.includes(reply.code)) reply.message = words.notSavedGone;
    await settle(begun, response, reply);
  }
}

/**
 * @param {any} begun
 * @param {any} response
 * @param {any} reply
 */
async function settle(begun, response, reply) {
  if (reply.ok) {
    reload();
    await new Promise(() => {});
  }
  if (!OPEN.includes(reply.code)) {
    await signal("signalUnknownCredential", { rpId: begun.options.rp.id, credentialId: response.id });
  }
  throw new Outcome(reply.code, reply.message);
}

/**
 * A sign-in with whatever passkey the phone offers, or the try of one by its id.
 * @param {string | undefined} passkey
 * @param {(reply: any) => void} then
 */
async function usePasskey(passkey, then) {
  if (running) return;
  running = true;
  clear();
  busy(true);
  const controller = new AbortController();
  const cancel = () => controller.abort();
  say(messages.prompt ?? "", cancel);
  try {
    const path = passkey ? "/me/security/try" : "/signin";
    const offline = () => say(messages.network ?? "", cancel);
    const body = passkey ? { passkey } : {};
    const begun = await post(path + "/begin", body, { signal: controller.signal, offline });
    if (!begun.ok) throw new Outcome(begun.code, begun.message);
    say(messages.prompt ?? "", cancel);
    const response = await get(begun.options, controller.signal);
    say(messages.checking ?? "");
    const reply = await post(path + "/finish", { state: begun.state, response }, { offline: () => say(messages.network ?? "") });
    if (!reply.ok) {
      if (reply.code === "unknown_credential") {
        await signal("signalUnknownCredential", { rpId: begun.options.rpId, credentialId: response.id });
      }
      throw new Outcome(reply.code, reply.message);
    }
    then(reply);
    await new Promise(() => {});
  } catch (error) {
    running = false;
    busy(false);
    say("");
    const outcome = error instanceof Outcome ? error : new Outcome("unknown");
    if (outcome.code !== "aborted") fail(outcome.sentence || messages[outcome.code] || messages.unknown || "");
  }
}

/** Looks whether the errand has moved on: the number was typed, the computer stopped, the time is over. */
async function look() {
  if (over || running || document.visibilityState !== "visible") return;
  try {
    const answer = await fetch(base + "/stage", { headers: { Accept: "application/json" }, credentials: "same-origin" });
    const found = await answer.json();
    if (!running && found.need !== errand?.dataset.need) reload();
  } catch {
    // Offline: the banner says so, and the next look is soon.
  }
}

async function keepUp() {
  const every = errand?.dataset.need === "number" ? POLL_FAST : POLL_SLOW;
  setInterval(look, every);
  setInterval(() => {
    if (!over && document.visibilityState === "visible") tell("alive");
  }, ALIVE);
  document.addEventListener("visibilitychange", look);
}

const elsewhere = document.getElementById("elsewhere")?.dataset.ticket;
if (elsewhere) post("/a/e/" + elsewhere + "/report", { report: "claimed" }, { within: -1 }).catch(() => {});

const creating = document.getElementById("create");
const trying = document.getElementById("try");
creating?.addEventListener("click", createPasskey);
trying?.addEventListener("click", () => usePasskey(trying.dataset.passkeyId, reload));
document.getElementById("try-duplicate")?.addEventListener("click", () => {
  const again = document.getElementById("try-duplicate");
  usePasskey(again?.dataset.passkeyId, () => go("/a/"));
});
if (passkeysExist()) {
  document.getElementById("passkey")?.addEventListener("click", () => usePasskey(undefined, () => go("/a/")));
} else {
  const button = document.getElementById("passkey");
  if (button) button.hidden = true;
}
if (errand) {
  check();
  // Whether the phone has signed in meanwhile is noticed by the first word from it.
  tell("alive");
  if (["number", "create"].includes(errand.dataset.need ?? "")) keepUp();
}
