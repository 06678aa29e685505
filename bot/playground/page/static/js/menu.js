/** A button that opens a menu. */
import { html, useId, useRef, useState } from "./lib.js";
import { arrows } from "./focus.js";
import { Icon } from "./icons.js";

const GAP = 6;
const EDGE = 8;

/** Put a popover beside its button, inside the window. */
export function settle(box, button) {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const below = at.bottom + GAP + height <= innerHeight - EDGE;
  const top = below ? at.bottom + GAP : Math.max(EDGE, at.top - GAP - height);
  const left = at.left + width <= innerWidth - EDGE ? at.left : at.right - width;
  box.style.top = `${top}px`;
  box.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - EDGE - width))}px`;
}

/**
 * A menu button.  `label` names it, `children` is its face, `groups` is a function that returns
 * [{title?, items: [{label, hint?, face?, checked?, run}]}].
 */
export function Menu({ label, look = "icon-button", children, groups, empty = "Nothing here" }) {
  const id = useId();
  const button = useRef(null);
  const box = useRef(null);
  const [open, setOpen] = useState(false);
  const coming = ({ newState }) => newState === "open" && setOpen(true);
  const toggled = ({ newState }) => {
    if (newState !== "open") return setOpen(false);
    settle(box.current, button.current);
    (box.current.querySelector("[aria-checked=true]") ?? box.current.querySelector("[role^=menuitem]"))?.focus();
  };
  const pick = (item) => () => {
    box.current.hidePopover();
    item.run();
  };
  return html`
    <button type="button" ref=${button} class=${look} aria-label=${label} title=${label} aria-haspopup="menu"
      aria-expanded=${open} popovertarget=${id}>${children}</button>
    <div id=${id} ref=${box} popover="auto" class="menu" role="menu" aria-label=${label}
      onBeforeToggle=${coming} onToggle=${toggled} onKeyDown=${arrows("[role^=menuitem]")}>
      ${open && groups().map((group) => html`<${Group} ...${group} pick=${pick} empty=${empty} />`)}
    </div>`;
}

function Group({ title, items, pick, empty }) {
  return html`<div role="group" aria-label=${title ?? null}>
    ${title && html`<p class="menu-title" aria-hidden="true">${title}</p>`}
    ${items.map((item) => html`
      <button type="button" role=${item.checked === undefined ? "menuitem" : "menuitemradio"}
        aria-checked=${item.checked === undefined ? null : item.checked} tabindex="-1" onClick=${pick(item)}>
        ${item.face}
        <span class="menu-label">${item.label}${item.hint && html`<small>${item.hint}</small>`}</span>
        ${item.checked && html`<${Icon} name="check" />`}
      </button>`)}
    ${items.length === 0 && html`<button type="button" role="menuitem" aria-disabled="true" tabindex="-1">${empty}</button>`}
  </div>`;
}
