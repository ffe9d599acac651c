// Put the page together.

import "./letters.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { Line } from "./line.js";
import { openStore } from "./store.js";
import { dayOf, getAhead, now, say, setAhead, setClock, slot, speak } from "./words.js";

const $ = (id) => document.getElementById(id);
const KEPT_MESSAGES = 100;
const NEAR = 80; // pixels from the bottom that still count as being there

const store = await openStore(slot);
const queue = await store.waiting();
const last = await store.kept("seen");
const scroll = $("scroll");

// ---- saying

const uuid = () => crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
  (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16));

// Half a character would be no text for the server.
const wellFormed = (words) => words.toWellFormed?.() ?? words.replace(/\p{Surrogate}/gu, "\ufffd");

function tell(what) {
  const item = { id: uuid(), at: now().toISOString(), lang: navigator.language ?? "", ...what };
  composer.note(null);
  talk.await(item);
  wire.say(item);
  toBottom();
  refresh();
}

const composer = new Composer(slot, {
  text: (text) => tell({ kind: "text", text: wellFormed(text) }),
  contact: (text) => tell({ kind: "contact", text }),
  location: (text) => tell({ kind: "location", text }),
  file: (blob) => tell({ kind: blob.type.startsWith("image/") ? "photo" : "voice", text: "", blob }),
});

const talk = new Conversation({
  press: (message, press) => tell({ kind: "press", message, press }),
  command: (text) => tell({ kind: "text", text }),
  share: (want, button) => composer.share(want, button),
});

// ---- what is seen

let pinned = true; // as it was when it was last scrolled
let lastTop = 0;

const atBottom = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR;

const calm = matchMedia("(prefers-reduced-motion: reduce)");

function toBottom({ glide = false } = {}) {
  scroll.scrollTo({ top: scroll.scrollHeight, behavior: glide && !calm.matches ? "smooth" : "instant" });
  lastTop = scroll.scrollTop;
}

/** Whether the page stays at the bottom: a person who has just begun to scroll up is left alone. */
const follows = () => atBottom() || (pinned && scroll.scrollTop >= lastTop - 2);

let unseen = 0;
let toldRead = 0;

function seen() {
  pinned = follows();
  if (pinned) unseen = 0;
  if (pinned && document.visibilityState === "visible" && talk.unread && talk.newest > toldRead) {
    if (wire.read(talk.newest)) toldRead = talk.newest;
  }
  refresh();
}

function refresh() {
  $("newest").hidden = pinned;
  $("newest-words").textContent = unseen ? `${say("new_messages")} · ${unseen}` : "";
  $("welcome").hidden = !talk.empty || !synced;
  $("begin").hidden = !(synced && talk.empty) && !startCode;
}

scroll.addEventListener("scroll", seen, { passive: true });
document.addEventListener("visibilitychange", seen);
addEventListener("focus", seen);
const follow = new ResizeObserver(() => { if (follows()) toBottom(); });
follow.observe(scroll);
follow.observe($("log"));
$("newest").addEventListener("click", () => {
  toBottom({ glide: true });
  composer.focus();
});

// ---- a code in the address is used only when a person says so

const address = new URL(location.href);
let startCode = /^[\w-]{1,64}$/.test(address.searchParams.get("start") ?? "") ? address.searchParams.get("start") : "";

$("begin").addEventListener("click", () => {
  const code = startCode;
  startCode = "";
  address.searchParams.delete("start");
  history.replaceState(null, "", address);
  tell({ kind: "text", text: code ? `/start ${code}` : "/start" });
  composer.focus();
});

// ---- the line

let synced = false;
let older = false;
let lastMenu = [];
let lastLanguage = "";
let today = "";

/** Show what changed. first: the page has just been opened. */
function take(frame, first) {
  const whole = frame.more !== undefined;
  const anew = first || whole;
  const was = follows();
  lastMenu = frame.menu ?? lastMenu;
  lastLanguage = frame.language || lastLanguage;
  if (frame.menu) composer.offer(frame.menu);
  if (frame.language && speak(frame.language)) retell();
  if (whole) {
    older = frame.more;
    toldRead = 0;
  }
  // Changes of messages that were never fetched wait until they are.
  const messages = older && !whole ? frame.changes.filter((message) => message.number >= talk.oldest) : frame.changes;
  const fresh = talk.take(messages, { whole, anew });
  for (const message of messages) if (message.mine && message.read) wire?.settled(message.id);
  $("older").hidden = !older;
  if (!anew && !was) unseen += fresh.filter((message) => !message.mine).length;
  const line = anew && $("log").querySelector(".fresh");
  if (line) line.scrollIntoView({ block: "start" });
  else if (anew || was) toBottom();
}

function retell() {
  talk.repaint();
  tellState(state);
}

let state = "connecting";

function tellState(name) {
  state = name;
  $("state").dataset.state = name;
  $("state-words").textContent = say(name);
}

let toKeep = null;
let keeping = false;

/** Keep what is shown for the next opening; one write at a time, the newest wins. */
async function keep(frame) {
  toKeep = frame;
  if (keeping) return;
  keeping = true;
  while (toKeep) {
    const { upto, session } = toKeep;
    toKeep = null;
    const shown = talk.messages().sort((a, b) => a.number - b.number);
    await store.keep("seen", {
      upto, session,
      ahead: getAhead(),
      menu: lastMenu,
      language: lastLanguage,
      more: older || shown.length > KEPT_MESSAGES,
      changes: shown.slice(-KEPT_MESSAGES),
    }).catch(console.info); // a full disk costs only the quick opening
  }
  keeping = false;
}

let wire = null;
if (last) {
  setAhead(last.ahead);
  take(last, true);
}
for (const item of queue) talk.await(item);

wire = new Line(new URL(".", location.href), store, queue, last ?? { upto: 0, session: "" }, {
  state(name) {
    tellState(name);
    if (name !== "online") toldRead = 0;
  },
  clock(instant) {
    setClock(instant);
    const day = dayOf(now());
    if (today && today !== day) talk.repaint();
    today = day;
  },
  changes(frame) {
    take(frame, !synced);
    synced = true;
    keep(frame);
    seen();
  },
  older(frame) {
    const height = scroll.scrollHeight;
    const top = scroll.scrollTop;
    older = frame.more;
    $("older").hidden = !older;
    talk.prepend(frame.older);
    scroll.scrollTop = top + scroll.scrollHeight - height;
  },
  // Words keep their bubble until the server's own comes.
  heard(item) { if (item.kind === "press") talk.settle(item); },
  refused(item, why) {
    talk.settle(item);
    composer.note(why || say("unreadable"));
  },
});

$("older").addEventListener("click", () => wire.before(talk.oldest));

// ---- opening without a network: keep this page, and the files of this version

async function keepPage() {
  const cache = await caches.open("canteen-chat");
  const files = new URL(".", import.meta.url);
  for (const kept of await cache.keys()) {
    const url = new URL(kept.url);
    if (url.pathname.startsWith("/chat/static/") && !url.href.startsWith(files.href)) await cache.delete(kept);
  }
  const used = performance.getEntriesByType("resource").map((entry) => entry.name.split("#")[0]);
  await cache.addAll([location.pathname, ...new Set(used.filter((name) => name.startsWith(files.href)))]);
}

if ("serviceWorker" in navigator) {
  // Without it the page needs a network to open; nothing else is lost.
  navigator.serviceWorker.register("/chat/sw.js").then(keepPage).catch(console.info);
}

refresh();
if (matchMedia("(pointer: fine)").matches && window.top === window) composer.focus();
wire.connect();
