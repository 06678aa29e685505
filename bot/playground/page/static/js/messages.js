/** The message list of a conversation: newest at the foot, older ones loaded as one scrolls up. */
import { html, useEffect, useLayoutEffect, useRef, useSignal } from "./lib.js";
import { arrows } from "./focus.js";
import { Icon } from "./icons.js";
import { authorOf, Message } from "./message.js";
import { channelTitle } from "./names.js";
import { loadNewest, loadOlder, me, messagesOf, now, today, trim, zone } from "./state.js";
import { dayName, dayOf, msOf } from "./when.js";

const GROUPED_MS = 5 * 60_000;
const FAR = 300;

/**
 * Split messages into days, and mark those that follow one of the same author within five minutes.
 * `shown` is the result before: a day in which nothing changed keeps its rows, so that it is not drawn again.
 */
function byDay(messages, inZone, shown) {
  const days = [];
  let before = null;
  for (const message of messages) {
    const ms = msOf(message.ts);
    const key = dayOf(ms, inZone);
    if (days.at(-1)?.key !== key) {
      days.push({ key, ms, rows: [] });
      before = null;
    }
    days.at(-1).rows.push({ message, compact: before !== null && follows(message, before) });
    before = message;
  }
  return days.map((day) => {
    const old = shown.find((each) => each.key === day.key);
    return old && sameRows(old.rows, day.rows) ? old : day;
  });
}

function sameRows(one, other) {
  return one.length === other.length
    && one.every((row, at) => row.message === other[at].message && row.compact === other[at].compact);
}

function follows(message, before) {
  return authorOf(message) === authorOf(before)
    && Boolean(message.only_you) === Boolean(before.only_you)
    && !message.subtype === !before.subtype
    && msOf(message.ts) - msOf(before.ts) < GROUPED_MS;
}

/** The scrolling list.  Its box is a reversed column, so the browser itself holds the place when pages are added above. */
export function Messages({ channel }) {
  const { messages, more, loaded } = messagesOf(channel.id).value;
  const box = useRef(null);
  const far = useSignal(false);
  const days = useRef([]);
  days.current = byDay(messages, zone.value, days.current);
  useEffect(() => {
    if (!messagesOf(channel.id).peek().loaded) loadNewest(channel.id);
    return () => trim(channel.id);
  }, [channel.id]);
  const newest = messages.at(-1);
  useLayoutEffect(() => {
    if (newest && (newest.only_you || authorOf(newest) === me.peek())) box.current.scrollTop = 0;
  }, [newest?.ts]);
  const scrolled = () => { far.value = box.current.scrollTop < -FAR; };
  const title = channelTitle(channel);
  return html`<div class="messages-frame">
    <div class="messages" ref=${box} tabindex="0" role="region" aria-label=${`Messages in ${title}`} aria-busy=${!loaded}
      onScroll=${scrolled} onKeyDown=${arrows(".message")}>
      <div class="messages-inner">
        ${more && html`<${Older} channel=${channel.id} box=${box} />`}
        ${loaded && !more && html`<${Beginning} channel=${channel} title=${title} />`}
        ${days.current.map((day) => html`<${Day} key=${day.key} ...${day} />`)}
      </div>
    </div>
    <${ToNewest} far=${far} box=${box} />
  </div>`;
}

function Day({ ms, rows }) {
  const name = today.value && dayName(ms, now(), zone.value);
  return html`<section class="day" aria-label=${name}>
    <h2 class="day-name"><span>${name}</span></h2>
    <ol>${rows.map(({ message, compact }) => html`<${Message} key=${message.ts} message=${message} compact=${compact} />`)}</ol>
  </section>`;
}

function Older({ channel, box }) {
  const mark = useRef(null);
  useEffect(() => {
    let busy = false;
    const near = new IntersectionObserver(async ([entry]) => {
      if (!entry.isIntersecting || busy) return;
      busy = true;
      near.unobserve(mark.current);
      await loadOlder(channel);
      busy = false;
      if (mark.current) near.observe(mark.current);
    }, { root: box.current, rootMargin: "800px 0px 0px 0px" });
    near.observe(mark.current);
    return () => near.disconnect();
  }, [channel]);
  return html`<p class="older" ref=${mark}>Loading older messages…</p>`;
}

function Beginning({ channel, title }) {
  if (channel.kind === "im") return html`<p class="beginning">This is the start of your conversation with <strong>${title}</strong>.</p>`;
  return html`<p class="beginning"><strong>${title}</strong> starts here.</p>`;
}

function ToNewest({ far, box }) {
  if (!far.value) return null;
  const jump = () => box.current.scrollTo({ top: 0 });
  return html`<button type="button" class="button to-newest" onClick=${jump}><${Icon} name="down" size="16" />Newest messages</button>`;
}
