// @ts-check
// Adding a passkey: what this computer can do, creating, trying.

import "./confirm.js";
import { capabilities, passkeysExist } from "./caps.js";
import { Outcome, create, get, post, signal } from "./passkey.js";
import { busy, clear, fail, go, say, texts } from "./ui.js";

const words = texts();
/** Answers after which the new passkey is certainly not stored: it must not stay behind in a password manager. */
const NOT_STORED = ["uv_missing", "not_accepted", "challenge_expired", "wrong_account", "limit", "disabled_user"];
/**
 * Whether policy or a rule refused it. A code of policy is always such an answer.
 * @param {string | undefined} code
 */
function isNotStored(code) {
  return NOT_STORED.includes(code ?? "") || (code ?? "").startsWith("policy_") || code === "stronger_evidence_needed";
}

let running = false;

/**
 * Runs one ceremony at a time, and tells how it ended if not well.
 * @param {(controller: AbortController, cancel: () => void) => Promise<void>} ceremony
 */
async function once(ceremony) {
  if (running) return;
  running = true;
  clear();
  busy(true);
  const controller = new AbortController();
  const cancel = () => controller.abort();
  say(words.prompt, cancel);
  try {
    await ceremony(controller, cancel);
  } catch (error) {
    say("");
    const outcome = error instanceof Outcome ? error : new Outcome("unknown");
    if (outcome.code !== "aborted") fail(outcome.sentence || words[outcome.code] || words.unknown);
    const duplicate = document.getElementById("duplicate");
    if (duplicate) duplicate.hidden = outcome.code !== "duplicate";
    // Where a phone was not reached, the other way comes first.
    const instead = document.querySelector("#instead .button");
    if (instead && outcome.code !== "aborted") instead.classList.add("primary");
  } finally {
    running = false;
    busy(false);
  }
}

/** @param {HTMLElement} button */
function createPasskey(button) {
  const place = button.dataset.place;
  return once(async (controller, cancel) => {
    const offline = () => say(words.network, cancel);
    const begun = await post("/me/security/add/begin", { place }, { signal: controller.signal, offline });
    if (begun.code === "confirm_needed") {
      location.assign("/me/confirm?" + new URLSearchParams({ for: "add-passkey", place: place ?? "" }));
      return;
    }
    if (!begun.ok) throw new Outcome(begun.code, begun.message);
    say(words.prompt, cancel);
    const response = await create(begun.options, controller.signal);
    say(words.checking);
    const finish = { state: begun.state, response };
    const reply = await post("/me/security/add/finish", finish, { offline: () => say(words.network) });
    if (reply.ok) {
      go(reply.next);
      await new Promise(() => {});
    }
    if (isNotStored(reply.code)) {
      await signal("signalUnknownCredential", { rpId: begun.options.rp.id, credentialId: response.id });
    }
    throw new Outcome(reply.code, reply.message);
  });
}

/** @param {HTMLElement} button */
function tryPasskey(button) {
  const passkey = button.dataset.passkeyId;
  return once(async (controller, cancel) => {
    const offline = () => say(words.network, cancel);
    const begun = await post("/me/security/try/begin", { passkey }, { signal: controller.signal, offline });
    if (!begun.ok) throw new Outcome(begun.code, begun.message);
    say(words.prompt, cancel);
    try {
      const response = await get(begun.options, controller.signal);
      say(words.checking);
      const finish = { state: begun.state, response };
      const reply = await post("/me/security/try/finish", finish, { offline: () => say(words.network) });
      if (!reply.ok) throw new Outcome(reply.code, reply.message);
      works(reply.message);
    } catch (error) {
      if (button.dataset.again) button.textContent = button.dataset.again;
      throw error;
    }
  });
}

/** @param {string} message */
function works(message) {
  say("");
  const banner = document.getElementById("works");
  const words = banner?.querySelector("p");
  const before = document.getElementById("before-try");
  const after = document.getElementById("after-try");
  if (!banner || !words || !before || !after) return;
  words.textContent = message;
  banner.hidden = false;
  before.hidden = true;
  after.hidden = false;
  banner.focus();
}

/** A computer that says that it cannot save passkeys gets told so; what is chosen stays the person's. */
async function judgeChoices() {
  const reasons = [...document.querySelectorAll(".choice-card:not(.off) [data-reason]")];
  if (reasons.length === 0) return;
  const can = await capabilities();
  /** @type {Record<string, boolean>} */
  const lacks = {
    "no-platform": can.passkeyPlatformAuthenticator === false,
    "no-hybrid": can.hybridTransport === false,
  };
  for (const reason of reasons) {
    if (!(reason instanceof HTMLElement)) continue;
    const lacking = lacks[reason.dataset.reason ?? ""] === true;
    reason.hidden = !lacking;
    if (lacking && reason.closest("#how")) turnOff(reason);
  }
}

/**
 * Where something else is left to choose, what cannot work is not offered.
 * @param {HTMLElement} reason
 */
function turnOff(reason) {
  const card = reason.closest(".choice-card");
  const radio = card?.querySelector("input");
  const left = [...document.querySelectorAll("#how input[type=radio]")].filter(
    (other) => other instanceof HTMLInputElement && other !== radio && !other.disabled,
  );
  if (!card || !radio || left.length === 0) return;
  card.classList.add("off");
  radio.disabled = true;
  const [first] = left;
  if (radio.checked && first instanceof HTMLInputElement) first.checked = true;
}

/** Asks until the phone has tried its passkey, for as long as somebody may be waiting for it. */
async function waitForPhone() {
  const waiting = document.getElementById("waiting");
  if (!waiting) return;
  const until = Date.now() + 600_000;
  while (Date.now() < until && !document.getElementById("before-try")?.hidden) {
    try {
      const answer = await fetch(`/me/security/add/${waiting.dataset.passkeyId}/try/stage`, { credentials: "same-origin" });
      const told = answer.ok ? await answer.json() : null;
      if (told?.tried) {
        works(told.message);
        return;
      }
      if (told && !told.ok) return;
    } catch {
      // Offline: asked again.
    }
    await new Promise((resolve) => { setTimeout(resolve, 2_000); });
  }
}

const createButton = document.getElementById("create");
const tryButton = document.getElementById("try");
waitForPhone();
if (passkeysExist()) {
  createButton?.addEventListener("click", () => createPasskey(createButton));
  tryButton?.addEventListener("click", () => tryPasskey(tryButton));
  judgeChoices();
} else {
  for (const button of [createButton, tryButton]) if (button) button.hidden = true;
}
