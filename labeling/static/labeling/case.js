// What both pages of labelers do: photos large and close, and a lease that lasts while somebody works.

const form = document.querySelector("[data-renew]");

// Photos: a click shows one large, the next click closer, the third all of them again. Alt+Z (or Z) goes through them.

const links = [...document.querySelectorAll("[data-photo]")];

function view(link, { close = false, at = null } = {}) {
  for (const each of links) {
    const shown = each === link;
    each.parentElement.classList.toggle("photo--large", shown);
    each.parentElement.classList.toggle("photo--close", shown && close);
  }
  if (!close || !link) return;
  const { x, y } = at ?? { x: 0.5, y: 0.5 };
  link.scrollLeft = x * link.scrollWidth - link.clientWidth / 2;
  link.scrollTop = y * link.scrollHeight - link.clientHeight / 2;
}

// Where a point of the window lies in the picture, 0 to 1 each way; the picture is fitted into its box.
function pointIn(image, { clientX, clientY }) {
  const box = image.getBoundingClientRect();
  const scale = Math.min(box.width / image.naturalWidth, box.height / image.naturalHeight) || 1;
  const along = (position, start, length, natural) =>
    Math.min(1, Math.max(0, (position - start - (length - natural * scale) / 2) / (natural * scale)));
  return {
    x: along(clientX, box.left, box.width, image.naturalWidth),
    y: along(clientY, box.top, box.height, image.naturalHeight),
  };
}

for (const link of links) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const { classList } = link.parentElement;
    const fromKeyboard = event.detail === 0;
    if (classList.contains("photo--close")) view(null);
    else if (!classList.contains("photo--large")) view(link);
    else view(link, { close: true, at: fromKeyboard ? null : pointIn(link.firstElementChild, event) });
  });
}

document.addEventListener("keydown", (event) => {
  const writes = event.target.matches("input[type=text]");
  if (event.key === "Escape") view(null);
  if (event.code === "KeyZ" && !event.ctrlKey && !event.metaKey && (event.altKey || !writes)) {
    event.preventDefault();
    const shown = links.findIndex((link) => link.parentElement.classList.contains("photo--large"));
    view(links[shown + 1] ?? null);
  }
});

// The lease is renewed every few minutes while something happens on the page; a page left alone lets it run out.

const EVERY_FOUR_MINUTES = 4 * 60 * 1000;
let somethingHappened = false;
for (const kind of ["keydown", "pointermove", "wheel"]) {
  document.addEventListener(kind, () => { somethingHappened = true; }, { passive: true });
}
setInterval(async () => {
  if (!somethingHappened) return;
  somethingHappened = false;
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  const answer = await fetch(form.dataset.renew, { method: "POST", headers }).catch(() => null);
  document.querySelector("[data-lease-gone]").hidden = answer?.status !== 409;
}, EVERY_FOUR_MINUTES);
