// The page's own words, in the language that the canteen speaks to this person.

const told = JSON.parse(document.getElementById("told").textContent);

export const slot = told.slot;

let language = told.language;

export const say = (name) => (told.words[language] ?? told.words.en)[name];

/** The language as Intl and `lang` name it. */
export const tag = () => language.replace("_", "-");

/** Speak another language; unknown ones are passed over. */
export function speak(wanted) {
  if (!told.words[wanted] || wanted === language) return false;
  language = wanted;
  document.documentElement.lang = tag();
  document.title = say("title");
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", say(element.dataset.label));
    if (element.title) element.title = say(element.dataset.label);
  }
  for (const element of document.querySelectorAll("[data-placeholder]")) {
    element.placeholder = say(element.dataset.placeholder);
  }
  return true;
}

// ---- days and times, always of messages: the browser's clock may be another

let ahead = 0; // milliseconds by which the server's clock is ahead of ours

/** Learn the server's time. */
export const setClock = (instant) => { ahead = Date.parse(instant) - Date.now(); };

/** By how much the clocks differ, to be kept for a time without a network. */
export const getAhead = () => ahead;
export const setAhead = (milliseconds) => { ahead = milliseconds; };

/** The time it is for the canteen. */
export const now = () => new Date(Date.now() + ahead);

const formats = new Map();

function format(name, options) {
  const key = `${name} ${language}`;
  if (!formats.has(key)) {
    formats.set(key, new Intl.DateTimeFormat(tag(), { timeZone: told.zone ?? undefined, ...options }));
  }
  return formats.get(key);
}

export const clockTime = (date) => format("time", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(date);

/** A name that is equal for instants of one day. */
export const dayOf = (date) => format("key", { year: "numeric", month: "2-digit", day: "2-digit" }).format(date);

/** The day in words: today, yesterday, or its date. */
export function dayWords(date) {
  const day = 86_400_000;
  const near = new Intl.RelativeTimeFormat(tag(), { numeric: "auto" });
  for (const back of [0, 1]) {
    if (dayOf(date) === dayOf(new Date(now().getTime() - back * day))) return capital(near.format(-back, "day"));
  }
  const sameYear = format("year", { year: "numeric" }).format(date) === format("year", { year: "numeric" }).format(now());
  return capital(
    format(sameYear ? "day" : "dayYear", {
      weekday: "long", day: "numeric", month: "long", ...(sameYear ? {} : { year: "numeric" }),
    }).format(date),
  );
}

const capital = (words) => words.charAt(0).toLocaleUpperCase(tag()) + words.slice(1);
