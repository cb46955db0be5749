// Sends a photo with progress and retries. Without this file the form is sent by the browser, to the same end.

const NO_PROGRESS_MS = 30_000;
const RETRY_AFTER_MS = [1_000, 4_000, 10_000];

const form = document.querySelector("[data-upload]");
const button = form.querySelector("button");
const words = button.dataset;
const progress = form.querySelector("[data-progress]");
const bar = progress.querySelector("progress");
const status = progress.querySelector("[data-status]");
const chosen = form.querySelector("[data-chosen]");
const inputs = [...form.querySelectorAll("input[type=file]")];

for (const input of inputs) {
  input.addEventListener("change", () => {
    if (!input.files.length) return;
    for (const other of inputs) if (other !== input) other.value = "";
    URL.revokeObjectURL(chosen.src);
    chosen.src = URL.createObjectURL(input.files[0]);
  });
}
// Only what this browser can show is shown; a HEIC that it cannot is sent all the same.
chosen.addEventListener("load", () => { chosen.hidden = false; });
chosen.addEventListener("error", () => { chosen.hidden = true; });

form.addEventListener("submit", async (event) => {
  const file = inputs.flatMap((input) => [...input.files])[0];
  if (!file) return;
  event.preventDefault();
  if (button.disabled) return;
  progress.hidden = false;
  if (file.size > Number(words.largest)) {
    say(words.tooLarge);
    return;
  }
  button.disabled = true;
  const body = new FormData(form);
  for (const wait of [...RETRY_AFTER_MS, null]) {
    say(words.sending);
    const answer = await send(body).catch(() => null);
    if (answer) {
      show(answer);
      return;
    }
    if (wait === null) break;
    say(words.retrying);
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  say(words.failed);
  button.disabled = false;
});

function say(text) {
  status.textContent = text;
}

// One attempt. It fails when the connection does, or when nothing has moved for a while; slowness alone is no failure.
function send(body) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let timer;
    const moved = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), NO_PROGRESS_MS);
    };
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      moved();
      bar.value = loaded / total;
      if (loaded === total) say(words.checking);
    });
    request.addEventListener("progress", moved);
    request.addEventListener("loadend", () => clearTimeout(timer));
    request.addEventListener("load", () => (request.status && request.status < 500 ? resolve(request) : reject()));
    request.addEventListener("error", reject);
    request.addEventListener("abort", reject);
    request.open("POST", form.action);
    moved();
    request.send(body);
  });
}

// The page that came back: the next one, or this one with what is wrong.
function show(request) {
  if (request.status < 400) {
    location.assign(request.responseURL);
    return;
  }
  button.disabled = false;
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const main = page.querySelector("main");
  if (!main) {
    say(words.failed);
    return;
  }
  document.title = page.title;
  const answer = main.querySelector("[data-answer]");
  if (!answer) {
    document.querySelector("main").replaceWith(document.adoptNode(main));
    return;
  }
  progress.hidden = true;
  const here = document.querySelector("[data-answer]");
  here.replaceChildren(...document.adoptNode(answer).childNodes);
  const summary = here.querySelector("[data-error-summary]");
  if (summary) {
    summary.tabIndex = -1;
    summary.focus();
  }
}
