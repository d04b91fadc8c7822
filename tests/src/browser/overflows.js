// Names what is wider than the screen, stands out of its box, or is cut off.
const EDGE = 1; // a dot of rounding is nobody's fault
const root = document.documentElement;
const screen = root.clientWidth;
const found = new Map();

const style = (node) => getComputedStyle(node);
const shown = (node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true });

function told(node) {
  const text = (node.innerText ?? "").replace(/\s+/g, " ").trim();
  const name = node.id ? `#${node.id}` : [...node.classList].map((one) => `.${one}`).join("");
  return `${node.localName}${name}${text ? ` “${text.slice(0, 40)}”` : ""}`;
}

// Meant for screen readers only, or kept off the screen until it has the focus.
function aside(node) {
  for (let at = node; at && at !== document.body; at = at.parentElement) {
    const box = at.getBoundingClientRect();
    if (style(at).clipPath !== "none" && box.width <= 1) return true;
    if (box.bottom <= 0 && style(at).position === "absolute") return true;
  }
  return false;
}

// What scrolls by itself may be wider inside.
function scrolls(node) {
  return ["auto", "scroll"].includes(style(node).overflowX);
}
function inScroller(node) {
  for (let at = node.parentElement; at && at !== document.body; at = at.parentElement) if (scrolls(at)) return true;
  return false;
}

if (root.scrollWidth > screen + EDGE) found.set("page", `the page is ${root.scrollWidth} wide, the screen ${screen}`);

for (const node of document.body.querySelectorAll("*")) {
  if (!shown(node) || aside(node) || node.closest("svg") !== null && node.localName !== "svg") continue;
  const box = node.getBoundingClientRect();
  if (box.width === 0) continue;
  const wide = box.right > screen + EDGE || box.left < -EDGE;
  // The outermost one is enough.
  if (wide && !inScroller(node) && !found.has(node.parentElement)) {
    found.set(node, `${told(node)} reaches from ${Math.round(box.left)} to ${Math.round(box.right)} of ${screen}`);
  } else if (found.has(node.parentElement) && wide) {
    found.set(node, null);
  }
  const clips = ["hidden", "clip"].includes(style(node).overflowX) && !node.matches("input, select, textarea, iframe");
  if (clips && node.scrollWidth > node.clientWidth + EDGE) {
    found.set(`clip ${told(node)}`, `${told(node)} is cut off: ${node.scrollWidth} in ${node.clientWidth}`);
  }
}

// Words that stand out of the box they are in.
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const text = texts.currentNode;
  const parent = text.parentElement;
  if (!text.data.trim() || !shown(parent) || aside(parent) || parent.closest("svg, option, script, style")) continue;
  const range = document.createRange();
  range.selectNodeContents(text);
  for (const rect of range.getClientRects()) {
    for (let at = parent; at && at !== document.body; at = at.parentElement) {
      // What scrolls makes room for all that is directly in it.
      if (style(at).overflowX !== "visible" || scrolls(at.parentElement)) break;
      if (style(at).display.startsWith("inline") && style(at).display !== "inline-block") continue;
      if (style(at).display === "contents") continue;
      const box = at.getBoundingClientRect();
      if (rect.right > box.right + EDGE || rect.left < box.left - EDGE) {
        const key = `text ${told(at)}`;
        if (!found.has(at)) found.set(key, `“${text.data.trim().slice(0, 40)}” stands out of ${told(at)}`);
        break;
      }
    }
  }
}
return [...found.values()].filter(Boolean);
