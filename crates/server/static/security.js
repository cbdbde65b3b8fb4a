// @ts-check
// Security info: keeps the browser's password managers in step with the list, and shows what is new.

import "./confirm.js";
import { signal } from "./passkey.js";

const block = document.getElementById("signals");
if (block) {
  const { rpId, userId, name, displayName, allAcceptedCredentialIds } = JSON.parse(block.textContent ?? "{}");
  // The list is complete: what it leaves out is hidden or deleted for good.
  await signal("signalAllAcceptedCredentials", { rpId, userId, allAcceptedCredentialIds });
  await signal("signalCurrentUserDetails", { rpId, userId, name, displayName });
}
