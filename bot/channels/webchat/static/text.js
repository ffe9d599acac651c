// People's words as nodes: bold parts, links that are safe to follow, never markup.

const ADDRESS = /https?:\/\/[^\s<>"'“”‘’（）「」，。；]+/gu;

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
  if (url.protocol !== "https:") return null;
  return make("a", { href: url.href, target: "_blank", rel: "noopener noreferrer nofollow" }, address);
}

/** Leave the sentence its full stop, and the bracket that it opened. */
function trimmed(address) {
  let kept = address.replace(/[.,;:!?]+$/, "");
  while (kept.endsWith(")") && kept.split(")").length > kept.split("(").length) kept = kept.slice(0, -1);
  return kept;
}

function linked(words) {
  const nodes = [];
  let from = 0;
  for (const found of words.matchAll(ADDRESS)) {
    const address = trimmed(found[0]);
    const anchor = link(address);
    if (!anchor) continue;
    nodes.push(words.slice(from, found.index), anchor);
    from = found.index + address.length;
  }
  nodes.push(words.slice(from));
  return nodes.filter((node) => node !== "");
}

/** Turn a text and its bold spans, counted in code points, into nodes. */
export function rich(text, bold = []) {
  const points = Array.from(text);
  const nodes = [];
  let from = 0;
  for (const [start, length] of [...bold].sort((a, b) => a[0] - b[0])) {
    if (start < from) continue;
    nodes.push(...linked(points.slice(from, start).join("")));
    nodes.push(make("b", {}, ...linked(points.slice(start, start + length).join(""))));
    from = start + length;
  }
  nodes.push(...linked(points.slice(from).join("")));
  return nodes;
}
