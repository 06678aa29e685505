/** Moving the focus with the arrow keys. */
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/**
 * Key handler for a list: arrows, Home and End move the focus among what `selector` finds inside.
 * `ends` may say what Home and End do where the list goes on beyond what is drawn.
 */
export function arrows(selector, ends = {}) {
  return (event) => {
    const list = event.currentTarget;
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.closest("input, textarea, select, [role=grid]")) return;
    if (ends[event.key]) {
      event.preventDefault();
      ends[event.key]();
      return;
    }
    const all = [...list.querySelectorAll(selector)].filter((each) => each.offsetParent);
    const next = chosen(event, all);
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
}

function chosen(event, all) {
  if (event.key === "Home") return all[0];
  if (event.key === "End") return all.at(-1);
  const step = STEPS[event.key];
  if (!step) return null;
  const at = all.findIndex((each) => each.contains(event.target));
  if (at < 0) return entered(event.currentTarget, all, step);
  return all[Math.min(Math.max(at + step, 0), all.length - 1)];
}

function entered(list, all, step) {
  const { top, bottom } = list.getBoundingClientRect();
  const seen = all.filter((each) => {
    const its = each.getBoundingClientRect();
    return its.bottom > top && its.top < bottom;
  });
  return step > 0 ? seen[0] : seen.at(-1);
}

/** Step through `count` choices in a ring, for lists whose focus stays in a text box. */
export function stepped(event, at, count) {
  const step = STEPS[event.key];
  return step && count ? (at + step + count) % count : null;
}
