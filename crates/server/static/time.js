// @ts-check
// Points in time in the reader's own zone, and the end of a pass in words.

// The page's language, in the reader's own regional form: it decides between 16:40 and 4:40 PM.
const page = document.documentElement.lang;
const language = navigator.languages.find((tag) => tag.split("-")[0] === page) ?? page;

/**
 * @param {Date} at
 * @param {string} style `date` or `date-time`
 * @param {Date} [now]
 * @param {boolean} [near] "today" for today; not on paper, which is read on another day
 * @returns {string}
 */
export function local(at, style, now = new Date(), near = true) {
  const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" }).format(at);
  const days = Math.round((midnight(at) - midnight(now)) / 86_400_000);
  const date =
    near && Math.abs(days) <= 1
      ? new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(days, "day")
      : new Intl.DateTimeFormat(language, { day: "numeric", month: "short", year: "numeric" }).format(at);
  return style === "date" ? date : `${date}, ${clock}`;
}

/** @param {Date} at */
function midnight(at) {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

const exact = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "long" });
for (const element of document.querySelectorAll("time[datetime]")) {
  if (!(element instanceof HTMLTimeElement)) continue;
  const at = new Date(element.dateTime);
  if (Number.isNaN(at.getTime())) continue;
  element.textContent = local(at, element.dataset.style ?? "date-time", undefined, !element.closest(".letter"));
  element.title = exact.format(at);
}

// The pass of this session: said at five minutes, at one, and when it is over.
const banner = document.getElementById("pass-window");
const spoken = banner?.querySelector("[role=status]");
const shown = banner?.querySelector("p");
if (banner && shown && spoken instanceof HTMLElement) {
  const ends = new Date(banner.dataset.ends ?? "").getTime();
  for (const [before, key] of /** @type {const} */ ([[300_000, "five"], [60_000, "one"], [0, "over"]])) {
    const wait = ends - before - Date.now();
    // Timers count to 24 days; a pass that lives longer is not waited for on one page.
    if (wait < 0 || wait > 2_000_000_000) continue;
    setTimeout(() => {
      const words = spoken.dataset[key] ?? "";
      spoken.textContent = words;
      shown.textContent = words;
      banner.className = "banner warn";
    }, wait);
  }
}

// Too many tries: the waiting time, minute by minute.
const countdown = document.getElementById("countdown");
const sentence = document.querySelector("[data-countdown]");
if (countdown && sentence) {
  /** @type {string[]} */
  const sentences = JSON.parse(countdown.textContent ?? "[]");
  sentences.forEach((words, index) => {
    setTimeout(() => {
      sentence.textContent = words;
    }, (index + 1) * 60_000);
  });
}
