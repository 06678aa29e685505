/** What has been typed and not yet sent, for each conversation and thread. */
import { signal } from "./lib.js";

const drafts = new Map();

/** The draft of a conversation, or of a thread in it, as a signal of text. */
export function draftOf(channel, thread = "") {
  const key = `${channel} ${thread}`;
  if (!drafts.has(key)) drafts.set(key, signal(""));
  return drafts.get(key);
}

/** Put a text into a conversation's message box and go there with the caret. */
export function propose(channel, text) {
  draftOf(channel).value = text;
  document.querySelector(`textarea[data-channel="${channel}"]:not([data-thread])`)?.focus();
}
