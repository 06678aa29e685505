/** Instants as somebody in a time zone reads them. */

const formats = new Map();

function format(zone, options) {
  const key = `${zone} ${JSON.stringify(options)}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone }));
  return formats.get(key);
}

/** Return "14:03:21". */
export function timeIn(instant, zone) {
  return format(zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(new Date(instant));
}

/** Return "Tuesday 12 May 2026". */
export function dayIn(instant, zone) {
  return format(zone, { weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(new Date(instant));
}

/** Return {date: "2026-05-12", time: "14:03"}, as inputs hold them. */
export function inputsIn(instant, zone) {
  const parts = format(zone, {
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).formatToParts(new Date(instant));
  const of = (type) => parts.find((part) => part.type === type).value;
  return { date: `${of("year")}-${of("month")}-${of("day")}`, time: `${of("hour")}:${of("minute")}` };
}

/** Return the date of Monday, as inputs hold it, where tomorrow is at a weekend; else null. */
export function mondayAfterTheWeekend(instant, zone) {
  const day = new Date(`${inputsIn(instant, zone).date}T12:00Z`);
  day.setUTCDate(day.getUTCDate() + 1);
  const ahead = { 6: 2, 0: 1 }[day.getUTCDay()];
  if (!ahead) return null;
  day.setUTCDate(day.getUTCDate() + ahead);
  return day.toISOString().slice(0, 10);
}

/** Return the instant, in milliseconds, at which clocks in a zone show a date and a time. */
export function instantAt(date, time, zone) {
  const wanted = Date.parse(`${date}T${time}Z`);
  let instant = wanted;
  for (let round = 0; round < 2; round += 1) {
    const shown = inputsIn(instant, zone);
    instant += wanted - Date.parse(`${shown.date}T${shown.time}Z`);
  }
  return instant;
}
