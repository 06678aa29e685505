/** Selects of every kind, single and multi: a combobox that filters as one types. */
import { html, useContext, useEffect, useId, useRef, useState } from "../lib.js";
import { channelHere } from "../state.js";
import { confirmed } from "./confirm.js";
import { fieldProps, Here, useHeld } from "./here.js";
import { wordsIn } from "./mrkdwn.js";
import { usePopup } from "./popup.js";
import { Options } from "./options.js";
import { choiceOf, useChoices } from "./sources.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/** Draw a select with what it holds. */
export function Select({ block, element, field, about }) {
  const here = useContext(Here);
  const many = element.type.startsWith("multi_");
  const [value, change, busy] = useHeld(block, element);
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(-1);
  const listId = useId();
  const [box, frame, popup] = [useRef(null), useRef(null), useRef(null)];
  const chosen = (many ? value : [value].filter((each) => each !== null)).map((held) => choiceOf(element, held));
  const { groups, note } = useChoices(here, block, element, query, open);
  const offered = groups.flatMap((group) => group.choices);
  const full = many && element.max_selected_items && chosen.length >= element.max_selected_items;

  const shut = () => {
    setOpen(false);
    setQuery("");
    setActive(-1);
  };
  const show = () => {
    if (!open && !here.disabled) setOpen(true);
  };
  const settle = async (next) => {
    if (element.confirm && !(await confirmed(element.confirm))) return;
    change(next);
  };
  const isOn = (choice) => chosen.some((each) => each.key === choice.key);
  const drop = (choice) => settle(many ? value.filter((_, at) => chosen[at].key !== choice.key) : null);
  const pick = (choice) => {
    if (!many) {
      shut();
      if (!isOn(choice)) settle(choice.held);
      return;
    }
    setQuery("");
    if (isOn(choice)) drop(choice);
    else if (!full) settle([...value, choice.held]);
    box.current.focus();
  };
  usePopup(open, frame, popup, shut);
  useEffect(() => {
    const current = element.default_to_current_conversation && !chosen.length && channelHere.peek();
    if (current) change(many ? [current] : current, { dispatch: false });
  }, []);
  useEffect(() => {
    setActive(offered.length && (query || !many) ? Math.max(0, offered.findIndex(isOn)) : -1);
  }, [open, query, offered.length]);

  const pressed = (event) => {
    const { key } = event;
    const step = STEPS[key];
    if (step && !open) show();
    else if (step && offered.length) setActive((active + step + offered.length) % offered.length);
    else if (key === "Enter" && open && offered[active]) pick(offered[active]);
    else if (key === "Enter") show();
    else if (key === "Escape" && open) shut();
    else if (key === "Backspace" && many && !query && chosen.length) drop(chosen.at(-1));
    else if (key === "Tab") shut();
    if (step || key === "Enter" || (key === "Escape" && open)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  const placeholder = wordsIn(element.placeholder) || (many ? "Select options" : "Select an option");
  const name = field ? null : [about, wordsIn(element.placeholder) || "Choose"].filter(Boolean).join(": ");
  const alone = !many && chosen[0] && !open ? chosen[0].label : query;
  return html`<span ref=${frame} class=${`select ${many ? "many" : ""}`} onClick=${() => box.current.focus()}>
    ${many && chosen.map((choice) => html`<span class="chip" key=${choice.key}>${choice.label}
      <button type="button" aria-label=${`Remove ${choice.label}`} disabled=${here.disabled}
        onClick=${() => drop(choice)}>✕</button></span>`)}
    <input ...${fieldProps(element, field, busy)} ref=${box} type="text" role="combobox" autocomplete="off" spellcheck=${false}
      aria-autocomplete="list" aria-haspopup="listbox" aria-expanded=${open} aria-controls=${listId} aria-label=${name}
      aria-activedescendant=${open && active >= 0 ? `${listId}-${active}` : null} disabled=${here.disabled} value=${alone}
      placeholder=${many && chosen.length ? "" : chosen[0]?.label ?? placeholder}
      onClick=${show} onInput=${(event) => { show(); setQuery(event.target.value); }} onKeyDown=${pressed} />
    ${!many && chosen.length > 0 && block.optional && html`<button type="button" class="clear" disabled=${here.disabled}
      aria-label=${`Clear ${chosen[0].label}`} onClick=${() => drop(chosen[0])}>✕</button>`}
    <span class=${busy ? "spinner" : "arrow"} aria-hidden="true" onClick=${show}>${busy ? "" : "⌄"}</span>
    ${open && html`<div ref=${popup} class="popup" popover="manual">
      <${Options} id=${listId} groups=${groups} note=${full ? `At most ${element.max_selected_items}` : note}
        active=${active} many=${many} isOn=${isOn} pick=${pick} name=${name ?? placeholder} />
    </div>`}
  </span>`;
}
