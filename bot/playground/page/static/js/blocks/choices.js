/** Radio buttons and checkboxes. */
import { html, useContext, useId } from "../lib.js";
import { confirmed } from "./confirm.js";
import { fieldProps, Here, useHeld } from "./here.js";
import { OptionText } from "./mrkdwn.js";

/** One out of a few, all in sight. */
export function RadioButtons({ block, element, field, about }) {
  const [value, change, busy] = useHeld(block, element);
  return html`<${Group} role="radiogroup" kind="radio" element=${element} field=${field} about=${about} busy=${busy}
    isOn=${(option) => option.value === value?.value} pick=${change} />`;
}

/** Any number of boxes to tick. */
export function Checkboxes({ block, element, field, about }) {
  const [value, change, busy] = useHeld(block, element);
  const isOn = (option) => value.some((each) => each.value === option.value);
  const without = (option) => value.filter((each) => each.value !== option.value);
  const pick = (option) => change(isOn(option) ? without(option) : [...value, option]);
  return html`<${Group} role="group" kind="checkbox" element=${element} field=${field} about=${about} busy=${busy}
    isOn=${isOn} pick=${pick} />`;
}

function Group({ role, kind, element, field, about, busy, isOn, pick }) {
  const { disabled } = useContext(Here);
  const name = useId();
  const chosen = async (event, option) => {
    if (element.confirm) {
      event.preventDefault();
      if (!(await confirmed(element.confirm))) return;
    }
    pick(option);
  };
  const { "data-first": first, ...props } = fieldProps(element, field, busy);
  const named = { "aria-labelledby": field?.label, "aria-label": field ? null : about || "Options" };
  if (kind === "checkbox") delete props["aria-required"];
  return html`<div ...${props} ...${named} class="choices" role=${role}>
    ${element.options.map((option, at) => html`<label class="choice-line" key=${option.value}>
      <input data-first=${at === 0 ? first : null} type=${kind} name=${name} value=${option.value} checked=${isOn(option)}
        disabled=${disabled} onClick=${element.confirm ? (event) => chosen(event, option) : null}
        onChange=${element.confirm ? null : () => pick(option)} />
      <span><${OptionText} option=${option} /></span>
    </label>`)}
  </div>`;
}
