/** The drawing of a chart, as SVG. */
import { html } from "../lib.js";

const TALL = 220;
const [LEFT, TOP, BOTTOM, MARGIN] = [44, 12, TALL - 24, 12];
const LABEL_WIDTH = 64;
const SMALLEST_SHARE = 0.05;

/** Lines, areas or bars over categories, `wide` pixels; `series` [{name, values}], null where nothing is known. */
export function Plot({ kind, labels, series, told, wide }) {
  const ticks = ticksFor(series.flatMap((each) => each.values).filter((value) => value !== null), kind !== "line");
  const [low, high] = [ticks[0], ticks.at(-1)];
  const y = (value) => BOTTOM - ((value - low) / (high - low)) * (BOTTOM - TOP);
  const floor = y(Math.min(Math.max(0, low), high));
  const right = wide - MARGIN;
  const band = (right - LEFT) / labels.length;
  const x = (at) => LEFT + band * (at + 0.5);
  const every = Math.ceil(LABEL_WIDTH / band);
  return html`<svg viewBox=${`0 0 ${wide} ${TALL}`} role="img" aria-label=${told}>
    ${ticks.map((tick) => html`<line class="grid" x1=${LEFT} x2=${right} y1=${y(tick)} y2=${y(tick)} />
      <text x=${LEFT - 8} y=${y(tick)} class="at-left">${short(tick)}</text>`)}
    ${labels.map((label, at) => at % every === 0 && html`<text x=${x(at)} y=${TALL - 6} class="below">${label}</text>`)}
    ${series.map((each, at) => html`<g class=${`colour-${at}`}>
      ${kind === "bar"
        ? html`<${Bars} series=${each} labels=${labels} at=${at} of=${series.length} band=${band} y=${y} floor=${floor} />`
        : html`<${Line} series=${each} labels=${labels} x=${x} y=${y} floor=${kind === "area" ? floor : null} />`}
    </g>`)}
  </svg>`;
}

/** Shares of a whole. */
export function Pie({ labels, values, told }) {
  const total = values.reduce((sum, value) => sum + value, 0);
  let turned = 0;
  const parts = values.map((value, at) => {
    const [from, share] = [turned, value / total];
    turned += share;
    return { at, from, share, label: `${labels[at]}: ${value} (${Math.round(share * 100)}%)` };
  });
  return html`<svg class="round" viewBox="-110 -110 220 220" role="img" aria-label=${told}>
    ${parts.map(({ at, from, share, label }) => html`<g class=${`colour-${at}`}>
      ${share === 1
        ? html`<circle class="slice" r="100"><title>${label}</title></circle>`
        : html`<path class="slice" d=${slice(from, share)}><title>${label}</title></path>`}
    </g>`)}
    ${parts.filter(({ share }) => share >= SMALLEST_SHARE).map(({ from, share }) => {
      const [across, down] = around(from + share / 2, 66);
      return html`<text class="share" x=${across} y=${down}>${Math.round(share * 100)}%</text>`;
    })}
  </svg>`;
}

function Line({ series, labels, x, y, floor }) {
  const runs = runsOf(series.values);
  const path = (run) => run.map(([at, value], step) => `${step ? "L" : "M"}${x(at)} ${y(value)}`).join("");
  const down = (run) => `L${x(run.at(-1)[0])} ${floor}L${x(run[0][0])} ${floor}Z`;
  return html`
    ${floor !== null && runs.map((run) => html`<path class="area" d=${`${path(run)}${down(run)}`} />`)}
    ${runs.map((run) => html`<path class="line" d=${path(run)} />`)}
    ${runs.flat().map(([at, value]) => html`<circle class="point" cx=${x(at)} cy=${y(value)} r="3">
      <title>${`${series.name}, ${labels[at]}: ${value}`}</title>
    </circle>`)}`;
}

function Bars({ series, labels, at, of, band, y, floor }) {
  const wide = Math.min(28, (band * 0.75) / of);
  return series.values.map((value, place) => value !== null && html`<rect class="bar" width=${wide - 1}
      height=${Math.abs(y(value) - floor)} x=${LEFT + band * (place + 0.5) + wide * (at - of / 2)} y=${Math.min(y(value), floor)}>
    <title>${`${series.name}, ${labels[place]}: ${value}`}</title>
  </rect>`);
}

function runsOf(values) {
  const runs = [[]];
  values.forEach((value, at) => (value === null ? runs.push([]) : runs.at(-1).push([at, value])));
  return runs.filter((run) => run.length);
}

/** Round numbers from under the lowest value to over the highest, four to seven of them. */
function ticksFor(values, fromZero) {
  const known = values.length ? values : [0, 1];
  const low = fromZero ? Math.min(0, ...known) : Math.min(...known);
  const high = Math.max(...known) === low ? low + 1 : Math.max(...known);
  const rough = (high - low) / 4;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * ten).find((each) => each >= rough);
  const first = Math.floor(low / step + 1e-9);
  const length = Math.ceil(high / step - 1e-9) - first + 1;
  return Array.from({ length }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}

function short(value) {
  return new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 2 }).format(value);
}

function slice(from, share) {
  const [start, end] = [around(from, 100), around(from + share, 100)];
  return `M0 0L${start.join(" ")}A100 100 0 ${share > 0.5 ? 1 : 0} 1 ${end.join(" ")}Z`;
}

function around(turn, radius) {
  const angle = turn * 2 * Math.PI;
  return [Math.sin(angle), -Math.cos(angle)].map((each) => Math.round(each * radius * 100) / 100);
}
