// @ts-check
// The home screen: offered where the page has the place for it, which is after the passkey works. The worker that
// shows a page without a network comes with it.

const WORKER = "/a/sw.js";
const place = document.getElementById("install");

/** Registers the worker. Trusted Types let this page name one script, and this is it. */
async function register() {
  const types = /** @type {any} */ (globalThis).trustedTypes;
  const policy = types?.createPolicy("keyward-sw", {
    createScriptURL: (/** @type {string} */ url) => {
      if (url !== WORKER) throw new TypeError(url);
      return url;
    },
  });
  const url = policy ? policy.createScriptURL(WORKER) : WORKER;
  try {
    await navigator.serviceWorker.register(url, { scope: "/a/" });
  } catch {
    // Private windows refuse it; everything works without.
  }
}

/** Whether the page was started from the home screen already. */
function installed() {
  const standalone = /** @type {any} */ (navigator).standalone === true;
  return standalone || matchMedia("(display-mode: standalone)").matches;
}

/** @param {string} id */
function show(id) {
  const element = document.getElementById(id);
  if (element) element.hidden = false;
}

/** @type {any} */
let offer = null;
addEventListener("beforeinstallprompt", (event) => {
  // The browser's own banner would come before there is a passkey.
  event.preventDefault();
  offer = event;
  if (!place) return;
  show("install-button");
  const byHand = document.getElementById("install-android");
  if (byHand) byHand.hidden = true;
});
document.getElementById("install-button")?.addEventListener("click", async () => {
  await offer?.prompt();
});

if (place) {
  if (installed()) place.hidden = true;
  if (/iPhone|iPad/.test(navigator.userAgent)) show("install-ios");
  else if (!offer) show("install-android");
  if ("serviceWorker" in navigator) register();
}

export {};
