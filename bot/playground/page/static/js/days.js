/** Messages by day, as the list shows them. */
import { authorOf } from "./message.js";
import { dayOf, msOf } from "./when.js";

const GROUPED_MS = 5 * 60_000;

/**
 * Split messages into days, and mark those that follow one of the same author within five minutes.
 * `before` is the message before the first one; `shown` the result before: a day in which nothing changed keeps its
 * rows, so that it is not drawn again.
 */
export function byDay(messages, before, inZone, shown) {
  const days = [];
  let last = before && { message: before, key: dayOf(msOf(before.ts), inZone) };
  for (const message of messages) {
    const ms = msOf(message.ts);
    const key = dayOf(ms, inZone);
    if (days.at(-1)?.key !== key) days.push({ key, ms, rows: [] });
    days.at(-1).rows.push({ message, compact: last?.key === key && follows(message, last.message) });
    last = { message, key };
  }
  return days.map((day) => {
    const old = shown.find((each) => each.key === day.key);
    return old && sameRows(old.rows, day.rows) ? old : day;
  });
}

function sameRows(one, other) {
  return one.length === other.length
    && one.every((row, at) => row.message === other[at].message && row.compact === other[at].compact);
}

function follows(message, before) {
  return authorOf(message) === authorOf(before)
    && Boolean(message.only_you) === Boolean(before.only_you)
    && !message.subtype === !before.subtype
    && msOf(message.ts) - msOf(before.ts) < GROUPED_MS;
}
