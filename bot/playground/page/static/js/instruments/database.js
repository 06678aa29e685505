/** What the app keeps: each table with its rows, read only. */
import { html, signal, useEffect } from "../lib.js";
import { ask } from "../link.js";
import { Json } from "./json.js";
import { rove } from "./rove.js";

const PAGE = 50;
const LONGEST = 80;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const tables = signal([]);
/** The page of a table on show: {table, offset, columns, rows, total}, or null. */
const opened = signal(null);
/** The row of that page that is shown whole, counted from 0, or null. */
const whole = signal(null);

/** Draw the list of tables, the one that was picked, or one row of it. */
export function DatabaseTab() {
  if (!opened.value) return html`<${Tables} />`;
  return whole.value === null ? html`<${Rows} ...${opened.value} />` : html`<${Row} ...${opened.value} at=${whole.value} />`;
}

function Tables() {
  useEffect(() => { count(); }, []);
  return html`
    <div class="inst-bar"><p class="inst-soft">What is kept, table by table. Nothing can be changed here.</p>
      <button type="button" class="button" onClick=${count}>Refresh</button></div>
    <ul class="inst-tables" aria-label="Tables" onKeyDown=${rove}>
      ${tables.value.map(({ name, rows }) => html`
        <li key=${name}><button type="button" data-table=${name} onClick=${() => show(name, 0)}>
          <span>${name}</span><span class="inst-soft">${rows.toLocaleString("en")}<span class="unseen"> rows</span></span>
        </button></li>`)}
    </ul>`;
}

function Rows({ table, offset, columns, rows, total }) {
  const last = offset + rows.length;
  const leave = () => close(opened, `[data-table="${table}"]`);
  return html`
    <div class="inst-full" onKeyDown=${onEscape(leave)}>
      <div class="inst-bar">
        <button type="button" class="button" ref=${focusOnce} onClick=${leave}>All tables</button>
        <button type="button" class="button" onClick=${() => show(table, offset)}>Refresh</button>
      </div>
      <h3>${table}</h3>
      <div class="inst-grid" role="region" aria-label=${`Rows of ${table}`} tabindex="0">
        <table>
          <thead><tr><th scope="col"><span class="unseen">Row</span></th>
            ${columns.map((name) => html`<th key=${name} scope="col">${name}</th>`)}</tr></thead>
          <tbody onKeyDown=${rove}>${rows.map((row, at) => html`
            <tr key=${offset + at}><td><button type="button" data-row=${at} aria-label=${`Open row ${offset + at + 1}`}
              onClick=${() => { whole.value = at; }}>${offset + at + 1}</button></td>
              ${row.map((value, column) => html`<td key=${column}>${shown(value)}</td>`)}</tr>`)}
          </tbody>
        </table>
      </div>
      <div class="inst-bar" role="group" aria-label="Pages">
        <button type="button" class="button" disabled=${offset === 0} onClick=${() => show(table, Math.max(0, offset - PAGE))}>Earlier</button>
        <span class="inst-soft" aria-live="polite">${total ? `${offset + 1}–${last} of ${total.toLocaleString("en")}` : "No rows"}</span>
        <button type="button" class="button" disabled=${last >= total} onClick=${() => show(table, last)}>Later</button>
      </div>
    </div>`;
}

function Row({ table, offset, columns, rows, at }) {
  const leave = () => close(whole, `[data-row="${at}"]`);
  return html`
    <div class="inst-full" onKeyDown=${onEscape(leave)}>
      <button type="button" class="button" ref=${focusOnce} onClick=${leave}>Back to the rows</button>
      <h3>${table}, row ${offset + at + 1}</h3>
      <${Json} title="Kept" value=${Object.fromEntries(columns.map((name, column) => [name, rows[at][column]]))} />
    </div>`;
}

function shown(value) {
  if (value === null) return html`<span class="inst-null">null</span>`;
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return html`<span class="inst-cell">${ID.test(text) ? `…${text.slice(-8)}` : text.slice(0, LONGEST)}</span>`;
}

function onEscape(leave) {
  return (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    leave();
  };
}

/** Close what a signal holds open; the focus goes back to where it was opened. */
function close(held, opener) {
  held.value = null;
  requestAnimationFrame(() => document.querySelector(opener)?.focus());
}

function focusOnce(button) {
  if (button && !button.closest(".inst-full").contains(document.activeElement)) button.focus();
}

async function count() {
  const answer = await ask("tables");
  if (answer.ok) tables.value = answer.tables;
}

async function show(table, offset) {
  const answer = await ask("rows", { table, offset });
  if (answer.ok) opened.value = { table, offset, columns: answer.columns, rows: answer.rows, total: answer.total };
}
