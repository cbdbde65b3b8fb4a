// @ts-check
// Leads on to the application that asked for the sign-out, once the others have been told in their frames.

/** One of them may not answer; nobody waits for it longer than this. */
const PATIENCE = 3000;

let left = false;

function leave() {
  const link = document.getElementById("go-on");
  if (left || !(link instanceof HTMLAnchorElement)) return;
  left = true;
  location.replace(link.href);
}

// All frames of the page have been loaded by then, whatever came of them.
if (document.readyState === "complete") leave();
else addEventListener("load", leave);
setTimeout(leave, PATIENCE);
