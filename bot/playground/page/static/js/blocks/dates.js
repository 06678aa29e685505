/** Slack's date tokens in a time zone, and the zone's wall clock for pickers. */
import { effect, signal } from "../lib.js";
import { now } from "../state.js";

const HALF_A_YEAR = 183 * 86_400_000;
const UNITS = [
  ["year", 31_536_000], ["month", 2_592_000], ["week", 604_800], ["day", 86_400], ["hour", 3600], ["minute", 60],
];
const ENDINGS = { one: "st", two: "nd", few: "rd", other: "th" };
let ordinals = null;
let relative = null;

/** Milliseconds since 1970, renewed each minute and when the clock is moved. */
export const thisMinute = signal(Date.now());

effect(() => {
  thisMinute.value = now();
});
setInterval(() => { thisMinute.value = now(); }, 60_000);

/** Fill a format such as "{date_short_pretty} at {time}" for an instant in seconds. */
export function slackDate(seconds, format, zone, nowMs) {
  const ms = seconds * 1000;
  return format.replaceAll(/\{(\w+)\}/g, (whole, token, at) => {
    const base = token.replace(/_pretty$/, "").replace("day_divider", "date_long");
    if (!TOKENS[base]) return whole;
    const near = token.endsWith("_pretty") ? nearDay(ms, zone, nowMs) : "";
    if (!near) return TOKENS[base](ms, zone, nowMs);
    return at === 0 ? near[0].toUpperCase() + near.slice(1) : near;
  });
}

/** The local date of an instant in a zone, as "2026-05-14". */
export function dayOf(ms, zone) {
  return show(ms, zone, { year: "numeric", month: "2-digit", day: "2-digit" }, "en-CA");
}

/** An instant as a zone's wall clock, as "2026-05-14T09:30". */
export function wallClock(ms, zone) {
  const time = show(ms, zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, "en-GB");
  return `${dayOf(ms, zone)}T${time}`;
}

/** The instant, in seconds, at which a zone's wall clock shows "2026-05-14T09:30". */
export function instantOf(wall, zone) {
  const wanted = Date.parse(`${wall}Z`);
  let found = wanted;
  for (let round = 0; round < 2; round += 1) found += wanted - Date.parse(`${wallClock(found, zone)}Z`);
  return Math.round(found / 1000);
}

const TIME = { hour: "numeric", minute: "2-digit" };

const TOKENS = {
  date_num: (ms, zone) => dayOf(ms, zone),
  date_slash: (ms, zone) => show(ms, zone, { day: "2-digit", month: "2-digit", year: "numeric" }, navigator.language),
  date: (ms, zone, nowMs) => (Math.abs(ms - nowMs) < HALF_A_YEAR ? monthDay(ms, zone) : monthDayYear(ms, zone)),
  date_short: (ms, zone) => show(ms, zone, { month: "short", day: "numeric", year: "numeric" }),
  date_long: (ms, zone) => `${show(ms, zone, { weekday: "long" })}, ${monthDayYear(ms, zone)}`,
  date_long_full: (ms, zone) => show(ms, zone, { month: "long", day: "numeric", year: "numeric" }),
  time: (ms, zone) => show(ms, zone, TIME, navigator.language),
  time_secs: (ms, zone) => show(ms, zone, { ...TIME, second: "2-digit" }, navigator.language),
  ago: (ms, _, nowMs) => ago(ms, nowMs),
};

function show(ms, zone, parts, locale = "en-US") {
  return new Intl.DateTimeFormat(locale, { ...parts, timeZone: zone }).format(ms);
}

function monthDay(ms, zone) {
  const day = Number(show(ms, zone, { day: "numeric" }));
  ordinals ??= new Intl.PluralRules("en", { type: "ordinal" });
  return `${show(ms, zone, { month: "long" })} ${day}${ENDINGS[ordinals.select(day)]}`;
}

function monthDayYear(ms, zone) {
  return `${monthDay(ms, zone)}, ${show(ms, zone, { year: "numeric" })}`;
}

function nearDay(ms, zone, nowMs) {
  const days = (Date.parse(dayOf(ms, zone)) - Date.parse(dayOf(nowMs, zone))) / 86_400_000;
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days] ?? "";
}

function ago(ms, nowMs) {
  const seconds = Math.round((ms - nowMs) / 1000);
  const unit = UNITS.find(([, length]) => Math.abs(seconds) >= length);
  relative ??= new Intl.RelativeTimeFormat("en");
  return unit ? relative.format(Math.trunc(seconds / unit[1]), unit[0]) : "just now";
}
