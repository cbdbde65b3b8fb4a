// @ts-check
// While the network is away the page says so, and when it is back.

const place = document.getElementById("offline");
let timer = 0;

/** @param {string | undefined} words */
function show(words) {
  clearTimeout(timer);
  if (place) place.textContent = words ?? "";
}

addEventListener("offline", () => show(place?.dataset.text));
addEventListener("online", () => {
  show(place?.dataset.back);
  timer = setTimeout(() => show(""), 5_000);
});
if (!navigator.onLine) show(place?.dataset.text);
