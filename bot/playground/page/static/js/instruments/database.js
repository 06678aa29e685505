/** What the app keeps: each table with its rows, read only. */
import { html, signal, useEffect } from "../lib.js";
import { ask } from "../link.js";
import { rove } from "./rove.js";

const PAGE = 50;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const tables = signal([]);
const opened = signal(null);

/** Draw the list of tables, or the one that was picked. */
export function DatabaseTab() {
  return opened.value ? html`<${Rows} ...${opened.value} />` : html`<${Tables} />`;
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

  function leave() {
    opened.value = null;
    requestAnimationFrame(() => document.querySelector(`[data-table="${table}"]`)?.focus());
  }

  return html`
    <div class="inst-full" onKeyDown=${(event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      leave();
    }}>
      <div class="inst-bar">
        <button type="button" class="button" ref=${focusOnce} onClick=${leave}>All tables</button>
        <button type="button" class="button" onClick=${() => show(table, offset)}>Refresh</button>
      </div>
      <h3>${table}</h3>
      <div class="inst-grid" role="region" aria-label=${`Rows of ${table}`} tabindex="0">
        <table>
          <thead><tr>${columns.map((name) => html`<th key=${name} scope="col">${name}</th>`)}</tr></thead>
          <tbody>${rows.map((row, at) => html`
            <tr key=${offset + at}>${row.map((value, column) => html`<td key=${column}>${shown(value)}</td>`)}</tr>`)}
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

function shown(value) {
  if (value === null) return html`<span class="inst-null">null</span>`;
  const text = String(value);
  const short = ID.test(text) ? `…${text.slice(-8)}` : text;
  return html`<span class="inst-cell" title=${short !== text || text.length > 30 ? text : undefined}>${short}</span>`;
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
