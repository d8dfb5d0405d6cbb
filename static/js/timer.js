/** `data-timer="seconds"`: counts whole minutes down; when they are over the page is asked for again. */
const places = document.querySelectorAll("[data-timer]");
const began = Date.now();

function show() {
  for (const place of places) {
    const left = Number(place.dataset.timer) - (Date.now() - began) / 1000;
    if (left <= 0) {
      window.location.reload();
      return;
    }
    place.textContent = left < 60 ? "меньше минуты" : `${Math.floor(left / 60)} мин`;
  }
}

if (places.length) {
  show();
  window.setInterval(show, 10_000);
}
