// The little script of the admin pages. Everything works without it; with it, pages follow what happens.
"use strict";

// A part of a page is left alone while somebody works in it.
function inUse(part) {
  return part.contains(document.activeElement) && document.activeElement !== part
    || part.querySelector("details[open], dialog[open], input:checked[data-pick]") !== null;
}

async function refresh() {
  const answer = await fetch(location.href, { headers: { accept: "text/html" }, redirect: "manual" });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-part]")) {
    const now = fresh.getElementById(part.id);
    if (now && !inUse(part) && part.innerHTML !== now.innerHTML) part.innerHTML = now.innerHTML;
  }
}

// One refresh at a time; what changes meanwhile is one more.
let busy = false, again = false;
async function follow() {
  if (busy) { again = true; return; }
  busy = true;
  try { await refresh(); } catch { /* the server is away: the next change tells */ }
  busy = false;
  if (again) { again = false; follow(); }
}

const live = document.body.dataset.live;
if (live && document.querySelector("[data-part]")) {
  const source = new EventSource(live);
  // What changed before the connection stood, at first or after a break, nobody tells.
  for (const told of ["open", "changed"]) source.addEventListener(told, () => { if (!document.hidden) follow(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) follow(); });
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.classList.add("copied");
  setTimeout(() => button.classList.remove("copied"), 1500);
});

// A form goes out once, however often it is pressed.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) { event.preventDefault(); return; }
  event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// One box ticks all.
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-pick-all]");
  if (!all) return;
  for (const box of document.querySelectorAll("[data-pick]")) box.checked = all.checked;
});

// "/" goes to the search, as in many places.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select")) return;
  const search = document.querySelector("input[type=search]");
  if (search) { event.preventDefault(); search.focus(); }
});
