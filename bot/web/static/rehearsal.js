// The clock above the phones: shows the canteen's time and moves it to the day's next event.
const words = JSON.parse(document.getElementById("words").textContent);
const now = document.getElementById("now");
const button = document.getElementById("next");
const label = document.getElementById("event");
const query = `?language=${encodeURIComponent(document.documentElement.lang)}`;

let moving = false;

function show(state) {
  now.value = state.clock;
  button.disabled = state.next === null;
  button.querySelector(".go").hidden = state.next === null;
  label.textContent = state.next === null ? words.ended : `${state.next.label} · ${state.next.at}`;
}

async function ask(path, options) {
  const answer = await fetch(path + query, options);
  if (!answer.ok) {
    throw new Error(String(answer.status));
  }
  show(await answer.json());
}

async function move() {
  if (moving) {
    return;
  }
  moving = true;
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  label.textContent = words.moving;
  try {
    await ask("/rehearsal/next", { method: "POST" });
  } catch {
    label.textContent = words.failed;
    button.disabled = false;
  } finally {
    moving = false;
    button.removeAttribute("aria-busy");
  }
}

button.addEventListener("click", move);
setInterval(() => {
  if (!moving) {
    ask("/rehearsal/state").catch(() => {});
  }
}, 3000);
ask("/rehearsal/state").catch(() => { label.textContent = words.failed; });
