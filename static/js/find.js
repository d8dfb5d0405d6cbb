/**
 * `data-find="<address>"` on a dialog of an employee's page: Ctrl+K (on a Mac Cmd+K) or `data-find-open` opens it;
 * what is typed into `data-find-field` is asked of the address, `data-find-panel` shows the answer. Arrows choose,
 * Enter opens the client's card, Shift+Enter his cabinet (`data-enter`).
 */
const PAUSE = 150; // milliseconds without a letter
const dialog = document.querySelector("dialog[data-find]");

function bind(box) {
  const field = box.querySelector("[data-find-field]");
  const panel = box.querySelector("[data-find-panel]");
  let timer = 0;
  let request = null;
  let chosen = null;

  const options = () => [...panel.querySelectorAll("[data-find-option]")];

  function choose(option) {
    chosen?.setAttribute("aria-selected", "false");
    chosen = option ?? null;
    if (!chosen) return field.removeAttribute("aria-activedescendant");
    chosen.setAttribute("aria-selected", "true");
    chosen.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", chosen.id);
  }

  async function ask() {
    request?.abort();
    request = new AbortController();
    const address = new URL(box.dataset.find, location.href);
    address.searchParams.set("q", field.value);
    try {
      const answer = await fetch(address, { headers: { "X-Fragment": "1" }, signal: request.signal });
      if (!answer.ok || answer.redirected) return;
      panel.innerHTML = await answer.text();
      chosen = null;
      choose(options()[0]);
    } catch (fault) {
      if (fault.name !== "AbortError") panel.textContent = "Нет связи. Попробуйте ещё раз.";
    }
  }

  function open() {
    if (box.open) return;
    box.showModal();
    field.select();
    ask();
  }

  function step(direction) {
    const all = options();
    if (!all.length) return;
    const place = all.indexOf(chosen) + direction;
    choose(all[(place + all.length) % all.length]);
  }

  document.querySelector("[data-find-open]")?.addEventListener("click", (event) => {
    event.preventDefault();
    open();
  });

  // Before the search of goods, which has the same keys for everybody else.
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.code !== "KeyK") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    open();
  }, true);

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });

  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const address = event.shiftKey ? chosen?.dataset.enter : chosen?.querySelector("a")?.href;
      if (address) location.assign(address);
    }
  });

  box.addEventListener("click", (event) => {
    if (event.target === box) box.close();
  });
}

if (dialog) bind(dialog);
