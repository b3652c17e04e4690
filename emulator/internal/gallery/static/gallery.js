// Arrow keys walk through the items of an album, Escape leads back to it.
"use strict";
addEventListener("keydown", (e) => {
  if (e.altKey || e.ctrlKey || e.metaKey || e.shiftKey) return;
  if (e.target.closest && e.target.closest("video, input, textarea")) return;
  const rel = { ArrowLeft: "prev", ArrowRight: "next", Escape: "up" }[e.key];
  const link = rel && document.querySelector(`a[rel="${rel}"]`);
  if (link) {
    e.preventDefault();
    location.href = link.href;
  }
});
