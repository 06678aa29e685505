/** Moments in words, in the acting person's zone. */
const LOCALE = navigator.languages.find((each) => each.startsWith("en")) ?? "en-GB";
const DAY = 86_400_000;
const QUARTER = 900_000;
const formats = new Map();
const days = new Map();

function inZone(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(LOCALE, { timeZone: zone, ...options }));
  return formats.get(key);
}

/** Milliseconds of a Slack `ts`. */
export const msOf = (ts) => Number(ts) * 1000;

/** "9:04 AM" or "09:04", as the reader's language has it. */
export const clockTime = (ms, zone) => inZone(zone, { hour: "numeric", minute: "2-digit" }).format(ms);

/** "9:04", for the narrow gutter. */
export const bareTime = (ms, zone) => clockTime(ms, zone).replace(/\s?[AP]M$/i, "");

/** "Tuesday 14 May 2024 at 09:04:12". */
export const fullTime = (ms, zone) => inZone(zone, { dateStyle: "full", timeStyle: "medium" }).format(ms);

/** "Tue 14 May, 09:04". */
export const shortTime = (ms, zone) =>
  inZone(zone, { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" }).format(ms);

/** A key that is equal for two moments of one day; remembered by the quarter hour, which no zone splits. */
export function dayOf(ms, zone) {
  const key = `${zone} ${Math.floor(ms / QUARTER)}`;
  if (!days.has(key)) days.set(key, inZone(zone, { dateStyle: "short" }).format(ms));
  return days.get(key);
}

/** "Today", "Yesterday", "Tuesday, 14 May"; with the year when it is another one. */
export function dayName(ms, nowMs, zone) {
  const day = dayOf(ms, zone);
  if (day === dayOf(nowMs, zone)) return "Today";
  if (day === dayOf(nowMs - DAY, zone)) return "Yesterday";
  const year = inZone(zone, { year: "numeric" });
  const sameYear = year.format(ms) === year.format(nowMs);
  const options = { weekday: "long", day: "numeric", month: "long", ...(sameYear ? {} : { year: "numeric" }) };
  return inZone(zone, options).format(ms);
}

/** "today at 9:04 AM", "yesterday at …", "Tuesday, 14 May at …". */
export function daysAgo(ms, nowMs, zone) {
  const name = dayName(ms, nowMs, zone);
  const inside = name === "Today" || name === "Yesterday" ? name.toLowerCase() : name;
  return `${inside} at ${clockTime(ms, zone)}`;
}
