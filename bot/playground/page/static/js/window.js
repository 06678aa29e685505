/** Which of the loaded messages are drawn: a stretch of bounded length that moves with whoever reads. */
const FIRST = 10;
const STEP = 20;
const MOST = 150;

/** The newest few, and what comes. A stretch is {first, last}: timestamps, null for "as far as it goes". */
export const NEWEST = Object.freeze({ first: null, last: null });

/** Find a stretch among messages, oldest first: the indices [from, to). */
export function bounds(messages, { first, last }) {
  const to = last === null ? messages.length : messages.findLastIndex((each) => each.ts <= last) + 1;
  if (to === 0) return { from: Math.max(0, messages.length - FIRST), to: messages.length };
  const from = first === null ? to - FIRST : messages.findIndex((each) => each.ts >= first);
  return { from: Math.max(0, to - MOST, from), to };
}

/** Some older ones more; the newest go where it gets too long. */
export function older(messages, stretch) {
  const { from, to } = bounds(messages, stretch);
  const start = Math.max(0, from - STEP);
  const next = between(messages, start, Math.min(to, start + MOST));
  return { ...next, last: next.last ?? stretch.last };
}

/** Some newer ones more; the oldest go where it gets too long. */
export function newer(messages, stretch) {
  const { from, to } = bounds(messages, stretch);
  const end = Math.min(messages.length, to + STEP);
  return between(messages, Math.max(from, end - MOST), end);
}

/** The oldest few that are loaded. */
export function oldest(messages) {
  return between(messages, 0, Math.min(messages.length, FIRST));
}

/** One message and the few around it. */
export function around(messages, ts) {
  const at = messages.findIndex((each) => each.ts === ts);
  return between(messages, Math.max(0, at - FIRST), Math.min(messages.length, at + FIRST));
}

/** The same stretch with its end held where it is, whatever comes. */
export function held(messages, stretch) {
  const { from, to } = bounds(messages, stretch);
  return { first: messages[from].ts, last: messages[to - 1].ts };
}

function between(messages, from, to) {
  if (messages.length === 0) return NEWEST;
  return { first: messages[from].ts, last: to === messages.length ? null : messages[to - 1].ts };
}
