// People's words as nodes: bold parts, links that are safe to follow, never markup.

// An address, a phone number as the whole world writes it, or a command of the canteen's.
const ADDRESS = /(?<url>https?:\/\/[^\s<>"'“”‘’（）「」，。；]+)/;
const PHONE = /(?<![\w+])(?<phone>\+\d(?:[ -]?\d){7,14})(?!\d)/;
const COMMAND = /(?<=^|[\s(（「“：，、])(?<command>\/[a-z][a-z0-9_]{1,31})(?![\w/])/;
const TOUCHABLE = new RegExp([ADDRESS, PHONE, COMMAND].map((part) => part.source).join("|"), "gu");

/** Make an element and what is in it. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
}

const icons = new URL("icons.svg", import.meta.url);

/** Draw an icon; it says nothing to a screen reader. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${icons.pathname}#${name}`);
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

/** Words for those who listen to the page. */
export const hidden = (words) => make("span", { class: "sr" }, `${words} `);

function link(address) {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.origin === location.origin && url.pathname.startsWith("/chat/") && url.searchParams.has("start")) {
    return make("a", { href: url.href }, address);
  }
  if (url.origin === location.origin && url.pathname.startsWith("/board/")) {
    return make("a", { href: url.href, target: "_blank", rel: "noopener" }, address);
  }
  if (url.protocol !== "https:") return null;
  return make("a", { href: url.href, target: "_blank", rel: "noopener noreferrer nofollow" }, address);
}

/** Leave the sentence its full stop, and the bracket that it opened. */
function trimmed(address) {
  let kept = address.replace(/[.,;:!?]+$/, "");
  while (kept.endsWith(")") && kept.split(")").length > kept.split("(").length) kept = kept.slice(0, -1);
  return kept;
}

function touchable({ url, phone, command }, run) {
  if (url) return link(trimmed(url));
  if (phone) return make("a", { href: `tel:${phone.replace(/[^+\d]/g, "")}` }, phone);
  if (!run) return null;
  const button = make("button", { type: "button", class: "command" }, command);
  button.addEventListener("click", () => run(command));
  return button;
}

function linked(words, run) {
  const nodes = [];
  let from = 0;
  for (const found of words.matchAll(TOUCHABLE)) {
    const node = touchable(found.groups, run);
    if (!node) continue;
    nodes.push(words.slice(from, found.index), node);
    from = found.index + node.textContent.length;
  }
  nodes.push(words.slice(from));
  return nodes.filter((node) => node !== "");
}

/** Turn a text and its bold spans, counted in code points, into nodes. run: says a command that is tapped. */
export function rich(text, bold = [], run = null) {
  const points = Array.from(text);
  const nodes = [];
  let from = 0;
  for (const [start, length] of [...bold].sort((a, b) => a[0] - b[0])) {
    if (start < from) continue;
    nodes.push(...linked(points.slice(from, start).join(""), run));
    nodes.push(make("b", {}, ...linked(points.slice(start, start + length).join(""), run)));
    from = start + length;
  }
  nodes.push(...linked(points.slice(from).join(""), run));
  return nodes;
}
