/** `data-sheet` on filters: on a narrow screen they are a sheet that opens by its head and stays open while one chooses. */
const narrow = window.matchMedia("(max-width: 1199.98px)");
let isOpen = false;

function place() {
  const sheet = document.querySelector("[data-sheet]");
  if (!sheet) return;
  sheet.open = !narrow.matches || isOpen;
  sheet.dataset.ready = "";
}

document.addEventListener("toggle", (event) => {
  if (event.target.matches?.("[data-sheet][data-ready]") && narrow.matches) isOpen = event.target.open;
}, true);

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-sheet-close]") || !narrow.matches) return;
  event.preventDefault(); // the list has followed each choice already
  isOpen = false;
  place();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !narrow.matches || !isOpen) return;
  isOpen = false;
  place();
  document.querySelector("[data-sheet] > summary")?.focus();
});

document.addEventListener("htmx:afterSwap", place);
narrow.addEventListener("change", place);
place();
