/** The "⋯" menu of up to five options. */
import { html, useContext, useEffect, useId, useRef, useState } from "../lib.js";
import { follow } from "../following.js";
import { confirmed } from "./confirm.js";
import { act, Here, useBusy } from "./here.js";
import { OptionText } from "./mrkdwn.js";
import { usePopup } from "./popup.js";
import { Trouble } from "./trouble.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/** Draw the menu's button and, once pressed, its options. */
export function Overflow({ block, element, about }) {
  const here = useContext(Here);
  const [open, setOpen] = useState(false);
  const [busy, run, told] = useBusy();
  const id = useId();
  const [button, menu] = [useRef(null), useRef(null)];
  const shut = () => setOpen(false);
  usePopup(open, button, menu, shut);
  useEffect(() => {
    if (open) menu.current.querySelector("[role=menuitem]").focus();
  }, [open]);

  const leave = () => {
    shut();
    button.current.focus();
  };
  const pick = (option) => {
    leave();
    run(async () => {
      if (element.confirm && !(await confirmed(element.confirm))) return null;
      const answered = act(here, block, element, { type: "overflow", selected_option: option });
      if (/^https?:/i.test(option.url ?? "")) follow(option.url, here);
      return answered;
    });
  };
  const move = (event) => {
    const items = [...menu.current.querySelectorAll("[role=menuitem]")];
    const at = items.indexOf(document.activeElement);
    const step = STEPS[event.key];
    const to = { Home: 0, End: items.length - 1 }[event.key] ?? (step && (at + step + items.length) % items.length);
    if (to !== undefined) items[to].focus();
    else if (event.key === "Escape") leave();
    else if (event.key === "Tab") shut();
    if (to !== undefined || event.key === "Escape") event.preventDefault();
    event.stopPropagation();
  };
  const name = about ? `More options: ${about}` : "More options";
  return html`
    <button ref=${button} type="button" class="button overflow-button" aria-label=${name} aria-haspopup="menu"
      aria-expanded=${open} aria-controls=${id} aria-busy=${busy || null} disabled=${here.disabled}
      onClick=${() => setOpen(!open)}>${busy ? html`<span class="spinner"></span>` : "⋯"}</button><${Trouble} told=${told} />
    ${open && html`<div ref=${menu} id=${id} class="popup" popover="manual" role="menu" aria-label=${name} onKeyDown=${move}>
      ${element.options.map((option) => html`<button type="button" role="menuitem" tabindex="-1" class="choice"
        onClick=${() => pick(option)}><${OptionText} option=${option} /></button>`)}
    </div>`}`;
}
