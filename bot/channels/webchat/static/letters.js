// The size of the letters, as this person likes it; set before anything else is shown.

const LARGEST = 4;
const KEPT = "canteen-letters";
const smaller = document.getElementById("smaller");
const larger = document.getElementById("larger");

function resize(step) {
  const size = Math.min(LARGEST, Math.max(0, Number(localStorage.getItem(KEPT) ?? 1) + step));
  localStorage.setItem(KEPT, size);
  document.documentElement.dataset.size = size;
  smaller.disabled = size === 0;
  larger.disabled = size === LARGEST;
}

smaller.addEventListener("click", () => resize(-1));
larger.addEventListener("click", () => resize(1));
resize(0);
