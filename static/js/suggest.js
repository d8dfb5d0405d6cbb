/**
 * `data-suggest="<address>"` around a search form (its field: `data-suggest-field`) and a panel
 * (`data-suggest-panel`): while a query is typed, the address is asked what may be meant, and the panel shows it.
 * Arrows walk through what carries `data-suggest-option`, Enter opens it, Escape closes; Ctrl+K and `/` lead here.
 */
const PAUSE = 120; // milliseconds
const MOST_KEPT = 30;
const FRESH = 30000; // prices and stock older than this are asked again

function wire(box) {
  const field = box.querySelector("[data-suggest-field]");
  const panel = box.querySelector("[data-suggest-panel]");
  const list = hidden("div", { id: "suggest-list", role: "listbox", "aria-label": "Подсказки" });
  const status = hidden("div", { role: "status" });
  const answers = new Map();
  let timer = 0;
  let request = null;
  let shown = "";
  let chosen = -1;

  const text = () => field.value.trim().replace(/\s+/g, " ");
  const options = () => [...panel.querySelectorAll("[data-suggest-option]")];
  const isOpen = () => !panel.hidden;

  function choose(place) {
    const all = options();
    all[chosen]?.setAttribute("aria-selected", "false");
    chosen = place;
    const option = all[chosen];
    if (!option) return field.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  }

  function close() {
    clearTimeout(timer);
    request?.abort();
    panel.hidden = true;
    field.setAttribute("aria-expanded", "false");
    choose(-1);
  }

  function open() {
    panel.hidden = false;
    field.setAttribute("aria-expanded", "true");
  }

  /** The panel holds forms beside its options, hence a list box of its own that owns the options. */
  function show(query, html) {
    if (query !== shown) {
      panel.innerHTML = html;
      panel.scrollTop = 0;
      shown = query;
      options().forEach((option, place) => Object.assign(option, { id: `suggest-${place}`, role: "option", tabIndex: -1 }));
      list.setAttribute("aria-owns", options().map((option) => option.id).join(" "));
      window.htmx.process(panel);
    }
    chosen = -1;
    choose(-1);
    if (!panel.firstElementChild) return close();
    open();
    status.textContent = `Подсказок: ${options().length}. Выбирайте стрелками вниз и вверх.`;
  }

  async function ask(query) {
    request?.abort();
    const kept = answers.get(query);
    if (kept && performance.now() - kept.at < FRESH) return show(query, kept.html);
    request = new AbortController();
    const { signal } = request;
    try {
      const answer = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(query)}`, { signal });
      if (!answer.ok || answer.redirected) return close(); // signed out, perhaps: the form still leads there
      const html = await answer.text();
      if (signal.aborted) return;
      answers.delete(query);
      answers.set(query, { html, at: performance.now() });
      if (answers.size > MOST_KEPT) answers.delete(answers.keys().next().value);
      shown = "";
      show(query, html);
    } catch (fault) {
      if (fault.name !== "AbortError") close();
    }
  }

  function later() {
    clearTimeout(timer);
    if (!text()) return close();
    timer = setTimeout(() => ask(text()), PAUSE);
  }

  function step(direction) {
    if (!isOpen()) return text() ? ask(text()) : undefined;
    const count = options().length;
    if (count) choose(chosen + direction < -1 ? count - 1 : chosen + direction >= count ? -1 : chosen + direction);
  }

  field.addEventListener("input", later);
  field.addEventListener("click", () => !isOpen() && later());
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && isOpen() && chosen >= 0) {
      event.preventDefault();
      options()[chosen].click();
    }
  });
  field.form.addEventListener("submit", close);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isOpen()) return;
    event.preventDefault(); // else the browser empties the field
    event.stopPropagation();
    field.focus();
    close();
  });
  box.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !box.contains(event.relatedTarget)) close();
  });
  document.addEventListener("click", (event) => {
    if (!box.contains(event.target)) close();
  });
  document.addEventListener("keydown", (event) => {
    const isCtrlK = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.code === "KeyK";
    const isSlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyped(event.target);
    if (!isCtrlK && !isSlash) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
  window.addEventListener("pageshow", close);

  panel.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest("[data-suggest-order]");
    if (!form) return;
    const name = form.closest(".suggest-good").querySelector(".suggest-good-name").textContent;
    form.querySelector("[data-suggest-hint]").textContent = event.detail.successful ? "" : refusal(event.detail.xhr);
    if (event.detail.successful) status.textContent = `В корзине: ${name}`;
  });

  box.append(list, status);
  for (const [name, value] of Object.entries({
    role: "combobox",
    autocomplete: "off",
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    "aria-expanded": "false",
    "aria-keyshortcuts": "Control+K",
  })) field.setAttribute(name, value);
}

function hidden(tag, attributes) {
  const made = document.createElement(tag);
  made.className = "visually-hidden";
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function isTyped(target) {
  return target.isContentEditable || target.matches?.("input, textarea, select");
}

/** Why nothing went into the cart: the panel hides the place where pages tell it. */
function refusal(xhr) {
  const page = new DOMParser().parseFromString(xhr.responseText ?? "", "text/html");
  return page.querySelector("#messages .message")?.textContent.trim() || "Не получилось. Обновите страницу и повторите.";
}

for (const box of document.querySelectorAll("[data-suggest]")) wire(box);
