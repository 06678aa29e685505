/** What is being typed into inputs, on its way to the stand-in: the newest of each field, in order. */
import { ask } from "../link.js";

const waiting = new Map();
const underWay = new Set();

/** Tell the stand-in what a field holds, after `wait` ms without another change to it; `told` is called with a refusal. */
export function typeSoon(args, wait, told) {
  const field = [args.view, args.block_id, args.action_id].join(" ");
  clearTimeout(waiting.get(field)?.timer);
  const send = () => {
    waiting.delete(field);
    const answer = typed(args, told).finally(() => underWay.delete(answer));
    underWay.add(answer);
  };
  if (wait) waiting.set(field, { send, timer: setTimeout(send, wait) });
  else send();
}

async function typed(args, told) {
  const answer = await ask("type", args, { quiet: Boolean(told) });
  if (!answer.ok && answer.told) told?.(answer.told);
}

/** Send what waits; resolves when the stand-in has everything. */
export async function flushed() {
  for (const { send, timer } of [...waiting.values()]) {
    clearTimeout(timer);
    send();
  }
  await Promise.all(underWay);
}
