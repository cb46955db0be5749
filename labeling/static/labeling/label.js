// The dermatologist's page by keyboard. Without this module it is a plain form with the same fields.

const form = document.querySelector("[data-label]");
const search = form.querySelector("[data-search]");
const found = form.querySelector("[data-found]");
const none = form.querySelector("[data-none]");
const missing = form.querySelector("[data-missing]");
const keys = document.querySelector("[data-keys]");
const SUFFICIENT = "DEFAULT_YES_IMAGE_QUALITY_SUFFICIENT";
const MOST_SHOWN = 8;

// The list -----------------------------------------------------------------------------------------------------------

// The page sends it in order of frequency; among equally good matches that order is kept.
const conditions = [...document.querySelectorAll("#conditions option")].map((option) => ({
  name: option.value,
  key: option.value.toLowerCase(),
  synonyms: (option.dataset.synonyms ?? "").split("|").filter(Boolean),
}));

function startsAWord(text, query) {
  return text.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(query)) || text.includes(` ${query}`);
}

// 0 is best, null is no match; `by` is the synonym that matched.
function match(condition, query) {
  const synonyms = condition.synonyms.map((synonym) => [synonym, synonym.toLowerCase()]);
  if (condition.key === query) return { rank: 0 };
  const same = synonyms.find(([, key]) => key === query);
  if (same) return { rank: 0, by: same[0] };
  if (condition.key.startsWith(query)) return { rank: 1 };
  if (startsAWord(condition.key, query)) return { rank: 2 };
  const begins = synonyms.find(([, key]) => key.startsWith(query) || startsAWord(key, query));
  if (begins) return { rank: 3, by: begins[0] };
  return condition.key.includes(query) ? { rank: 4 } : null;
}

function bestFor(text) {
  const query = text.trim().toLowerCase().replace(/\s+/g, " ");
  if (!query) return [];
  const taken = new Set(entries().map((entry) => term(entry).value));
  return conditions
    .filter(({ name }) => !taken.has(name))
    .map((condition) => ({ ...condition, ...match(condition, query) }))
    .filter(({ rank }) => rank !== undefined)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST_SHOWN);
}

let shown = [];
let active = 0;

function showFound() {
  shown = bestFor(search.value);
  active = Math.min(active, Math.max(shown.length - 1, 0));
  found.replaceChildren(...shown.map(({ name, by }, index) => {
    const option = document.createElement("li");
    option.id = `found-${index}`;
    option.role = "option";
    option.className = "search__option";
    option.ariaSelected = String(index === active);
    option.append(name);
    if (by) option.append(Object.assign(document.createElement("span"), { className: "search__by", textContent: by }));
    option.addEventListener("pointerdown", (event) => { event.preventDefault(); take(name); });
    return option;
  }));
  found.hidden = shown.length === 0;
  none.hidden = shown.length > 0 || search.value.trim() === "";
  search.ariaExpanded = String(!found.hidden);
  if (found.hidden) search.removeAttribute("aria-activedescendant");
  else search.setAttribute("aria-activedescendant", `found-${active}`);
}

// The differential: filled rows first, one of them current ------------------------------------------------------------

const rows = [...form.querySelectorAll("[data-entry]")];
const term = (row) => row.querySelector("input[type=text]");
const radios = (row) => [...row.querySelectorAll("input[type=radio]")];
const confidence = (row) => radios(row).find((radio) => radio.checked)?.value ?? "";
const entries = () => rows.filter((row) => term(row).value !== "");
let current = null;

function setConfidence(row, value) {
  for (const radio of radios(row)) radio.checked = radio.value === value;
}

function take(name) {
  const row = rows.find((each) => term(each).value === "");
  search.value = "";
  active = 0;
  if (row) {
    term(row).value = name;
    setConfidence(row, "");
    current = row;
  }
  show();
}

function takeOut(row) {
  const left = entries().filter((each) => each !== row).map((each) => [term(each).value, confidence(each)]);
  rows.forEach((each, index) => {
    const [name, sure] = left[index] ?? ["", ""];
    term(each).value = name;
    setConfidence(each, sure);
    each.classList.remove("entry--error");
    for (const error of each.querySelectorAll(".govuk-error-message")) error.remove();
  });
  current = entries().at(-1) ?? null;
  search.focus();
  show();
}

for (const row of rows) {
  Object.assign(term(row), { readOnly: true, tabIndex: -1 });
  term(row).removeAttribute("list");
  row.querySelector("[data-remove]").addEventListener("click", () => takeOut(row));
  row.addEventListener("change", () => { current = row; show(); });
}

// What is asked depends on what was said ------------------------------------------------------------------------------

const chosen = (name) => form.elements[name].value;

function choose(name, value) {
  for (const radio of form.elements[name]) radio.checked = radio.value === value;
  show();
}

function cycle(name) {
  const values = [...form.elements[name]].map((radio) => radio.value);
  choose(name, values[(values.indexOf(chosen(name)) + 1) % values.length]);
}

// A part that is not asked is not sent, but kept in case the answer changes back.
function ask(part, isAsked) {
  part.hidden = !isAsked;
  for (const control of part.querySelectorAll("input")) control.disabled = !isAsked;
}

function show() {
  const sufficient = chosen("gradable") === SUFFICIENT;
  const wasAsked = !search.disabled;
  ask(form.querySelector("[data-if-sufficient]"), sufficient);
  const isClear = sufficient && chosen("condition_of_interest_is_clear") !== "no";
  ask(form.querySelector("[data-if-clear]"), isClear);
  const filled = entries();
  rows.forEach((row) => {
    const index = filled.indexOf(row);
    const ties = [filled[index - 1], filled[index + 1]].filter(Boolean).map(confidence);
    row.hidden = index === -1;
    row.classList.toggle("entry--current", row === current);
    row.classList.toggle("entry--tied", index !== -1 && confidence(row) !== "" && ties.includes(confidence(row)));
  });
  search.readOnly = filled.length === rows.length;
  missing.hidden = true;
  showFound();
  if (isClear && !wasAsked) search.focus();
  if (!isClear && wasAsked) form.querySelector("[name=gradable]:checked").focus();
}

form.addEventListener("change", ({ target }) => {
  if (target.name === "estimated_fitzpatrick_skin_type") choose("gradable_for_fitzpatrick_skin_type", "yes");
  if (target.name === "gradable_for_fitzpatrick_skin_type" && target.value === "no") estimate("");
  if (!rows.some((row) => row.contains(target))) show();
});

function estimate(skinType) {
  choose("gradable_for_fitzpatrick_skin_type", skinType ? "yes" : "no");
  choose("estimated_fitzpatrick_skin_type", skinType);
}

// What still has to be said; the server asks the same.
function whatIsMissing() {
  if (!search.disabled) {
    const unsure = entries().find((row) => confidence(row) === "");
    if (unsure) { current = unsure; show(); return "confidence"; }
    if (entries().length === 0) return "condition";
  }
  const estimated = chosen("gradable_for_fitzpatrick_skin_type") === "no" || chosen("estimated_fitzpatrick_skin_type");
  return estimated ? null : "skinType";
}

form.addEventListener("submit", (event) => {
  const what = whatIsMissing();
  if (!what) return;
  event.preventDefault();
  missing.textContent = missing.dataset[what];
  missing.hidden = false;
  if (!search.disabled) search.focus();
});

// Keys ----------------------------------------------------------------------------------------------------------------

search.addEventListener("input", () => { active = 0; missing.hidden = true; showFound(); });
search.addEventListener("blur", () => { found.hidden = true; search.ariaExpanded = "false"; });
search.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Enter") {
    event.preventDefault();
    if (search.value.trim() === "") form.requestSubmit();
    else if (shown[active]) take(shown[active].name);
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (shown.length) active = (active + (event.key === "ArrowDown" ? 1 : shown.length - 1)) % shown.length;
    showFound();
  } else if (event.key === "Escape") {
    search.value = "";
    showFound();
  }
});

document.addEventListener("keydown", (event) => {
  if (keys.open || event.ctrlKey || event.metaKey) return;
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  const writes = event.target === search && search.value !== "";
  const act = (action) => { event.preventDefault(); action(); };
  if (event.altKey) {
    if (digit >= "1" && digit <= "6") act(() => estimate(`FST${digit}`));
    else if (digit === "0") act(() => estimate(""));
    else if (event.code === "KeyG") act(() => cycle("gradable"));
    else if (event.code === "KeyC" && chosen("gradable") === SUFFICIENT) act(() => cycle("condition_of_interest_is_clear"));
  } else if (!writes && event.key === "?") act(() => keys.showModal());
  else if (!writes && event.key >= "1" && event.key <= "5") {
    act(() => { if (current) setConfidence(current, event.key); show(); });
  } else if (event.target !== search && event.key.toLowerCase() === "g") act(() => cycle("gradable"));
});

document.querySelector("[data-keys-open]").addEventListener("click", () => keys.showModal());

current = entries().at(-1) ?? null;
show();
if (!document.querySelector("[data-error-summary]") && !search.disabled) search.focus();
