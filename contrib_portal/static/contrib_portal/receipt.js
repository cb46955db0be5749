// Copies and prints the receipt code; on the receipt page, takes it from the address that the QR code opened.

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = button.dataset.copied;
  });
}

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());

// The fragment is never sent to a server; here it leaves the address bar and the history as well.
const field = document.getElementById("id_code");
if (field && location.hash.length > 1) {
  field.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}
