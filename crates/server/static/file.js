// @ts-check
// A file's text into a text box: it is looked at there before anything is sent, and no file is uploaded.

for (const field of document.querySelectorAll("[data-file]")) {
  const input = field.querySelector("input");
  const box = document.getElementById(input?.dataset.into ?? "");
  if (!(field instanceof HTMLElement) || !input || !(box instanceof HTMLTextAreaElement)) continue;
  field.hidden = false;
  input.addEventListener("change", async () => {
    const file = input.files?.[0];
    // A text box takes less than any file: what does not fit is cut, and the server says so.
    if (file) box.value = (await file.slice(0, 65_536).text()).slice(0, 40_000);
  });
}

export {};
