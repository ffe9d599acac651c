// Writing, the menu of commands, and sharing a phone number or a place.

import { smaller } from "./picture.js";
import { make } from "./text.js";
import { say } from "./words.js";

const LONGEST = 10_000; // characters, as the server counts them
const LARGEST = 5_000_000; // bytes, as the server takes them
const ACCEPTS = { photo: "image/*", voice: "audio/*", file: "image/*,audio/*" };
const $ = (id) => document.getElementById(id);

export class Composer {
  #field = $("say");
  #sheet = $("menu-sheet");
  #menu = [];
  #on;
  #draft;

  /** on: { text(words), contact(phone), location(place), file(blob) } */
  constructor(slot, on) {
    this.#on = on;
    this.#draft = `canteen-draft-${slot}`;
    this.#field.value = sessionStorage.getItem(this.#draft) ?? "";
    this.#field.addEventListener("input", () => this.#typed());
    this.#field.addEventListener("keydown", (event) => this.#keyed(event));
    $("composer").addEventListener("submit", (event) => { event.preventDefault(); this.#send(); });
    $("menu").addEventListener("click", () => this.#toggle());
    this.#sheet.addEventListener("keydown", (event) => this.#walk(event));
    $("phone-sheet").addEventListener("submit", (event) => { event.preventDefault(); this.#sendPhone(); });
    $("phone-sheet").addEventListener("keydown", (event) => { if (event.key === "Escape") this.#closePhone(); });
    $("phone-cancel").addEventListener("click", () => this.#closePhone());
    addEventListener("resize", () => this.#grow());
    this.#grow();
  }

  focus() { this.#field.focus(); }

  /** Offer these commands: [[name, help], …]. */
  offer(menu) {
    this.#menu = menu;
    $("menu").hidden = !menu.length;
    if (!this.#sheet.hidden) this.#show(this.#matching());
  }

  /** Say what went wrong, until something is typed. */
  note(words) {
    $("note").textContent = words ?? "";
    $("note").hidden = !words;
  }

  share(want, button) {
    if (want === "contact") {
      $("phone-sheet").hidden = false;
      $("phone").focus();
      return;
    }
    if (ACCEPTS[want]) return this.#pick(ACCEPTS[want]);
    button.disabled = true;
    const failed = () => { button.disabled = false; this.note(say("no_place")); };
    if (!navigator.geolocation) return failed();
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => this.#on.location(`geo:${coords.latitude.toFixed(5)},${coords.longitude.toFixed(5)}`),
      failed,
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 },
    );
  }

  /** Let a file be chosen, or a photo be taken where the device can. */
  #pick(accept) {
    const input = make("input", { type: "file", accept, id: "pick", hidden: true });
    input.addEventListener("change", async () => {
      input.remove();
      if (!input.files[0]) return;
      const file = await smaller(input.files[0]);
      if (file.size > LARGEST) this.note(say("file_large"));
      else this.#on.file(file);
    });
    document.getElementById("pick")?.remove();
    document.body.append(input);
    input.click();
  }

  #send() {
    const words = this.#field.value.trim();
    if (!words) return this.#field.focus();
    if (Array.from(words).length > LONGEST) return this.note(say("too_long"));
    this.#field.value = "";
    this.#typed();
    this.#on.text(words);
    this.#field.focus();
  }

  #typed() {
    this.note(null);
    sessionStorage.setItem(this.#draft, this.#field.value);
    this.#grow();
    if (this.#field.value.startsWith("/") && this.#matching().length) this.#show(this.#matching());
    else this.#close();
  }

  #grow() {
    this.#field.style.height = "auto";
    this.#field.style.height = `${this.#field.scrollHeight + 3}px`;
  }

  #keyed(event) {
    if (event.isComposing || event.keyCode === 229) return; // an input method is still choosing characters
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#send();
    } else if (event.key === "Escape") {
      this.#close();
    } else if (event.key === "ArrowUp" && !this.#sheet.hidden) {
      event.preventDefault();
      this.#sheet.querySelector("button:last-of-type").focus();
    } else if (event.key === "ArrowDown" && !this.#sheet.hidden) {
      event.preventDefault();
      this.#sheet.querySelector("button").focus();
    }
  }

  // ------------------------------------------------------------------ the menu

  #matching() {
    const typed = this.#field.value.trim().toLowerCase();
    return typed.startsWith("/") ? this.#menu.filter(([name]) => `/${name}`.startsWith(typed)) : this.#menu;
  }

  #toggle() {
    if (!this.#sheet.hidden) return this.#close();
    this.#show(this.#menu);
    this.#sheet.querySelector("button").focus();
  }

  #show(menu) {
    this.#sheet.replaceChildren(...menu.map(([name, help]) => {
      const button = make("button", { type: "button" }, make("b", {}, `/${name}`), " ", make("span", {}, help));
      button.addEventListener("click", () => this.#choose(name));
      return button;
    }));
    this.#sheet.hidden = false;
    $("menu").setAttribute("aria-expanded", "true");
  }

  #close() {
    this.#sheet.hidden = true;
    $("menu").setAttribute("aria-expanded", "false");
  }

  #choose(name) {
    this.#close();
    if (this.#field.value.startsWith("/")) this.#field.value = "";
    this.#typed();
    this.#on.text(`/${name}`);
    this.#field.focus({ preventScroll: true });
  }

  #walk(event) {
    const buttons = [...this.#sheet.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      buttons.at(to % buttons.length).focus();
    } else if (event.key === "Escape") {
      this.#close();
      (this.#field.value.startsWith("/") ? this.#field : $("menu")).focus();
    }
  }

  // ------------------------------------------------------------------ the phone number

  #sendPhone() {
    const phone = $("phone").value.trim();
    if (!/^[+\d][\d\s()./-]{3,39}$/.test(phone)) return $("phone").focus();
    this.#closePhone();
    this.#on.contact(phone);
  }

  #closePhone() {
    $("phone-sheet").hidden = true;
    this.#field.focus();
  }
}
