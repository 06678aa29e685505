/** The message list of a conversation: newest at the foot, as much of it drawn as somebody can read at once. */
import { html, useEffect, useLayoutEffect, useRef, useSignal } from "./lib.js";
import { byDay } from "./days.js";
import { arrows } from "./focus.js";
import { Icon } from "./icons.js";
import { authorOf, Message } from "./message.js";
import { channelTitle } from "./names.js";
import { lookAt, placeIn, returnTo } from "./reading.js";
import { loadNewest, loadOlder, me, messagesOf, now, sought, today, trim, zone } from "./state.js";
import { dayName } from "./when.js";
import { NEWEST, around, bounds, held, newer, older, oldest } from "./window.js";

const NEAR = 600;
const PAUSE_MS = 1000;

/**
 * The scrolling list.  Its box is a reversed column: `scrollTop` is 0 at the foot and negative above.
 * While somebody is `away` from the foot (the newest timestamp when they left), what arrives is counted, not drawn.
 */
export function Messages({ channel }) {
  const { messages, more, loaded } = messagesOf(channel.id).value;
  const box = useRef(null);
  const days = useRef([]);
  const after = useRef(null);
  const drawn = useSignal(NEWEST);
  const away = useSignal(null);
  const { from, to } = bounds(messages, drawn.value);
  days.current = byDay(messages.slice(from, to), messages[from - 1], zone.value, days.current);

  useEffect(() => {
    if (!messagesOf(channel.id).peek().loaded) loadNewest(channel.id);
    return () => trim(channel.id);
  }, [channel.id]);
  useLayoutEffect(() => {
    after.current?.();
    after.current = null;
  });

  const show = (stretch, then) => {
    after.current = then;
    drawn.value = stretch;
  };
  const move = (how) => {
    const place = placeIn(box.current);
    show(how(messagesOf(channel.id).peek().messages, drawn.peek()), () => returnTo(box.current, place));
  };
  const back = (then) => {
    away.value = null;
    show({ ...NEWEST }, () => {
      box.current.scrollTop = 0;
      then?.();
    });
  };
  const focusOn = (at) => [...box.current.querySelectorAll(".message")].at(at)?.focus();
  const keys = arrows(".message", {
    Home: () => show(oldest(messages), () => focusOn(0)),
    End: () => back(() => focusOn(-1)),
  });
  const climb = async () => {
    const { messages: known } = messagesOf(channel.id).peek();
    const waits = bounds(known, drawn.peek()).from === 0;
    if (waits && !(await loadOlder(channel.id))) return false;
    if (box.current) move(older);
    return true;
  };
  const scrolled = () => {
    const far = box.current.scrollTop < -NEAR;
    if (far && away.peek() === null) {
      away.value = messages.at(-1).ts;
      drawn.value = held(messages, drawn.peek());
    } else if (!far && to === messages.length && away.peek() !== null) {
      away.value = null;
      drawn.value = { ...drawn.peek(), last: null };
    }
  };

  const newest = messages.at(-1);
  useLayoutEffect(() => {
    if (newest && (newest.only_you || authorOf(newest) === me.peek())) back();
  }, [newest?.ts]);
  const wanted = sought.value;
  useLayoutEffect(() => {
    if (wanted?.channel !== channel.id) return;
    sought.value = null;
    if (!messages.some((each) => each.ts === wanted.ts)) return;
    const stretch = around(messages, wanted.ts);
    away.value = stretch.last && newest.ts;
    show(stretch, () => lookAt(box.current, wanted.ts));
  }, [wanted]);
  const title = channelTitle(channel);
  return html`<div class="messages-frame">
    <div class="messages" ref=${box} tabindex="0" role="region" aria-label=${`Messages in ${title}`} aria-busy=${!loaded}
      onScroll=${scrolled} onKeyDown=${keys}>
      <div class="messages-inner">
        ${(from > 0 || more) && html`<${Edge} key="older" box=${box} run=${climb} words="Loading older messages…" />`}
        ${loaded && from === 0 && !more && html`<${Beginning} channel=${channel} title=${title} />`}
        ${days.current.map((day) => html`<${Day} key=${day.key} ...${day} />`)}
        ${to < messages.length && html`<${Edge} key="newer" box=${box} run=${() => move(newer)} />`}
      </div>
    </div>
    ${away.value !== null && html`<${ToNewest} fresh=${count(messages, away.value)} jump=${() => back(() => box.current.focus())} />`}
  </div>`;
}

function count(messages, since) {
  return messages.length - 1 - messages.findLastIndex((each) => each.ts <= since);
}

function Day({ ms, rows }) {
  const name = today.value && dayName(ms, now(), zone.value);
  return html`<section class="day" aria-label=${name}>
    <h2 class="day-name"><span>${name}</span></h2>
    <ol>${rows.map(({ message, compact }) => html`<${Message} key=${message.ts} message=${message} compact=${compact} />`)}</ol>
  </section>`;
}

/** Where what is drawn ends: coming near it runs `run`, frame by frame, with a pause after one that resolves to false. */
function Edge({ box, run, words }) {
  const mark = useRef(null);
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const look = () => mark.current && near.observe(mark.current);
    const near = new IntersectionObserver(async (entries) => {
      if (!entries.at(-1).isIntersecting) return;
      near.disconnect();
      if ((await latest.current()) === false) setTimeout(look, PAUSE_MS);
      else look();
    }, { root: box.current, rootMargin: `${NEAR}px 0px` });
    look();
    return () => near.disconnect();
  }, []);
  return html`<p class=${words ? "older" : "edge"} ref=${mark}>${words}</p>`;
}

function Beginning({ channel, title }) {
  if (channel.kind === "im") return html`<p class="beginning">This is the start of your conversation with <strong>${title}</strong>.</p>`;
  return html`<p class="beginning"><strong>${title}</strong> starts here.</p>`;
}

function ToNewest({ fresh, jump }) {
  const words = fresh ? `${fresh} new ${fresh === 1 ? "message" : "messages"}` : "Newest messages";
  return html`<button type="button" class="button to-newest" onClick=${jump}><${Icon} name="down" size="16" />${words}</button>`;
}
