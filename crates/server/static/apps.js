// @ts-check
// A picture into a hidden field of its form, as base64: the form is confirmed and sent like every other.

for (const field of document.querySelectorAll("[data-picture]")) {
  const input = field.querySelector("input");
  const hidden = field instanceof HTMLElement && document.getElementById(field.dataset.picture ?? "");
  if (!input || !(hidden instanceof HTMLInputElement)) continue;
  input.addEventListener("change", async () => {
    const file = input.files?.[0];
    // What is longer than any picture may be is cut, and the server says so.
    const bytes = file ? new Uint8Array(await file.slice(0, 300_000).arrayBuffer()) : new Uint8Array();
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    hidden.value = btoa(text);
  });
}

export {};
