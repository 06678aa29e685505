/** The clock that the app and the stand-in share. */
import { html, useEffect, useState } from "../lib.js";
import { ask } from "../link.js";
import { app, clock, now, zone } from "../state.js";
import { dayIn, inputsIn, instantAt, mondayAfterTheWeekend, timeIn } from "./time.js";

const TICK = 1000;

/** Draw the time and the buttons that move it. */
export function ClockTab() {
  const [, setTick] = useState(0);
  const [typed, setTyped] = useState(null);
  useEffect(() => {
    const timer = setInterval(() => setTick((count) => count + 1), TICK);
    return () => clearInterval(timer);
  }, []);
  const { moved } = clock.value;
  const instant = now();
  const shown = typed ?? inputsIn(instant, zone.value);
  const monday = mondayAfterTheWeekend(instant, zone.value);

  async function set(event) {
    event.preventDefault();
    const answer = await ask("clock", { to: iso(shown.date, shown.time) });
    if (answer.ok) setTyped(null);
  }

  function iso(date, time) {
    return new Date(instantAt(date, time, zone.value)).toISOString();
  }

  function move(to) {
    setTyped(null);
    ask("clock", { to });
  }

  return html`
    <p class="inst-soft">${app.value?.name} and this page share a clock. Move it to see what a morning brings.</p>
    <p class="inst-clock" data-moved=${moved}>
      <time class="inst-time" datetime=${new Date(instant).toISOString()}>${timeIn(instant, zone.value)}</time>
      <span>${dayIn(instant, zone.value)}</span>
      <span class="inst-soft">${zone.value.replaceAll("_", " ")} · ${moved ? "moved" : "the real time"}</span>
    </p>
    <div class="inst-buttons">
      <button type="button" class="button" onClick=${() => move("+1h")}>+1 hour</button>
      <button type="button" class="button" onClick=${() => move("tomorrow9")}>Tomorrow 9:00</button>
      ${monday && html`<button type="button" class="button" onClick=${() => move(iso(monday, "09:00"))}>Monday 9:00</button>`}
      <button type="button" class="button" disabled=${!moved} onClick=${() => move("now")}>Back to now</button>
    </div>
    <form class="inst-form" onSubmit=${set}>
      <h3>Exactly</h3>
      <div class="inst-pair">
        <label>Date <input type="date" required value=${shown.date}
          onInput=${(event) => setTyped({ ...shown, date: event.target.value })} /></label>
        <label>Time <input type="time" required value=${shown.time}
          onInput=${(event) => setTyped({ ...shown, time: event.target.value })} /></label>
      </div>
      <button type="submit" class="button primary">Set the clock</button>
    </form>`;
}
