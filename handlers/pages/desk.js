// The desk: the box finds guests while one types, and a camera reads cards where the browser can.

import { renewed, send } from "./board.js";

const box = document.getElementById("text");
const camera = document.getElementById("camera");
const eye = document.getElementById("eye");
const fold = (words) => words.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();

function filter() {
  const said = fold(box.value);
  for (const item of document.querySelectorAll("[data-find]")) {
    item.hidden = said !== "" && !/^\d{5,}$/.test(said) && !fold(item.dataset.find).includes(said);
  }
}

box.addEventListener("input", filter);
document.getElementById("find").addEventListener("reset", () => setTimeout(filter));
renewed.push(filter);

// A scanner types like a keyboard, wherever the focus happens to be: its digits go into the box.
document.addEventListener("keydown", (event) => {
  const writing = event.target instanceof HTMLInputElement;
  if (!writing && /^[0-9a-z]$/i.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) box.focus();
});

let stream = null;
let lastCode = "";

async function look(detector) {
  if (stream === null) return;
  const found = await detector.detect(eye).catch(() => []);
  const code = found[0]?.rawValue ?? "";
  // A card that stays before the camera is read once.
  if (code && code !== lastCode) {
    navigator.vibrate?.(80);
    send("typed", { text: code.slice(0, 200) }, "find");
  }
  if (code || found.length === 0) lastCode = code || lastCode;
  setTimeout(() => look(detector), 250);
}

async function open() {
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    camera.hidden = true; // it was not allowed: the box does as well
    return;
  }
  lastCode = "";
  eye.srcObject = stream;
  eye.hidden = false;
  await eye.play();
  camera.setAttribute("aria-pressed", "true");
  look(new BarcodeDetector({ formats: ["qr_code"] }));
}

function shut() {
  stream.getTracks().forEach((track) => track.stop());
  stream = null;
  eye.hidden = true;
  camera.setAttribute("aria-pressed", "false");
}

camera.addEventListener("click", () => (stream === null ? open() : shut()));
if ("BarcodeDetector" in window && navigator.mediaDevices) {
  BarcodeDetector.getSupportedFormats().then((formats) => (camera.hidden = !formats.includes("qr_code")));
}
