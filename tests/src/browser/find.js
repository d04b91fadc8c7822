// Finds what a person would point at, by what is written there.
//   arguments: kind ("press", "field", "file", "box", "option", "text"), name, scope, option
//   answers {found} or {problem}
const [kind, name, scope, option] = arguments;

const words = (text) => (text ?? "").replace(/\s+/g, " ").trim();
const shown = (node) =>
  node.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && node.getClientRects().length > 0;

// The text of a label without that of the field in it.
function labelText(label) {
  const copy = label.cloneNode(true);
  for (const inner of copy.querySelectorAll("select, textarea, button, [hidden]")) inner.remove();
  return words(copy.textContent);
}

function names(node) {
  const told = (node.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean);
  return [
    ...told.map((id) => words(document.getElementById(id)?.textContent)),
    words(node.getAttribute("aria-label")),
    ...[...(node.labels ?? [])].map(labelText),
    ...(node.matches("input[type=submit], input[type=button], input[type=reset]") ? [words(node.value)] : []),
    ...(node.matches("button, a, summary, [role=button]") ? [words(node.innerText), words(node.title)] : []),
  ].filter(Boolean);
}

const KINDS = {
  press: "button, a[href], summary, input[type=submit], input[type=button], input[type=reset], [role=button]",
  field: "input:not([type=hidden], [type=checkbox], [type=radio], [type=file], [type=submit]), select, textarea",
  file: "input[type=file]",
  box: "input[type=checkbox], input[type=radio]",
  option: "select",
};
const HOLDERS = "tr, li, section, article, form, fieldset, details, dialog, dl > div, header, nav, main, body";

const holds = (node) => words(node.textContent).includes(words(scope));

// The smallest holder around a node in which the text of the scope stands.
function holder(node) {
  let around = node.closest(HOLDERS);
  while (around && !holds(around)) around = around.parentElement?.closest(HOLDERS);
  return around;
}

// The smallest of all.
function narrowest(holders) {
  return holders.reduce((least, next) => (!least || least.contains(next) ? next : least), null);
}

if (kind === "text") {
  let place = document.body;
  if (scope) {
    place = narrowest([...document.querySelectorAll(HOLDERS)].filter((node) => shown(node) && holds(node)));
    if (!place) return { problem: `nothing holds “${scope}”` };
  }
  return { found: words(place.innerText) };
}

const all = [...document.querySelectorAll(KINDS[kind])];
// A file's field may be hidden behind a label that looks better.
let found = all.filter((node) => (kind === "file" || shown(node)) && names(node).includes(words(name)));
if (scope) {
  const holders = new Map(found.map((node) => [node, holder(node)]).filter(([, around]) => around));
  const least = narrowest([...holders.values()]);
  found = [...holders.keys()].filter((node) => holders.get(node) === least);
}
const where = scope ? ` inside “${scope}”` : "";
if (found.length === 0) {
  const there = [...new Set(all.filter(shown).flatMap((node) => names(node).slice(0, 1)))];
  return { problem: `no ${kind} called “${name}”${where}; there are: ${there.join(" | ")}` };
}
// Links to one place are one link.
const targets = new Set(found.map((node) => node.href ?? node));
if (targets.size > 1) return { problem: `${found.length} of kind ${kind} are called “${name}”${where}` };
const node = found[0];
if (node.disabled) return { problem: `the ${kind} “${name}”${where} is disabled` };
if (kind !== "option") return { found: node };
const choice = [...node.options].find((one) => words(one.text) === words(option));
if (choice) return { found: choice };
return { problem: `“${name}” offers ${[...node.options].map((one) => words(one.text)).join(" | ")}` };
