// Conveniences only: every page works without this file.
document.documentElement.classList.add("scripted");

// "/" goes to the search box, as on most sites developers use.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  document.getElementById("search-box").focus();
});

// A copy button copies its data-copy and says so, to eyes and to screen readers.
document.addEventListener("click", async (event) => {
  const button = event.target.closest(".copy");
  if (!button) return;
  const status = document.getElementById("status");
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.classList.add("done");
    status.textContent = status.dataset.copied;
  } catch {
    status.textContent = status.dataset.notCopied;
  }
  setTimeout(() => { button.classList.remove("done"); status.textContent = ""; }, 1500);
});

// An open menu closes on Escape and on a click elsewhere.
const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details.menu-of[open]")) {
    if (menu !== except) menu.open = false;
  }
};
document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu-of")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  // What had the focus is hidden with its menu; the next Tab must not begin at the top again.
  document.activeElement.closest("details.menu-of[open]")?.querySelector("summary").focus();
  closeMenus(null);
});

// A page that nobody sees does not ask whether it is still up to date.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.target.closest(".stamp")) event.preventDefault();
});

// What is selected stays so when the list is read again or filtered; what is not shown is not sent.
const chosen = new Set();
document.addEventListener("change", ({ target }) => {
  if (target.matches(".choose input")) chosen[target.checked ? "add" : "delete"](target.id);
});
document.addEventListener("htmx:afterSwap", () => {
  for (const box of document.querySelectorAll(".choose input")) box.checked = chosen.has(box.id);
});
