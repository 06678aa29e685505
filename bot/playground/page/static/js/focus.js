/** Moving the focus with the arrow keys. */
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/** Key handler for a list: arrows, Home and End move the focus among what `selector` finds inside. */
export function arrows(selector) {
  return (event) => {
    const list = event.currentTarget;
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.closest("input, textarea, select, [role=grid]")) return;
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
  if (at < 0) return step > 0 ? all[0] : all.at(-1);
  return all[Math.min(Math.max(at + step, 0), all.length - 1)];
}

/** Step through `count` choices in a ring, for lists whose focus stays in a text box. */
export function stepped(event, at, count) {
  const step = STEPS[event.key];
  return step && count ? (at + step + count) % count : null;
}
