// What outlives this page: what was said and not yet heard, and the last messages.

const WAITING = "waiting";
const KEPT = "kept";

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

class Shelf {
  constructor(database) { this.database = database; }

  #store(name, mode = "readonly") { return this.database.transaction(name, mode).objectStore(name); }

  /** Everything that waits, oldest first. */
  waiting() { return done(this.#store(WAITING).getAll()); }

  async wait(item) {
    item.order = await done(this.#store(WAITING, "readwrite").add(item));
  }

  forget(item) { return done(this.#store(WAITING, "readwrite").delete(item.order)); }

  keep(name, value) { return done(this.#store(KEPT, "readwrite").put(value, name)); }

  kept(name) { return done(this.#store(KEPT).get(name)); }
}

/** Where the browser keeps nothing (a private window), the page itself remembers while it is open. */
class Memory {
  #items = [];
  #values = new Map();
  #order = 0;

  async waiting() { return [...this.#items]; }

  async wait(item) {
    item.order = ++this.#order;
    this.#items.push(item);
  }

  async forget(item) { this.#items = this.#items.filter((other) => other.order !== item.order); }

  async keep(name, value) { this.#values.set(name, value); }

  async kept(name) { return this.#values.get(name); }
}

export async function openStore(slot) {
  try {
    const opening = indexedDB.open(`canteen-chat-${slot}`, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore(WAITING, { keyPath: "order", autoIncrement: true });
      opening.result.createObjectStore(KEPT);
    };
    return new Shelf(await done(opening));
  } catch {
    return new Memory();
  }
}
