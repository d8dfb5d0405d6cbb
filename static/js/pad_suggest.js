/**
 * While a code is typed into `form[data-pad]`, goods that the search suggests are offered below the cell: arrows
 * walk, Enter or Tab takes the chosen one, Escape closes. Taken is the good itself, not only its article.
 */
const PAUSE = 180;
const LEAST = 2;
const MOST = 7;
const form = document.querySelector("form[data-pad]");
let timer = 0;
let asking = null;
let box = null;
let chosen = -1;

const options = () => (box ? [...box.children] : []);

function goods(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  return [...page.querySelectorAll(".suggest-good")].slice(0, MOST).map((good) => {
    const text = (selector) => good.querySelector(selector)?.textContent.trim() ?? "";
    return {
      name: text(".suggest-good-name"),
      note: text(".suggest-note"),
      offer: [...good.querySelectorAll(".suggest-good-price > *, .suggest-good-offer > :not(.suggest-good-price)")].map((one) => one.textContent.trim()).join(" "),
      sku: good.querySelector("input[name=sku]")?.value ?? "",
    };
  });
}

function close() {
  clearTimeout(timer);
  asking?.abort();
  const input = box?.parentElement.querySelector("input");
  input?.setAttribute("aria-expanded", "false");
  input?.removeAttribute("aria-activedescendant");
  box?.remove();
  box = null;
  chosen = -1;
}

function drawn(good, place) {
  const option = document.createElement("div");
  Object.assign(option, { id: `pad-option-${place}`, className: "pad-option", role: "option" });
  for (const [style, text] of [["pad-option-name", good.name], ["line-note", [good.note, good.offer].filter(Boolean).join(" · ")]]) {
    option.append(Object.assign(document.createElement("span"), { className: style, textContent: text }));
  }
  option.addEventListener("mousedown", (event) => {
    event.preventDefault();
    take(option.closest("td").querySelector("input"), good);
  });
  option.take = (input) => take(input, good);
  return option;
}

function show(input, found) {
  close();
  if (!found.length || document.activeElement !== input) return;
  box = Object.assign(document.createElement("div"), { className: "pad-options", role: "listbox" });
  box.append(...found.map(drawn));
  input.closest("td").append(box);
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "true"], ["aria-autocomplete", "list"]]) input.setAttribute(name, value);
}

function choose(input, place) {
  const all = options();
  chosen = Math.max(-1, Math.min(place, all.length - 1));
  all.forEach((option, number) => option.setAttribute("aria-selected", String(number === chosen)));
  all[chosen]?.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", all[chosen]?.id ?? "");
}

function take(input, good) {
  const row = input.closest("tr");
  const code = good.note.split(" · ")[0] || good.name;
  const from = [...row.parentElement.children].indexOf(row);
  const quantity = row.querySelector('[data-pad-cell="quantity"]');
  const cells = [[code, quantity.value, row.querySelector('[data-pad-cell="unit"]').value, good.sku && `${good.sku}:${code}`]];
  close();
  form.dispatchEvent(new CustomEvent("pad:write", { detail: { from, cells } }));
  quantity.focus();
}

async function ask(input) {
  const query = input.value.trim();
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(`${form.dataset.padSuggest}?q=${encodeURIComponent(query)}`, { signal: asking.signal });
    const html = await answer.text();
    if (answer.ok && !answer.redirected && input.value.trim() === query) show(input, goods(html));
  } catch {
    close(); // left meanwhile, or no connection: the row itself will tell
  }
}

function typed(event) {
  if (!event.target.matches('[data-pad-cell="code"]')) return;
  const input = event.target;
  close();
  if (input.value.trim().length >= LEAST) timer = setTimeout(() => ask(input), PAUSE);
}

/** Before the grid hears of the key. */
function pressed(event) {
  if (!box || !event.target.matches('[data-pad-cell="code"]')) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) choose(event.target, chosen + step);
  else if ((event.key === "Enter" || event.key === "Tab") && chosen >= 0) options()[chosen].take(event.target);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

if (form) {
  form.addEventListener("input", typed);
  form.addEventListener("keydown", pressed, true);
  form.addEventListener("focusout", close);
}
