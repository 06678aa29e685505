/** Where somebody reads in a scrolling list of messages, kept while what is drawn around it changes. */

/** Bring a message to the middle of its list, with the focus, and marked for as long as it has that. */
export function lookAt(box, ts) {
  const item = box.querySelector(`.message[data-ts="${ts}"]`);
  if (!item) return;
  const [its, all] = [item.getBoundingClientRect(), box.getBoundingClientRect()];
  box.scrollTop += Math.min(its.top - all.top, (its.top + its.bottom - all.top - all.bottom) / 2);
  item.focus({ preventScroll: true });
  item.dataset.sought = "";
  item.addEventListener("focusout", () => { delete item.dataset.sought; }, { once: true });
}

/** Note the first message in sight, where it stands, and whether the focus is in the list. */
export function placeIn(box) {
  const { top, bottom } = box.getBoundingClientRect();
  const focused = box.contains(document.activeElement);
  for (const item of box.querySelectorAll(".message")) {
    const its = item.getBoundingClientRect();
    if (its.bottom > top && its.top < bottom) return { ts: item.dataset.ts, top: its.top, focused };
  }
  return { ts: null, top: 0, focused };
}

/** Bring that message back to where it stood; a focus that went with its message stays in the list. */
export function returnTo(box, { ts, top, focused }) {
  const item = ts && box.querySelector(`.message[data-ts="${ts}"]`);
  const moved = item ? item.getBoundingClientRect().top - top : 0;
  if (Math.abs(moved) >= 1) box.scrollTop += moved;
  if (focused && !box.contains(document.activeElement)) box.focus({ preventScroll: true });
}
