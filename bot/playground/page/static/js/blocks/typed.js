/** Inputs one types into: text, number, e-mail, address, rich text. */
import { html, useContext } from "../lib.js";
import { fieldProps, Here, useHeld } from "./here.js";
import { asRichText, richWords } from "./rich_text.js";
import { wordsIn } from "./mrkdwn.js";

const PAUSE = 250;
const TYPES = { email_text_input: "email", url_text_input: "url" };
const LONGEST = 3000;

/** Draw a text input; what is typed is kept as it is typed. */
export function TypedInput({ block, element, field }) {
  const { disabled } = useContext(Here);
  const [value, change] = useHeld(block, element);
  const rich = element.type === "rich_text_input";
  const words = (rich ? value && richWords(value) : value) ?? "";
  const when = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const held = (text) => (text === "" ? null : rich ? asRichText(text) : text);

  const typed = (event) => change(held(event.target.value), {
    wait: PAUSE, dispatch: Boolean(block.dispatch_action) && when.includes("on_character_entered"),
  });
  const entered = (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    if (element.multiline || rich) {
      if (event.ctrlKey || event.metaKey) event.target.form?.requestSubmit();
    } else if (block.dispatch_action && when.includes("on_enter_pressed")) {
      event.preventDefault();
      change(held(event.target.value), { dispatch: true });
    }
  };
  const shared = {
    ...fieldProps(element, field),
    autocomplete: "off",
    class: "typed",
    disabled,
    onInput: typed,
    onKeyDown: entered,
    placeholder: wordsIn(element.placeholder),
    value: words,
  };
  const most = element.max_length ?? LONGEST;
  const left = most - words.length;
  return html`
    ${element.multiline || rich
      ? html`<textarea ...${shared} rows="4"></textarea>`
      : html`<input ...${shared} type=${TYPES[element.type] ?? "text"} inputmode=${numeric(element)} />`}
    ${left < Math.max(20, most / 10) && html`<span class=${`left ${left < 0 ? "over" : ""}`} aria-live="polite">
      <span aria-hidden="true">${left}</span>
      <span class="unseen">${left < 0 ? `${-left} characters too many` : `${left} characters left`}</span>
    </span>`}`;
}

function numeric(element) {
  if (element.type !== "number_input") return null;
  return element.is_decimal_allowed ? "decimal" : "numeric";
}
