// The line to the canteen: comes back by itself, brings what was said until it was heard, in its order.

const FIRST_WAIT = 400;
const LONGEST_WAIT = 15_000;
const PING_EVERY = 20_000;
const SILENCE = 12_000; // after a ping, or after saying something
const SESSION_GONE = 4401;

export class Line {
  #base;
  #store;
  #on;
  #socket = null;
  #queue = [];
  #stored = new WeakMap(); // item → when the store has it
  #flying = null; // the item on its way
  #synced = false;
  #wait = FIRST_WAIT;
  #timer = 0;
  #silence = 0;
  #session = false; // the browser has its cookie
  #last = { upto: 0, session: "" };

  /**
   * on: { state(name), changes(frame), older(frame), heard(item), refused(item, why), clock(instant) }
   * last: the change and the session that the page shows already.
   */
  constructor(base, store, queue, last, on) {
    this.#base = base;
    this.#store = store;
    this.#queue = queue;
    this.#last = last;
    this.#on = on;
    addEventListener("online", () => this.#now());
    addEventListener("offline", () => this.#drop());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState !== "visible") return;
      if (!this.#socket) this.#now();
      else if (this.#send({ ping: true })) this.#expect(); // a phone that slept may hold a dead line
    });
    setInterval(() => this.#send({ ping: true }) && this.#expect(), PING_EVERY);
  }

  connect() { this.#now(); }

  /** Say something as soon as there is a network; it is kept until it was heard. */
  async say(item) {
    const stored = this.#store.wait(item);
    this.#queue.push(item);
    this.#stored.set(item, stored);
    try {
      await stored;
    } finally {
      this.#pump();
    }
  }

  /** Another window of this chat brought it. */
  async settled(id) {
    const item = this.#queue.find((one) => one.id === id);
    if (item && item !== this.#flying) await this.#remove(item);
  }

  read(number) { return this.#send({ read: number }); }

  before(number) { return this.#send({ before: number }); }

  // ------------------------------------------------------------------ connecting

  #now() {
    clearTimeout(this.#timer);
    if (!this.#socket) this.#open();
  }

  async #open() {
    const socket = (this.#socket = {}); // the place is taken while the session is fetched
    try {
      if (!this.#session) {
        const answer = await fetch(new URL("session", this.#base), { method: "POST", credentials: "same-origin" });
        if (!answer.ok) throw new Error(answer.statusText);
        this.#session = true;
      }
    } catch {
      if (this.#socket === socket) this.#closed(socket);
      return;
    }
    if (this.#socket !== socket) return;
    const url = new URL("socket", this.#base);
    url.protocol = url.protocol.replace("http", "ws");
    const live = (this.#socket = new WebSocket(url));
    let opened = false;
    live.onopen = () => {
      opened = true;
      this.#send({ hello: this.#last.upto, session: this.#last.session });
      this.#expect();
    };
    live.onmessage = (event) => { if (this.#socket === live) this.#take(JSON.parse(event.data)); };
    live.onclose = (event) => {
      // A socket that never opened may mean that the session is gone: ask anew.
      if (!opened || event.code === SESSION_GONE) this.#session = false;
      this.#closed(live);
    };
  }

  #drop() {
    const socket = this.#socket;
    if (socket instanceof WebSocket) socket.close();
    this.#closed(socket);
  }

  #closed(socket) {
    if (this.#socket !== socket) return;
    this.#socket = null;
    this.#synced = false;
    this.#flying = null;
    clearTimeout(this.#silence);
    // One short break is nothing to speak of.
    if (!navigator.onLine || this.#wait > FIRST_WAIT) this.#on.state("offline");
    else this.#on.state("connecting");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#open(), this.#wait * (0.75 + Math.random() / 2));
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
  }

  /** An answer is due: a line that stays silent is dead, whatever the browser believes. */
  #expect() {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#drop(), SILENCE);
  }

  // ------------------------------------------------------------------ frames

  #send(frame) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  async #take(frame) {
    clearTimeout(this.#silence);
    if (frame.changes) {
      this.#last = { upto: frame.upto, session: frame.session };
      this.#on.clock(frame.now);
      this.#on.changes(frame);
      if (!this.#synced) {
        this.#synced = true;
        this.#wait = FIRST_WAIT;
        this.#on.state("online");
      }
      this.#pump();
    } else if (frame.older) {
      this.#on.older(frame);
    } else if (frame.pong) {
      this.#on.clock(frame.pong);
    } else if (frame.again && this.#flying) {
      const item = this.#flying;
      setTimeout(() => { if (this.#flying === item) { this.#flying = null; this.#pump(); } }, this.#wait);
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
    } else if (frame.heard !== undefined || frame.refused !== undefined) {
      const item = this.#flying;
      if (!item || (frame.heard ?? frame.refused ?? item.id) !== item.id) return;
      this.#flying = null;
      this.#wait = FIRST_WAIT;
      await this.#remove(item);
      if (frame.heard) this.#on.heard(item); else this.#on.refused(item);
      this.#pump();
    }
  }

  #pump() {
    if (!this.#synced || this.#flying || !this.#queue.length) return;
    this.#flying = this.#queue[0];
    const { order, blob, ...say } = this.#flying;
    if (blob) this.#bring(this.#flying, blob, say);
    else if (this.#send({ say })) this.#expect(); else this.#flying = null;
  }

  /** Bring a file, and then speak of it; what the server will never take is not brought again. */
  async #bring(item, blob, say) {
    let answer = null;
    try {
      const address = new URL(`upload/${item.id}`, this.#base);
      answer = await fetch(address, { method: "POST", body: blob, credentials: "same-origin" });
    } catch { /* no network: it is brought again */ }
    if (this.#flying !== item) return;
    if (answer?.ok && this.#send({ say })) return this.#expect();
    this.#flying = null;
    if ([413, 415, 429].includes(answer?.status)) {
      await this.#remove(item);
      this.#on.refused(item, await answer.text());
      this.#pump();
    } else {
      setTimeout(() => this.#pump(), this.#wait);
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
    }
  }

  async #remove(item) {
    this.#queue = this.#queue.filter((one) => one !== item);
    await this.#stored.get(item);
    await this.#store.forget(item);
  }
}
