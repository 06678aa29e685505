/** The open list of a select. */
import { html, useEffect } from "../lib.js";

/** Draw groups of choices; the one at `active` is where the keyboard stands. */
export function Options({ id, groups, note, active, many, isOn, pick, name }) {
  useEffect(() => document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: "nearest" }), [active]);
  let at = -1;
  return html`
    <div id=${id} role="listbox" aria-label=${name} aria-multiselectable=${many || null}>
      ${groups.map((group, number) => html`<div role=${group.label ? "group" : "presentation"}
          aria-labelledby=${group.label ? `${id}-group-${number}` : null}>
        ${group.label && html`<div class="group-label" id=${`${id}-group-${number}`}>${group.label}</div>`}
        ${group.choices.map((choice) => {
          at += 1;
          return html`<div key=${choice.key} id=${`${id}-${at}`} role="option" aria-selected=${isOn(choice)}
            class=${`choice ${at === active ? "active" : ""}`} onPointerDown=${(event) => event.preventDefault()}
            onClick=${(event) => { event.stopPropagation(); pick(choice); }}>
            <span>${choice.label}${choice.hint && html`<small>${choice.hint}</small>`}</span>
            ${isOn(choice) && html`<span class="tick" aria-hidden="true">✓</span>`}</div>`;
        })}
      </div>`)}
    </div>
    <div class="list-note" role="status">${note}</div>`;
}
