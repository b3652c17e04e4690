"use strict";

// Makes one element like another and leaves alone what is the same, so that focus, scrolling, open details, ticked
// boxes and playing videos stay. Elements with an id are recognized by it, others by their place.
function morph(from, to) {
  for (const { name } of [...from.attributes]) if (!to.hasAttribute(name) && name !== "open") from.removeAttribute(name);
  for (const { name, value } of to.attributes) {
    if (from.getAttribute(name) !== value && name !== "open") from.setAttribute(name, value);
  }
  const known = new Map([...from.children].filter((c) => c.id).map((c) => [c.id, c]));
  let at = from.firstChild;
  for (const next of [...to.childNodes]) {
    let now = next.id ? known.get(next.id) : at;
    if (now && !next.id && (now.id || now.nodeName !== next.nodeName)) now = null;
    if (!now) {
      now = document.importNode(next, true);
      if (now.id) now.classList.add("fresh");
      from.insertBefore(now, at);
      continue;
    }
    if (now === at) at = at.nextSibling;
    else from.insertBefore(now, at);
    if (now.nodeType === Node.ELEMENT_NODE) morph(now, next);
    else if (now.nodeValue !== next.nodeValue) now.nodeValue = next.nodeValue;
  }
  while (at) {
    const old = at;
    at = at.nextSibling;
    old.remove();
  }
}
