/**
 * `data-suggest="<address>"` around a search form (its field: `data-suggest-field`) and a panel
 * (`data-suggest-panel`): while a query is typed, the address is asked what may be meant, and the panel shows it.
 * Arrows walk through what carries `data-suggest-option`, Enter opens it, Escape closes; Ctrl+K and `/` lead here.
 */
const PAUSE = 120; // milliseconds without a letter
const MOST_KEPT = 30;
const FRESH = 30000; // prices and stock older than this are asked again

class Suggest {
  constructor(box) {
    this.box = box;
    this.field = box.querySelector("[data-suggest-field]");
    this.panel = box.querySelector("[data-suggest-panel]");
    this.list = unseen({ id: "suggest-list", role: "listbox", "aria-label": "Подсказки" });
    this.status = unseen({ role: "status" });
    this.answers = new Map();
    this.timer = 0;
    this.request = null;
    this.shown = "";
    this.chosen = null;
    box.append(this.list, this.status);
    put(this.field, {
      role: "combobox",
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-controls": this.list.id,
      "aria-expanded": "false",
      "aria-keyshortcuts": "Control+K",
    });
  }

  get text() {
    return this.field.value.trim().replace(/\s+/g, " ");
  }

  get isOpen() {
    return !this.panel.hidden;
  }

  /** Those that are seen: a narrow screen leaves some out. */
  get options() {
    const all = [...this.panel.querySelectorAll("[data-suggest-option]")];
    return all.filter((option) => option.getClientRects().length);
  }

  choose(option) {
    this.chosen?.setAttribute("aria-selected", "false");
    this.chosen = option ?? null;
    if (!option) return this.field.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", option.id);
  }

  step(direction) {
    if (!this.isOpen) return this.text && this.ask(this.text);
    const all = this.options;
    const place = all.indexOf(this.chosen) + direction;
    this.choose(place < -1 ? all.at(-1) : all[place]); // past either end the field itself is chosen
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.choose(null);
    this.panel.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
  }

  show(query, html) {
    if (query !== this.shown) this.fill(html);
    this.shown = query;
    if (!this.panel.firstElementChild) return this.close();
    this.choose(null);
    this.panel.hidden = false;
    this.field.setAttribute("aria-expanded", "true");
    this.status.textContent = `Подсказок: ${this.options.length}. Выбирайте стрелками вниз и вверх.`;
  }

  /** Forms stand beside the options: a list box of its own owns these, so that it holds nothing else. */
  fill(html) {
    this.panel.innerHTML = html;
    this.panel.scrollTop = 0;
    const all = [...this.panel.querySelectorAll("[data-suggest-option]")];
    all.forEach((option, place) => put(option, { id: `suggest-${place}`, role: "option", tabindex: "-1", "aria-selected": "false" }));
    put(this.list, { "aria-owns": all.map((option) => option.id).join(" ") });
    window.htmx.process(this.panel);
  }

  later() {
    clearTimeout(this.timer);
    if (!this.text) return this.close();
    this.timer = setTimeout(() => this.ask(this.text), PAUSE);
  }

  async ask(query) {
    this.request?.abort();
    const kept = this.answers.get(query);
    if (kept && performance.now() - kept.at < FRESH) return this.show(query, kept.html);
    this.request = new AbortController();
    const { signal } = this.request;
    try {
      const answer = await fetch(`${this.box.dataset.suggest}?q=${encodeURIComponent(query)}`, { signal });
      const html = await answer.text();
      if (signal.aborted) return;
      if (!answer.ok || answer.redirected) return this.close(); // signed out: the form leads to the entrance
      this.keep(query, html);
      this.shown = "";
      this.show(query, html);
    } catch (fault) {
      if (fault.name !== "AbortError") this.close(); // no connection: the form itself will tell
    }
  }

  keep(query, html) {
    this.answers.delete(query);
    this.answers.set(query, { html, at: performance.now() });
    if (this.answers.size > MOST_KEPT) this.answers.delete(this.answers.keys().next().value);
  }

  added(form, xhr) {
    const isAdded = xhr.status >= 200 && xhr.status < 300;
    form.querySelector("[data-suggest-hint]").textContent = isAdded ? "" : refusal(xhr);
    if (isAdded) this.status.textContent = `В корзине: ${form.dataset.suggestOrder}`;
  }
}

function unseen(attributes) {
  const made = document.createElement("div");
  made.className = "visually-hidden";
  return put(made, attributes);
}

function put(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** Why nothing went into the cart: the panel hides the place where pages tell it. */
function refusal(xhr) {
  const page = new DOMParser().parseFromString(xhr.responseText ?? "", "text/html");
  return page.querySelector("#messages .message")?.textContent.trim() || "Не получилось. Обновите страницу и повторите.";
}

function listenToField(one) {
  one.field.addEventListener("input", () => one.later());
  one.field.addEventListener("click", () => one.isOpen || one.later());
  one.field.form.addEventListener("submit", () => one.close());
  one.field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      one.step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && one.chosen) {
      event.preventDefault();
      one.chosen.click();
    }
  });
}

function listenAround(one) {
  one.box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !one.isOpen) return;
    event.preventDefault(); // else the browser empties the field
    event.stopPropagation();
    one.field.focus();
    one.close();
  });
  one.box.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !one.box.contains(event.relatedTarget)) one.close();
  });
  one.panel.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest("[data-suggest-order]");
    if (form) one.added(form, event.detail.xhr);
  });
  document.addEventListener("click", (event) => one.box.contains(event.target) || one.close());
  window.addEventListener("pageshow", () => one.close());
  document.addEventListener("keydown", (event) => {
    const isCtrlK = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.code === "KeyK";
    const isSlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyped(event.target);
    if (!isCtrlK && !isSlash) return;
    event.preventDefault();
    one.field.focus();
    one.field.select();
  });
}

const isTyped = (target) => target.isContentEditable || target.matches("input, textarea, select");

for (const box of document.querySelectorAll("[data-suggest]")) {
  const one = new Suggest(box);
  listenToField(one);
  listenAround(one);
}
