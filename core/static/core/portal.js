// What every page of ours does when JavaScript runs. Each page works without it.

document.documentElement.classList.add("js-enabled");

// "None of these" and the other answers clear each other.
for (const group of document.querySelectorAll("[data-checkboxes]")) {
  group.addEventListener("change", ({ target }) => {
    if (!target.checked) return;
    for (const box of group.querySelectorAll("input[type=checkbox]")) {
      const isExclusive = box.hasAttribute("data-exclusive");
      if (box !== target && isExclusive !== target.hasAttribute("data-exclusive")) box.checked = false;
    }
  });
}

// After a refused form the summary is read out first; its links lead into the field, with the question in view.
const summary = document.querySelector("[data-error-summary]");
if (summary) {
  summary.tabIndex = -1;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const control = document.getElementById(event.target.hash?.slice(1) ?? "");
    if (!control) return;
    event.preventDefault();
    (control.closest("fieldset, .govuk-form-group") ?? control).scrollIntoView();
    control.focus({ preventScroll: true });
  });
}
