// @ts-check
// Forms that need an assertion for their action first: the same click asks for it, then sends the form as it is.

import { passkeysExist } from "./caps.js";
import { Outcome, get, post } from "./passkey.js";
import { busy, clear, fail, say, texts } from "./ui.js";

const words = texts();
let running = false;

/** @param {HTMLFormElement} form */
async function confirmThenSend(form) {
  if (running) return;
  running = true;
  clear();
  busy(true);
  const controller = new AbortController();
  const cancel = () => controller.abort();
  say(words.prompt, cancel);
  try {
    if (!passkeysExist()) throw new Outcome("unsupported");
    const action = { action: form.dataset.confirm, target: form.dataset.target };
    const offline = () => say(words.network, cancel);
    const begun = await post("/me/confirm/begin", action, { signal: controller.signal, offline });
    if (!begun.ok) throw new Outcome(begun.code, begun.message);
    say(words.prompt, cancel);
    const response = await get(begun.options, controller.signal);
    say(words.checking);
    const finish = { state: begun.state, response };
    const reply = await post("/me/confirm/finish", finish, { offline: () => say(words.network) });
    if (!reply.ok) throw new Outcome(reply.code, reply.message);
    form.submit();
  } catch (error) {
    running = false;
    busy(false);
    say("");
    tell(form, error instanceof Outcome ? error : new Outcome("unknown"));
  }
}

/**
 * On the confirmation's own page the outcome is told; every other page hands over to that page, with the form's data.
 * @param {HTMLFormElement} form
 * @param {Outcome} outcome
 */
function tell(form, outcome) {
  if ("stay" in form.dataset) {
    if (outcome.code !== "aborted") fail(outcome.sentence || words[outcome.code] || words.unknown);
    return;
  }
  const query = new URLSearchParams({ for: form.dataset.confirm ?? "" });
  if (form.dataset.target) query.set("target", form.dataset.target);
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") query.set(name, value);
  }
  location.assign("/me/confirm?" + query);
}

for (const form of document.querySelectorAll("form[data-confirm]")) {
  if (!(form instanceof HTMLFormElement)) continue;
  form.addEventListener("submit", (event) => {
    // With nothing chosen the server says what is missing; there is nothing to confirm yet.
    const unanswered = form.querySelector("[type=radio]") && !form.querySelector("[type=radio]:checked");
    if (unanswered) return;
    event.preventDefault();
    confirmThenSend(form);
  });
}
if (!passkeysExist()) {
  const banner = document.getElementById("no-webauthn");
  if (banner) banner.hidden = false;
}
