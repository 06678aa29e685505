/** Elements of Block Kit by their type. */
import { html } from "../lib.js";
import { Button } from "./button.js";
import { Checkboxes, RadioButtons } from "./choices.js";
import { Picture } from "./layout.js";
import { Overflow } from "./overflow.js";
import { DatePicker, DateTimePicker, TimePicker } from "./pickers.js";
import { Select } from "./select.js";
import { TypedInput } from "./typed.js";

const TYPED = ["plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input"];

const DRAWN = {
  button: Button,
  checkboxes: Checkboxes,
  datepicker: DatePicker,
  datetimepicker: DateTimePicker,
  image: ({ element }) => html`<${Picture} image=${element} />`,
  overflow: Overflow,
  radio_buttons: RadioButtons,
  timepicker: TimePicker,
  workflow_button: Button,
  ...Object.fromEntries(TYPED.map((type) => [type, TypedInput])),
};

/**
 * Draw an element.
 *
 * `field` {id, label, described, invalid, required} is given inside an input block; `about` says what it belongs to.
 */
export function Element({ block, element, field, about = "" }) {
  const known = DRAWN[element.type] ?? (element.type.endsWith("_select") ? Select : null);
  if (!known) return html`<span class="soft">Slack shows “${element.type}” here; this page does not draw it.</span>`;
  return html`<${known} block=${block} element=${element} field=${field} about=${about} />`;
}
