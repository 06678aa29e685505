/** From the message box to the stand-in: a message or a slash command. */
import { ask } from "./link.js";
import { toast } from "./state.js";

/** Split "/checkin 4 fine" into {name, text}, or return null for what is no command. */
export function commandIn(line) {
  const found = /^(\/[\w-]+)(?:\s+([\s\S]*))?$/.exec(line);
  return found && { name: found[1], text: found[2] ?? "" };
}

/** Send a line; resolves with whether it was taken. */
export async function send(line, channel, thread) {
  const command = commandIn(line);
  if (command && thread) {
    toast(`${command.name} can't be used in a thread. Type it in the conversation.`, "error");
    return false;
  }
  const answer = command
    ? await ask("command", { channel, ...command })
    : await ask("say", { channel, text: line, ...(thread ? { thread_ts: thread } : {}) });
  return answer.ok;
}
