/** Every request between Slack's stand-in and the app, as it happens. */
import { html, signal, useEffect, useLayoutEffect, useRef } from "../lib.js";
import { ask } from "../link.js";
import { app, toast, wire, zone } from "../state.js";
import { Json } from "./json.js";
import { rove } from "./rove.js";
import { timeIn } from "./time.js";

const NEAR_THE_END = 24;
const ARROWS = { to_app: "→", from_app: "←" };

const older = signal([]);
const mayHaveOlder = signal(true);
const words = signal("");
const failuresOnly = signal(false);
const opened = signal(null);

/** Draw the list, or the one request that was picked. */
export function WireTab() {
  return opened.value ? html`<${Full} record=${opened.value} />` : html`<${List} />`;
}

function List() {
  const list = useRef(null);
  const atEnd = useRef(true);
  useEffect(() => { if (!older.value.length) loadOlder(); }, []);
  useLayoutEffect(() => {
    if (atEnd.current && list.current) list.current.scrollTop = list.current.scrollHeight;
  });
  const records = all().filter(fits);

  return html`
    <div class="inst-bar">
      <input type="search" aria-label="Filter the wire" placeholder="Filter: view_submission, 429, …"
        value=${words.value} onInput=${(event) => { words.value = event.target.value; }} />
      <label class="inst-check"><input type="checkbox" checked=${failuresOnly.value}
        onChange=${(event) => { failuresOnly.value = event.target.checked; }} /> Failures</label>
    </div>
    ${records.length === 0 && html`<p class="inst-none">${all().length ? "Nothing fits the filter." : "Nothing yet. Type a command and watch."}</p>`}
    <ol class="inst-wire" aria-label="Requests, newest last" ref=${list} onKeyDown=${rove}
      onScroll=${(event) => { atEnd.current = isAtEnd(event.target); }}>
      ${mayHaveOlder.value && older.value.length > 0 && html`
        <li><button type="button" class="inst-older" onClick=${loadOlder}>Show earlier</button></li>`}
      ${records.map((record) => html`<${Row} key=${record.n} record=${record} />`)}
    </ol>`;
}

function Row({ record }) {
  const { direction, kind, status, ms, error, summary, at } = record;
  const failed = hasFailed(record);
  return html`
    <li><button type="button" class="inst-row" data-n=${record.n} data-failed=${failed} onClick=${() => open(record.n)}>
      <span class="inst-arrow" data-to=${direction}><span aria-hidden="true">${ARROWS[direction]}</span>
        <span class="unseen">${direction === "to_app" ? `to ${app.value?.name}` : `from ${app.value?.name}`}</span></span>
      <span class="inst-kind">${kind}${summary && html` <span class="inst-summary">${summary}</span>`}</span>
      <span class="inst-nums">${failed && html`<span class="inst-bad">${error || status}</span>`}
        ${!failed && status > 0 && html`<span>${status}</span>`}
        ${ms > 0 && html`<span>${round(ms)} ms</span>`}
        <time datetime=${at}>${timeIn(at, zone.value)}</time></span>
    </button></li>`;
}

function Full({ record }) {
  const back = useRef(null);
  useEffect(() => back.current?.focus(), []);
  const { payload, response, n, direction, kind, at, status, error } = record;
  const facts = [
    direction === "to_app" ? `To ${app.value?.name}` : `From ${app.value?.name}`,
    timeIn(at, zone.value), status > 0 && `status ${status}`, record.ms > 0 && `${round(record.ms)} ms`, error,
  ].filter(Boolean);

  function leave() {
    opened.value = null;
    requestAnimationFrame(() => document.querySelector(`.inst-wire [data-n="${n}"]`)?.focus());
  }

  return html`
    <div class="inst-full" onKeyDown=${(event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      leave();
    }}>
      <button type="button" class="button" ref=${back} onClick=${leave}>Back to the list</button>
      <h3>${kind}</h3>
      <p class="inst-soft">${facts.join(" · ")}</p>
      <${Json} title="Sent" value=${payload} />
      ${response !== null && response !== undefined && html`<${Json} title="Answered" value=${response} />`}
    </div>`;
}

function all() {
  const first = wire.value[0]?.n ?? Infinity;
  return [...older.value.filter((record) => record.n < first), ...wire.value];
}

function fits(record) {
  if (failuresOnly.value && !hasFailed(record)) return false;
  const said = `${record.kind} ${record.status} ${record.error ?? ""} ${record.summary ?? ""}`.toLowerCase();
  return words.value.toLowerCase().split(/\s+/).every((word) => said.includes(word));
}

function hasFailed(record) {
  return Boolean(record.error) || record.status >= 400;
}

async function loadOlder() {
  const before = all()[0]?.n;
  const answer = await ask("wire", before === undefined ? {} : { before }, { quiet: true });
  if (!answer.ok) return;
  mayHaveOlder.value = answer.records.length > 0 && answer.records[0].n > 1;
  older.value = [...answer.records, ...older.value];
}

async function open(n) {
  const answer = await ask("wire_record", { n });
  if (answer.ok) opened.value = { ...answer.record, n };
  else if (!answer.told) toast("That request is no longer kept.", "error");
}

function isAtEnd(list) {
  return list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_THE_END;
}

function round(ms) {
  return ms < 10 ? ms.toFixed(1) : Math.round(ms);
}
