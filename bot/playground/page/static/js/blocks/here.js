/** Where blocks stand, what their elements hold, and how that reaches the app. */
import { createContext, useContext, useEffect, useRef, useState } from "../lib.js";
import { ask } from "../link.js";
import { flushed, typeSoon } from "./typing.js";

/** The key of each element's state, and the key of what it starts with. */
const STATE = {
  plain_text_input: ["value", "initial_value"],
  email_text_input: ["value", "initial_value"],
  url_text_input: ["value", "initial_value"],
  number_input: ["value", "initial_value"],
  rich_text_input: ["rich_text_value", "initial_value"],
  static_select: ["selected_option", "initial_option"],
  external_select: ["selected_option", "initial_option"],
  radio_buttons: ["selected_option", "initial_option"],
  multi_static_select: ["selected_options", "initial_options"],
  multi_external_select: ["selected_options", "initial_options"],
  checkboxes: ["selected_options", "initial_options"],
  users_select: ["selected_user", "initial_user"],
  multi_users_select: ["selected_users", "initial_users"],
  conversations_select: ["selected_conversation", "initial_conversation"],
  multi_conversations_select: ["selected_conversations", "initial_conversations"],
  channels_select: ["selected_channel", "initial_channel"],
  multi_channels_select: ["selected_channels", "initial_channels"],
  datepicker: ["selected_date", "initial_date"],
  timepicker: ["selected_time", "initial_time"],
  datetimepicker: ["selected_date_time", "initial_date_time"],
};

const LISTS = new Set(["selected_options", "selected_users", "selected_conversations", "selected_channels"]);

/** What makes a control a field of its input block: id, description, error; `data-first` takes the focus in a new modal. */
export function fieldProps(element, field, busy = false) {
  return {
    id: field?.id,
    "data-first": element.focus_on_load || null,
    "aria-busy": busy || null,
    "aria-describedby": field?.described,
    "aria-invalid": field?.invalid || null,
    "aria-required": field?.required || null,
  };
}

/** {surface, place, values, errors, disabled, held?, told?, edited?} of the blocks around. */
export const Here = createContext(null);

/** Send an action of an element; resolves with the answer. What was typed before is sent first. */
export async function act(here, block, element, state) {
  await flushed();
  const args = { place: here.place, block_id: block.block_id, action_id: element.action_id, state };
  const answer = await ask("action", args, { quiet: Boolean(here.told) });
  if (!answer.ok && answer.told) here.told?.(answer.told);
  return answer;
}

/** [busy, run, told]: `run(deed)` does an asynchronous deed unless one is under way; `told` is why the last was refused. */
export function useBusy() {
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState("");
  const going = useRef(false);
  const run = async (deed) => {
    if (going.current) return;
    going.current = true;
    setBusy(true);
    try {
      const answer = await deed();
      setTold((answer?.ok === false && answer.told) || "");
    } finally {
      going.current = false;
      setBusy(false);
    }
  };
  return [busy, run, told];
}

/**
 * [value, change, busy] of an element that holds one.
 *
 * `change(next, {wait, dispatch})` keeps it and tells the stand-in: an input at once or after `wait` ms, anything else
 * as an action.
 */
export function useHeld(block, element) {
  const here = useContext(Here);
  const [key, start] = STATE[element.type];
  const [value, setValue] = useState(() => (
    here.values?.[block.block_id]?.[element.action_id]?.[key] ?? element[start] ?? (LISTS.has(key) ? [] : null)
  ));
  const [busy, run] = useBusy();
  const stateOf = (held) => ({ type: element.type, [key]: held });
  const field = JSON.stringify([block.block_id, element.action_id]);
  useEffect(() => () => here.held?.delete(field), [field]);

  const keep = (next) => {
    setValue(next);
    here.held?.set(field, stateOf(next));
    here.edited?.(block.block_id);
  };
  const change = (next, { wait = 0, dispatch = Boolean(block.dispatch_action) } = {}) => {
    keep(next);
    if (block.type !== "input") run(() => act(here, block, element, stateOf(next)));
    else if (here.place.view) {
      const args = { view: here.place.view, block_id: block.block_id, action_id: element.action_id };
      typeSoon({ ...args, state: stateOf(next), ...(dispatch && { dispatch }) }, wait, here.told);
    } else if (dispatch) run(() => act(here, block, element, stateOf(next)));
  };
  return [value, change, busy];
}
