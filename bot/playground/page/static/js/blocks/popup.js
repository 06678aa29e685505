/** Lists that open at a control, above everything else on the page. */
import { useEffect, useLayoutEffect } from "../lib.js";

const GAP = 4;
const TALLEST = 320;
const NARROWEST = 220;

/** Show the element of `popup` at that of `anchor` while `open`; `shut` is called when a person looks elsewhere. */
export function usePopup(open, anchor, popup, shut) {
  useLayoutEffect(() => {
    const [shown, at] = [popup.current, anchor.current];
    if (!open || !shown || !at) return undefined;
    shown.showPopover();
    const place = () => put(shown, at.getBoundingClientRect());
    place();
    const sizes = new ResizeObserver(place);
    sizes.observe(shown);
    sizes.observe(at);
    window.addEventListener("scroll", place, true);
    window.addEventListener("resize", place);
    return () => {
      sizes.disconnect();
      window.removeEventListener("scroll", place, true);
      window.removeEventListener("resize", place);
    };
  }, [open]);
  useEffect(() => {
    if (!open) return undefined;
    const outside = (event) => {
      if (!anchor.current?.contains(event.target) && !popup.current?.contains(event.target)) shut();
    };
    document.addEventListener("pointerdown", outside, true);
    return () => document.removeEventListener("pointerdown", outside, true);
  }, [open]);
}

function put(shown, at) {
  const below = innerHeight - at.bottom - 2 * GAP;
  const above = at.top - 2 * GAP;
  const wide = Math.min(Math.max(at.width, NARROWEST), innerWidth - 2 * GAP);
  shown.style.minWidth = `${wide}px`;
  shown.style.maxWidth = `${Math.max(wide, Math.min(400, innerWidth - 2 * GAP))}px`;
  shown.style.maxHeight = `${Math.min(TALLEST, Math.max(below, above))}px`;
  const { height, width } = shown.getBoundingClientRect();
  const upward = height > below && above > below;
  shown.style.left = `${Math.max(GAP, Math.min(at.left, innerWidth - width - GAP))}px`;
  shown.style.top = `${upward ? at.top - height - GAP : at.bottom + GAP}px`;
}
