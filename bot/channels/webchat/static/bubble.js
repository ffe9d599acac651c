// One message as the page shows it.

import { hidden, icon, make, rich } from "./text.js";
import { clockTime, say } from "./words.js";

/** What a message may want: the words of its button, and its icon. */
export const SHARES = {
  contact: ["share_phone", "phone"], location: ["share_place", "place"],
  photo: ["share_photo", "paper"], voice: ["share_voice", "paper"], file: ["share_file", "paper"],
};

/**
 * Draw a message. pending: the data of its button that waits to be heard, if any; waiting: it was not sent yet;
 * ask: it may offer to share what it wants.
 */
export function bubble(message, { pending, waiting, ask, on }) {
  const keyed = message.keys?.some((row) => row.length) || (ask && SHARES[message.want]);
  const block = make("div", { class: keyed ? "block keyed" : "block" }, box(message, waiting, on));
  if (keyed) block.append(keys(message, pending, ask, on));
  return block;
}

function box(message, waiting, on) {
  const when = new Date(message.at);
  return make(
    "div",
    { class: "bubble" },
    hidden(say(message.mine ? "you" : "canteen")),
    message.file && file(message.file),
    message.kept && kept(message.kept),
    message.urgent && make("div", { class: "alarm" }, icon("urgent"), make("span", {}, say("urgent"))),
    make(
      "div",
      { class: "text", dir: "auto", lang: message.language?.replace("_", "-") },
      make("span", { class: "words" }, ...words(message, on)),
      // Set apart, so that it has no say in the direction of the words.
      make(
        "bdi",
        { class: "meta" },
        make("time", { datetime: message.at }, clockTime(when)),
        message.mine && tick(message, waiting),
      ),
    ),
  );
}

/** A file: its name, its size, and the way to open it. */
function file({ id, name, size }) {
  const kilobytes = `${Math.max(1, Math.round(size / 1000)).toLocaleString(document.documentElement.lang)} kB`;
  return make(
    "a",
    { class: "file", href: `file/${id}`, target: "_blank", rel: "noopener" },
    icon("paper"),
    make("span", { class: "about" }, hidden(say("file")), make("bdi", {}, name), make("small", {}, kilobytes)),
    make("span", { class: "open" }, say("open_file")),
  );
}

/** A photo or a voice note that the canteen keeps: shown as long as it is kept, and to those who may see it. */
function kept({ id, mime }) {
  const address = `kept/${id}`;
  const shown = mime.startsWith("image/")
    ? make("img", { class: "kept", src: address, alt: say("photo") })
    : make("audio", { class: "kept", src: address, controls: true, preload: "metadata", "aria-label": say("voice") });
  shown.addEventListener("error", () => shown.replaceWith(make("em", {}, say("file_gone"))));
  return shown;
}

function words(message, on) {
  if (message.kind === "photo" || message.kind === "voice") return [icon("paper"), say(message.kind)];
  if (message.kind === "location") return [icon("place"), say("my_place")];
  if (message.kind === "contact") return [icon("phone"), make("bdi", {}, message.text)];
  return rich(message.text, message.bold, message.mine ? null : on.command);
}

function tick(message, waiting) {
  if (waiting) return make("span", { class: "tick", title: say("waiting") }, icon("waiting"), hidden(say("waiting")));
  const [drawn, told] = message.read ? ["heard", "heard"] : ["sent", "waiting"];
  return make("span", { class: "tick", title: say(told) }, icon(drawn), hidden(say(told)));
}

function keys(message, pending, ask, on) {
  const group = make("div", { class: "keys", role: "group" });
  const share = ask && SHARES[message.want];
  if (share) {
    const button = make("button", { type: "button", class: "key share" }, icon(share[1]), say(share[0]));
    button.addEventListener("click", () => on.share(message.want, button));
    group.append(make("div", {}, button));
  }
  for (const row of message.keys ?? []) {
    group.append(make("div", {}, ...row.map(([label, data]) => key(message, label, data, pending, on))));
  }
  return group;
}

function key(message, label, data, pending, on) {
  if (data.startsWith("https://")) {
    const open = { class: "key", href: data, target: "_blank", rel: "noopener noreferrer nofollow" };
    return make("a", open, icon("place"), make("span", { dir: "auto" }, label));
  }
  const chosen = message.pressed === data;
  const turns = pending === data;
  const button = make(
    "button",
    { type: "button", class: chosen || turns ? "key chosen" : "key", "data-key": data, "aria-busy": turns && "true" },
    turns ? make("span", { class: "turning", "aria-hidden": "true" }) : chosen && icon("sent"),
    make("span", { dir: "auto" }, label),
    (turns || chosen) && hidden(` – ${say(turns ? "waiting" : "chosen")}`),
  );
  button.addEventListener("click", () => on.press(message.number, data));
  return button;
}
