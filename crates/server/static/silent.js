// @ts-check
// Conditional create (experience R18): right after a full sign-in with a password the browser may save a passkey by
// itself, if its password manager wants to. Nothing is asked, and nothing of what goes wrong is ever shown.

import { capabilities, passkeysExist } from "./caps.js";
import { create, post, signal as tell } from "./passkey.js";
import { go } from "./ui.js";

/** A click on the page means something else: then this stops. */
const controller = new AbortController();
addEventListener("pagehide", () => controller.abort());
for (const form of document.querySelectorAll("form")) form.addEventListener("submit", () => controller.abort());

async function offer() {
  if (!passkeysExist() || (await capabilities()).conditionalCreate !== true) return;
  const { signal } = controller;
  const begun = await post("/me/offer/begin", {}, { signal });
  if (!begun.ok || signal.aborted) return;
  const response = await create(begun.options, signal, "conditional");
  const reply = await post("/me/offer/finish", { state: begun.state, response }, { signal });
  // What policy does not keep must not stay behind in the password manager.
  if (!reply.ok && String(reply.code).startsWith("policy_")) {
    await tell("signalUnknownCredential", { rpId: begun.options.rp.id, credentialId: response.id });
  }
  if (reply.ok && !signal.aborted) go(reply.next);
}

offer().catch(() => {});
