// Ours. Everything works without it: this folds the filters on a phone, and warns before a session ends.
import { initAll } from "/static/nhsuk.js";

function begin(scope) {
  initAll({ scope });
  const filters = document.getElementById("filters");
  if (filters && window.matchMedia("(max-width: 48em)").matches) filters.open = false;
}

function warnBeforeTheEnd(dialog) {
  const idle = Number(dialog.dataset.idleSeconds) * 1000;
  let warning;
  let end;
  const startAnew = () => {
    clearTimeout(warning);
    clearTimeout(end);
    warning = setTimeout(() => dialog.showModal(), idle - 120000);
    end = setTimeout(() => location.assign("/sign-in"), idle + 1000);
  };
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch("/stay", { method: "POST", body: new URLSearchParams(new FormData(event.target)) });
    if (answer.ok) {
      dialog.close();
      startAnew();
    } else {
      location.assign("/sign-in");
    }
  });
  startAnew();
}

begin(document);
document.body.addEventListener("htmx:afterSwap", () => {
  begin(document.getElementById("page"));
  document.getElementById("found")?.focus({ preventScroll: true });  // what had the focus is not there any more
});
const dialog = document.getElementById("idle");
if (dialog) warnBeforeTheEnd(dialog);
