/** Tables: the plain one, and the data table with pages and sorting. */
import { html, useState } from "../lib.js";
import { RichText, richWords } from "./rich_text.js";

const PAGE = 5;
const NEXT = { none: "ascending", ascending: "descending", descending: "none" };
const ARROWS = { ascending: " ↑", descending: " ↓" };

/** A table; its first row is drawn as its head. */
export function Table({ block }) {
  const settings = block.column_settings ?? [];
  const kind = (at) => `at-${settings[at]?.align ?? "left"} ${settings[at]?.is_wrapped ? "wrapped" : ""}`;
  const [head, ...rows] = block.rows;
  return html`<div class="table-frame" tabindex="0" role="group" aria-label="Table"><table>
    <thead><tr>${head.map((cell, at) => html`<th scope="col" class=${kind(at)}><${Cell} cell=${cell} /></th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr>
      ${row.map((cell, at) => html`<td class=${kind(at)}><${Cell} cell=${cell} /></td>`)}
    </tr>`)}</tbody>
  </table></div>`;
}

/** A table of data: a page at a time, sorted by the column whose head is pressed. */
export function DataTable({ block }) {
  const [page, setPage] = useState(0);
  const [sort, setSort] = useState({ at: -1, order: "none" });
  const [head, ...all] = block.rows;
  const size = block.page_size ?? PAGE;
  const pages = Math.ceil(all.length / size);
  const shown = Math.min(page, pages - 1);
  const rows = sorted(all, sort).slice(shown * size, (shown + 1) * size);
  const kind = (at) => (all.every((row) => row[at].type === "raw_number") ? "number" : "");
  const named = block.row_header_column_index ?? 0;
  const turn = (at) => {
    setPage(0);
    setSort({ at, order: NEXT[sort.at === at ? sort.order : "none"] });
  };
  const cell = (each, at) => (at === named
    ? html`<th scope="row" class=${kind(at)}><${Cell} cell=${each} /></th>`
    : html`<td class=${kind(at)}><${Cell} cell=${each} /></td>`);
  return html`<div class="table-frame" tabindex="0" role="group" aria-label=${block.caption}><table>
      <caption>${block.caption}</caption>
      <thead><tr>${head.map((each, at) => html`<th scope="col" class=${kind(at)} aria-sort=${sort.at === at ? sort.order : null}>
        <button type="button" onClick=${() => turn(at)}>
          ${wordsOfCell(each)}<span aria-hidden="true">${sort.at === at && ARROWS[sort.order]}</span>
        </button></th>`)}</tr></thead>
      <tbody>${rows.map((row) => html`<tr>${row.map(cell)}</tr>`)}</tbody>
    </table></div>
    ${pages > 1 && html`<div class="pages">
      <button type="button" class="button" disabled=${shown === 0} onClick=${() => setPage(shown - 1)}>Previous</button>
      <span aria-live="polite">${shown * size + 1}–${Math.min((shown + 1) * size, all.length)} of ${all.length}</span>
      <button type="button" class="button" disabled=${shown === pages - 1} onClick=${() => setPage(shown + 1)}>Next</button>
    </div>`}`;
}

function Cell({ cell }) {
  return cell.type === "rich_text" ? html`<${RichText} block=${cell} />` : wordsOfCell(cell);
}

function wordsOfCell(cell) {
  if (cell.type === "rich_text") return richWords(cell);
  return cell.text ?? String(cell.value ?? "");
}

function sorted(rows, { at, order }) {
  if (order === "none") return rows;
  const by = (one, other) => (one[at].type === "raw_number" && other[at].type === "raw_number"
    ? one[at].value - other[at].value
    : wordsOfCell(one[at]).localeCompare(wordsOfCell(other[at]), undefined, { numeric: true }));
  return rows.toSorted((one, other) => (order === "ascending" ? by(one, other) : by(other, one)));
}
