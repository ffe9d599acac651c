// All bubbles in their order: what the server numbered, then what still waits.

import { bubble, SHARES } from "./bubble.js";
import { make } from "./text.js";
import { dayOf, dayWords, say } from "./words.js";

const TOGETHER = 5 * 60_000; // bubbles of one speaker within this time stand close

export class Conversation {
  #log = document.getElementById("log");
  #voice = document.getElementById("scroll"); // what is added here is read aloud
  #silence = 0;
  #on;
  #rows = new Map(); // number → { message, row }
  #waiting = new Map(); // id → { message, row }
  #presses = new Map(); // number → [item]: buttons pressed and not yet heard
  #newestTheirs = 0;
  #firstFresh = null; // the number above which "new messages" stands

  constructor(on) { this.#on = on; }

  get oldest() { return Math.min(...this.#rows.keys()); }

  get newest() { return this.#rows.size ? Math.max(...this.#rows.keys()) : 0; }

  get empty() { return !this.#rows.size && !this.#waiting.size; }

  /** How many messages of the canteen were not seen yet. */
  get unread() {
    return [...this.#rows.values()].filter(({ message }) => !message.mine && !message.read).length;
  }

  messages() { return [...this.#rows.values()].map(({ message }) => message); }

  /** Take what changed; anew: the page opens, and reads nothing aloud. Return what is new. */
  take(messages, { whole = false, anew = false } = {}) {
    if (anew) this.#hush();
    if (whole) this.#clear();
    const new_ = messages.filter((message) => !this.#rows.has(message.number));
    for (const message of messages) this.#put(message, !anew);
    if (anew) this.#markFresh();
    this.#arrange();
    return new_;
  }

  /** Show older messages above. */
  prepend(messages) {
    this.#hush();
    for (const message of messages) this.#put(message, false);
    this.#arrange();
  }

  /** Show what was just said and is not heard yet. */
  await(item) {
    if (item.kind === "press") {
      this.#presses.set(item.message, [...(this.#presses.get(item.message) ?? []), item]);
      this.#redraw(item.message);
      return;
    }
    if ([...this.#rows.values()].some(({ message }) => message.id === item.id)) return;
    const message = { id: item.id, mine: true, kind: item.kind, text: item.text, at: item.at };
    const row = make("div", { class: "row" });
    this.#waiting.set(item.id, { message, row });
    this.#draw(message, row);
    row.classList.add("arrived");
    this.#log.append(row);
    this.#arrange();
  }

  /** It was heard, or refused: nothing waits any more. */
  settle(item) {
    if (item.kind === "press") {
      this.#presses.set(item.message, (this.#presses.get(item.message) ?? []).filter((other) => other.id !== item.id));
      this.#redraw(item.message);
    } else if (this.#waiting.has(item.id)) {
      this.#waiting.get(item.id).row.remove();
      this.#waiting.delete(item.id);
      this.#arrange();
    }
  }

  /** Say everything again: in another language, or on another day. */
  repaint() {
    this.#hush();
    for (const { message, row } of [...this.#rows.values(), ...this.#waiting.values()]) {
      delete row.dataset.day;
      this.#draw(message, row);
    }
    this.#arrange();
  }

  #hush() {
    clearTimeout(this.#silence);
    this.#voice.setAttribute("aria-live", "off");
    this.#silence = setTimeout(() => this.#voice.setAttribute("aria-live", "polite"), 500);
  }

  #clear() {
    for (const { row } of this.#rows.values()) row.remove();
    this.#rows.clear();
    this.#firstFresh = null;
  }

  #markFresh() {
    const messages = this.messages();
    const unread = messages.filter((message) => !message.mine && !message.read).map((message) => message.number);
    const seen = messages.some((message) => message.mine || message.read);
    this.#firstFresh = seen && unread.length ? Math.min(...unread) : null;
  }

  #put(message, live) {
    const known = this.#rows.get(message.number);
    if (known) {
      // Only the words of a bubble that changed are drawn again: a receipt must not move the focus.
      const same = JSON.stringify({ ...known.message, read: 0 }) === JSON.stringify({ ...message, read: 0 });
      known.message = message;
      if (!same || message.mine) this.#draw(message, known.row);
      return;
    }
    const awaited = message.id && this.#waiting.get(message.id);
    const row = awaited ? awaited.row : make("div", { class: "row" });
    if (awaited) this.#waiting.delete(message.id);
    this.#rows.set(message.number, { message, row });
    this.#draw(message, row);
    if (live && !awaited) row.classList.add("arrived");
    if (live && message.urgent) row.setAttribute("role", "alert");
    row.dataset.number = message.number;
    this.#place(row, message.number);
  }

  #place(row, number) {
    let before = this.#log.lastElementChild;
    while (before && (!before.dataset.number || before === row || Number(before.dataset.number) > number)) {
      before = before.previousElementSibling;
    }
    const wanted = before ? before.nextElementSibling : this.#log.firstElementChild;
    if (wanted !== row) this.#log.insertBefore(row, wanted);
  }

  #redraw(number) {
    const known = this.#rows.get(number);
    if (known) this.#draw(known.message, known.row);
  }

  #draw(message, row) {
    const old = row.querySelector(":scope > .block");
    const focused = old?.contains(document.activeElement) ? document.activeElement : null;
    const drawn = bubble(message, {
      pending: this.#presses.get(message.number)?.at(-1)?.press,
      waiting: this.#waiting.has(message.id),
      ask: this.#asks(message),
      on: this.#on,
    });
    if (!old) return row.append(drawn);
    // What stays the same is left alone, so that it is not read aloud again.
    if (old.firstChild.isEqualNode(drawn.firstChild)) {
      while (old.childNodes.length > 1) old.lastChild.remove();
      old.className = drawn.className;
      old.append(...[...drawn.childNodes].slice(1));
    } else {
      old.replaceWith(drawn);
    }
    if (focused) this.#refocus(row.querySelector(":scope > .block"), focused.dataset.key);
  }

  /** Leave the keyboard where it was, though the button under it was drawn anew. */
  #refocus(drawn, key) {
    const buttons = [...drawn.querySelectorAll("button")];
    const wanted = buttons.find((button) => button.dataset.key === key) ?? buttons[0];
    if (wanted) return wanted.focus({ preventScroll: true });
    drawn.tabIndex = -1;
    drawn.focus({ preventScroll: true });
  }

  #asks(message) {
    return !message.mine && message.number === this.#newestTheirs;
  }

  #arrange() {
    const shown = [...this.#rows.entries()].sort(([a], [b]) => a - b).map(([, entry]) => entry);
    this.#newestTheirs = shown.findLast(({ message }) => !message.mine)?.message.number ?? 0;
    let last = null;
    let lastRow = null;
    for (const { message, row } of [...shown, ...this.#waiting.values()]) {
      const day = dayOf(new Date(message.at));
      const newDay = !last || dayOf(new Date(last.at)) !== day;
      const fresh = message.number !== undefined && message.number === this.#firstFresh;
      const together = last && !newDay && !fresh && last.mine === message.mine
        && Math.abs(Date.parse(message.at) - Date.parse(last.at)) < TOGETHER;
      row.classList.toggle("mine", message.mine);
      if (message.mine) row.setAttribute("aria-live", "off"); // who spoke needs not hear it
      row.classList.toggle("urgent", Boolean(message.urgent));
      row.classList.toggle("starts", !together);
      row.classList.add("ends");
      if (lastRow && together) lastRow.classList.remove("ends");
      this.#divide(row, newDay ? day : "", newDay && dayWords(new Date(message.at)), fresh);
      // Only the newest message offers to share a phone number or a place.
      const offers = !message.mine && message.want in SHARES && this.#asks(message);
      if (offers !== Boolean(row.querySelector(".share"))) this.#draw(message, row);
      last = message;
      lastRow = row;
    }
  }

  #divide(row, day, words, fresh) {
    if ((row.dataset.day ?? "") !== day || (row.querySelector(":scope > .day") === null) === Boolean(day)) {
      row.querySelector(":scope > .day")?.remove();
      row.dataset.day = day;
      if (day) row.prepend(make("div", { class: "day" }, make("span", {}, words)));
    }
    const line = row.querySelector(":scope > .fresh");
    if (fresh && !line) row.insertBefore(make("div", { class: "fresh" }, say("new_messages")), row.querySelector(":scope > .block"));
    if (!fresh) line?.remove();
  }
}
