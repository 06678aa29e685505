/** Block Kit, drawn: give it blocks and where they stand. */
import { html, useContext, useLayoutEffect, useMemo, useRef } from "../lib.js";
import { Alert, Card, Carousel, Context, Divider, Header, ImageBlock, Section, topicOf } from "./layout.js";
import { Chart } from "./chart.js";
import { Element } from "./element.js";
import { Here } from "./here.js";
import { InputBlock } from "./input.js";
import { Markdown } from "./markdown.js";
import { RichText } from "./rich_text.js";
import { DataTable, Table } from "./tables.js";
import { Text, wordsIn } from "./mrkdwn.js";

const DRAWN = {
  actions: Actions,
  alert: Alert,
  card: Card,
  carousel: Carousel,
  container: Container,
  context: Context,
  data_table: DataTable,
  data_visualization: Chart,
  divider: Divider,
  header: Header,
  image: ImageBlock,
  input: InputBlock,
  markdown: Markdown,
  rich_text: RichText,
  section: Section,
  table: Table,
};

/**
 * Draw a list of blocks.
 *
 * `surface` is "message", "modal" or "home"; `place` {channel, ts} or {view}; `values` a view's state.values; `errors`
 * by block_id.  For modals: `held`, a Map of what fields hold; `told`, called with a sentence to show; `edited`, called
 * when a field changes.
 */
export function Blocks({ blocks, surface, place, values, errors, disabled = false, held, told, edited }) {
  const here = useMemo(() => ({ surface, place, values, errors: errors ?? {}, disabled, held, told, edited }),
    [surface, place.channel, place.ts, place.view, values, errors, disabled, held]);
  const frame = useFocusKept();
  return html`<${Here.Provider} key=${place.view ?? `${place.channel} ${place.ts}`} value=${here}>
    <div ref=${frame} class=${`blocks on-${surface}`}><${List} blocks=${blocks} /></div>
  <//>`;
}

/** When what had the focus goes with an update, whatever holds these blocks takes it: keys go on from there. */
function useFocusKept() {
  const frame = useRef(null);
  const had = frame.current?.contains(document.activeElement);
  useLayoutEffect(() => {
    if (had && !frame.current.contains(document.activeElement)) frame.current.closest("[tabindex]")?.focus({ preventScroll: true });
  });
  return frame;
}

function List({ blocks }) {
  return blocks.map((block, at) => html`<${Block} key=${block.block_id ?? at} block=${block} above=${blocks[at - 1]} />`);
}

function Block({ block, above }) {
  const { errors } = useContext(Here);
  const known = DRAWN[block.type];
  const invalid = Boolean(errors[block.block_id]) || null;
  return html`<div class=${`block ${block.type}`} data-block=${block.block_id} data-invalid=${invalid}>
    ${known ? html`<${known} block=${block} above=${above} />` : html`<${Unknown} type=${block.type} />`}
  </div>`;
}

/** A row of elements; what stands right above it is what they are about. */
function Actions({ block, above }) {
  const about = topicOf(above);
  return block.elements.map((element) => (
    html`<${Element} key=${`${element.action_id} ${element.type}`} block=${block} element=${element} about=${about} />`));
}

function Container({ block }) {
  const title = html`<b><${Text} of=${block.title} /></b> <span class="soft"><${Text} of=${block.subtitle} /></span>`;
  const inside = html`<${List} blocks=${block.child_blocks} />`;
  if (block.is_collapsible) {
    return html`<details open=${!block.default_collapsed}><summary>${title}</summary>${inside}</details>`;
  }
  return html`<div role="group" aria-label=${wordsIn(block.title)}><div class="container-head">${title}</div>${inside}</div>`;
}

function Unknown({ type }) {
  return html`<p class="soft">Slack shows a block of the kind “${type}” here; this page does not draw it.</p>`;
}
