/** Charts: a line, bar, area or pie, its legend, and the same as a table. */
import { html, useLayoutEffect, useRef, useState } from "../lib.js";
import { Pie, Plot } from "./plot.js";

const WIDEST = 560;

/** Draw a chart with its caption; "Show as table" shows the numbers instead. */
export function Chart({ block }) {
  const [asTable, setAsTable] = useState(false);
  const { labels, series } = readChart(block.chart);
  return html`<figure>
    <figcaption><b>${block.title}</b></figcaption>
    ${asTable
      ? html`<${Numbers} title=${block.title} labels=${labels} series=${series} first=${block.chart.axis_config?.x_label ?? ""} />`
      : html`<${Drawing} block=${block} labels=${labels} series=${series} />`}
    <button type="button" class="plain-button" aria-pressed=${asTable} onClick=${() => setAsTable(!asTable)}>
      Show as table</button>
  </figure>`;
}

function Drawing({ block, labels, series }) {
  const { chart, title } = block;
  const frame = useRef(null);
  const [wide, setWide] = useState(0);
  useLayoutEffect(() => {
    const sizes = new ResizeObserver(([{ contentRect }]) => setWide(Math.min(WIDEST, Math.round(contentRect.width))));
    sizes.observe(frame.current);
    return () => sizes.disconnect();
  }, []);
  const { x_label: across, y_label: up } = chart.axis_config ?? {};
  const told = `${title}, a ${chart.type} chart. ${inWords(chart, labels, series)}`;
  const names = chart.type === "pie" ? labels : series.map((each) => each.name);
  return html`
    ${up && html`<div class="axis-label">${up}</div>`}
    <div ref=${frame} class="drawing">${chart.type === "pie"
      ? html`<${Pie} labels=${labels} values=${series[0].values} told=${told} />`
      : wide > 0 && html`<${Plot} kind=${chart.type} labels=${labels} series=${series} told=${told} wide=${wide} />`}</div>
    ${across && html`<div class="axis-label across">${across}</div>`}
    ${names.length > 1 && html`<ul class="legend">
      ${names.map((name, at) => html`<li class=${`colour-${at}`}>${name}</li>`)}
    </ul>`}`;
}

function Numbers({ title, labels, series, first }) {
  return html`<div class="table-frame" tabindex="0" role="group" aria-label=${title}><table>
    <caption class="unseen">${title}</caption>
    <thead><tr>
      <th scope="col">${first}</th>${series.map((each) => html`<th scope="col" class="number">${each.name}</th>`)}
    </tr></thead>
    <tbody>${labels.map((label, at) => html`<tr>
      <th scope="row">${label}</th>${series.map(({ values }) => html`<td class="number">${values[at] ?? "–"}</td>`)}
    </tr>`)}</tbody>
  </table></div>`;
}

function readChart(chart) {
  if (chart.type === "pie") {
    const values = chart.segments.map((each) => each.value);
    return { labels: chart.segments.map((each) => each.label), series: [{ name: "Value", values }] };
  }
  const labels = chart.axis_config?.categories ?? chart.series[0].data.map((point) => point.label);
  const series = chart.series.map(({ name, data }) => {
    const known = new Map(data.map((point) => [point.label, point.value]));
    return { name, values: labels.map((label) => known.get(label) ?? null) };
  });
  return { labels, series };
}

function inWords(chart, labels, series) {
  if (chart.type === "pie") return labels.map((label, at) => `${label}: ${series[0].values[at]}`).join(", ");
  return series.map(({ name, values }) => {
    const known = values.map((value, at) => ({ value, label: labels[at] })).filter(({ value }) => value !== null);
    if (!known.length) return `${name}: nothing known`;
    const [first, last] = [known[0], known.at(-1)];
    return `${name}: ${first.value} in ${first.label}, ${last.value} in ${last.label}`;
  }).join("; ");
}
