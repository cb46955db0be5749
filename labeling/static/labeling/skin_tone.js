// The grader's page by keyboard: 1 to 9 and 0 choose the swatch, G and D answer the other two, Enter saves.

const form = document.querySelector("[data-skin-tone]");

function choose(name, value) {
  for (const radio of form.elements[name]) radio.checked = radio.value === value;
}

form.addEventListener("change", ({ target }) => {
  if (target.name === "monk") choose("gradable", "yes");
  if (target.name === "gradable" && target.value === "no") choose("monk", "");
});

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key >= "0" && event.key <= "9") {
    choose("monk", event.key === "0" ? "10" : event.key);
    choose("gradable", "yes");
  } else if (event.key.toLowerCase() === "g") {
    const cannot = form.elements.gradable.value === "yes";
    choose("gradable", cannot ? "no" : "yes");
    if (cannot) choose("monk", "");
  } else if (event.key.toLowerCase() === "d") {
    form.elements.difficult.checked = !form.elements.difficult.checked;
  } else if (event.key === "Enter" && !event.target.matches("a, button")) {
    event.preventDefault();
    form.requestSubmit();
  }
});
