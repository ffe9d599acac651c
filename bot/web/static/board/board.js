// A page of the house: it follows what others do, and what is tapped without a network is sent later, in order.

const EVERY = 4000;
const AGAIN = [1000, 2000, 5000, 10000];
const live = document.getElementById("live");
const saidLine = document.getElementById("said");
const unsentLine = document.getElementById("unsent");
const kept = `board ${live.dataset.page}`;

// What waits to be sent, oldest first: it survives a reload, and holds no names.
let queue = read();
let version = "";
let failures = 0;
let sending = false;

function read() {
  try {
    return JSON.parse(localStorage.getItem(kept)) ?? [];
  } catch {
    return [];
  }
}

function keep() {
  try {
    localStorage.setItem(kept, JSON.stringify(queue));
  } catch {
    // A full or forbidden store: it is sent as long as the page stays open.
  }
}

/** Say something, also to those who listen to the page. */
export function say(words, ok = true) {
  saidLine.textContent = words;
  saidLine.classList.toggle("no", !ok);
}

/** Whatever should happen whenever the live part was set anew. */
export const renewed = [];

function show(html) {
  const focused = live.contains(document.activeElement) ? document.activeElement.id : "";
  const scrolled = scrollY;
  live.innerHTML = html; // from our own server, where a template has made text of every name
  mark();
  renewed.forEach((run) => run());
  if (focused) (document.getElementById(focused) ?? document.getElementById("text"))?.focus({ preventScroll: true });
  scrollTo(0, scrolled);
}

/** Show at their places what is not sent yet. */
function mark() {
  for (const form of document.querySelectorAll("form.sending")) form.classList.remove("sending");
  for (const { form } of queue) {
    const place = document.getElementById(form);
    place?.classList.add("sending");
    place?.setAttribute("data-sending", live.dataset.sending);
  }
  unsentLine.hidden = failures === 0 || queue.length === 0;
  unsentLine.textContent = unsentLine.hidden ? "" : unsentLine.dataset.words;
}

/** Send a form's words, now or when there is a network again. */
export function send(action, fields, form) {
  queue.push({ action, fields, form, at: Date.now() });
  keep();
  mark();
  work();
}

async function work() {
  if (sending) return;
  sending = true;
  while (queue.length > 0) {
    const [{ action, fields, at }] = queue;
    let answer = null;
    try {
      const csrf = document.querySelector("input[name=csrf]").value;
      const body = new URLSearchParams({ ...fields, csrf, ago: String(Math.max(0, Date.now() - at)) });
      const signal = AbortSignal.timeout(8000);
      const response = await fetch(action, { method: "POST", body, signal, headers: { Accept: "application/json" } });
      if (response.status >= 500) throw new Error("later");
      answer = response.headers.get("Content-Type")?.includes("json") ? await response.json() : {};
      if (response.status === 403) {
        location.reload(); // the page has closed: what is shown instead says so
        return;
      }
    } catch {
      failures += 1;
      mark();
      await new Promise((after) => setTimeout(after, AGAIN[Math.min(failures, AGAIN.length) - 1]));
      continue;
    }
    failures = 0;
    queue.shift();
    keep();
    if (answer.said !== undefined) say(answer.said, answer.ok);
    if (answer.live !== undefined && queue.length === 0) {
      version = answer.version;
      show(answer.live);
    } else {
      mark();
    }
  }
  sending = false;
}

async function follow() {
  if (document.visibilityState === "visible" && !sending) {
    try {
      const headers = version ? { "If-None-Match": version } : {};
      const response = await fetch("live", { headers, signal: AbortSignal.timeout(8000), cache: "no-store" });
      if (response.status === 403) {
        location.reload();
        return;
      }
      const changed = response.status === 200 && response.headers.get("ETag") !== version;
      if (changed && !sending) {
        const first = version === "";
        version = response.headers.get("ETag");
        const html = await response.text();
        if (!first || html.trim() !== live.innerHTML.trim()) show(html);
      }
    } catch {
      // No network just now: what is shown stays.
    }
  }
  setTimeout(follow, EVERY);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(form, event.submitter));
  delete fields.csrf;
  if (form.id === "find") form.reset();
  send(form.getAttribute("action"), fields, form.id);
});
addEventListener("online", () => work());
document.addEventListener("visibilitychange", () => work());

mark();
work();
follow();
