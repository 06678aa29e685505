/** What has been typed and not yet sent, for each person in each conversation and thread. */
import { signal } from "./lib.js";
import { me } from "./state.js";

const drafts = new Map();

/** The acting person's draft in a conversation, or in a thread of it, as a signal of text. */
export function draftOf(channel, thread = "") {
  const key = `${me.value} ${channel} ${thread}`;
  if (!drafts.has(key)) drafts.set(key, signal(""));
  return drafts.get(key);
}

/** Put a text into a conversation's message box and go there with the caret. */
export function propose(channel, text) {
  draftOf(channel).value = text;
  document.querySelector(`textarea[data-channel="${channel}"]:not([data-thread])`)?.focus();
}
