/** Date and time pickers, with the browser's own calendar. */
import { html, useContext, useRef, useState } from "../lib.js";
import { zone } from "../state.js";
import { confirmed } from "./confirm.js";
import { instantOf, wallClock } from "./dates.js";
import { fieldProps, Here, useHeld } from "./here.js";
import { wordsIn } from "./mrkdwn.js";

const KEYS_REST = 1000;
const COMPLETE = /^(?!0)\d{4}-\d\d-\d\d|^\d\d:\d\d/;

/** A date without a zone. */
export function DatePicker(props) {
  return html`<${Picker} ...${props} type="date" toText=${same} fromText=${same} fallback="Select a date" />`;
}

/** A time of day; a zone of the app's choosing is shown beside it. */
export function TimePicker(props) {
  return html`<${Picker} ...${props} type="time" toText=${same} fromText=${same} fallback="Select a time"
    beside=${props.element.timezone} />`;
}

/** An instant, shown and chosen in the acting person's zone. */
export function DateTimePicker(props) {
  const here = zone.value;
  return html`<${Picker} ...${props} type="datetime-local" toText=${(seconds) => wallClock(seconds * 1000, here)}
    fromText=${(wall) => instantOf(wall, here)} fallback="Select a date and time" beside=${here} />`;
}

function same(value) {
  return value;
}

function Picker({ block, element, field, about, type, toText, fromText, fallback, beside }) {
  const { disabled } = useContext(Here);
  const box = useRef(null);
  const lastKey = useRef(-KEYS_REST);
  const [value, change, busy] = useHeld(block, element);
  const [shown, setShown] = useState(value === null ? "" : toText(value));

  const commit = async () => {
    if (!box.current) return;
    const text = box.current.value;
    if (text && !COMPLETE.test(text)) return;
    const next = text ? fromText(text) : null;
    if (next === value || (next === null && block.type !== "input")) return;
    if (element.confirm && !(await confirmed(element.confirm))) setShown(value === null ? "" : toText(value));
    else change(next);
  };
  const typed = (event) => {
    setShown(event.target.value);
    const byMouse = performance.now() - lastKey.current > KEYS_REST;
    if (byMouse || block.type === "input") commit();
  };
  const pressed = (event) => {
    lastKey.current = performance.now();
    if (event.key === "Enter" && block.type !== "input") commit();
  };
  const name = field ? null : [about, wordsIn(element.placeholder) || fallback].filter(Boolean).join(": ");
  const hint = shown === "" && wordsIn(element.placeholder);
  return html`<span class=${hint ? "picker hinted" : "picker"}>
    ${hint && html`<span class="picker-hint" aria-hidden="true">${hint}</span>`}
    <input ...${fieldProps(element, field, busy)} ref=${box} class="typed" type=${type} value=${shown} disabled=${disabled}
      aria-label=${name} aria-description=${(field && hint) || null} onInput=${typed} onKeyDown=${pressed} onBlur=${commit} />
    ${beside && html`<span class="soft">${beside.replaceAll("_", " ")}</span>`}
  </span>`;
}
