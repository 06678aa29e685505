/** The input block: label, element, hint, and the error at the field. */
import { html, useContext, useId } from "../lib.js";
import { Element } from "./element.js";
import { Here } from "./here.js";
import { Text } from "./mrkdwn.js";

const GROUPS = new Set(["radio_buttons", "checkboxes"]);

/** Draw an input with everything that names and describes it. */
export function InputBlock({ block }) {
  const { errors } = useContext(Here);
  const { element } = block;
  const id = useId();
  const error = errors[block.block_id];
  const described = [error && `${id}-error`, block.hint && `${id}-hint`].filter(Boolean).join(" ");
  const field = { id, label: `${id}-label`, described: described || null, invalid: Boolean(error), required: !block.optional };
  const optional = block.optional && html`<span class="soft optional"> (optional)</span>`;
  const label = html`<${Text} of=${block.label} />${optional}`;
  return html`
    ${GROUPS.has(element.type)
      ? html`<div class="label" id=${field.label}>${label}</div>`
      : html`<label class="label" id=${field.label} for=${id}>${label}</label>`}
    <${Element} key=${`${element.action_id} ${element.type}`} block=${block} element=${element} field=${field} />
    ${error && html`<p class="field-error" id=${`${id}-error`}><span aria-hidden="true">⚠ </span>${error}</p>`}
    ${block.hint && html`<p class="hint" id=${`${id}-hint`}><${Text} of=${block.hint} /></p>`}`;
}
