/** One view of the stack: title, blocks, errors at their fields, submit and close. */
import { html, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "../lib.js";
import { ask } from "../link.js";
import { Blocks } from "./blocks.js";
import { useBusy } from "./here.js";
import { Text } from "./mrkdwn.js";
import { flushed } from "./typing.js";

const CANCEL = { type: "plain_text", text: "Cancel" };
const FIRST_FIELD = ".modal-body :is(input, textarea):not(:disabled)";
const FIELDS = "input, textarea, select, button";

/** Draw a view; one that is not on top keeps what was typed and where the focus was. */
export function ModalPage({ view, onTop, depth, leave }) {
  const page = useRef(null);
  const held = useMemo(() => new Map(), []);
  const [errors, setErrors] = useState(view.errors ?? {});
  const [refusals, setRefusals] = useState(0);
  const [told, setTold] = useState("");
  const [busy, run] = useBusy();
  const edited = useCallback((block) => setErrors(({ [block]: _, ...rest }) => rest), []);
  useFocusKept(page, onTop, view);
  useEffect(() => setErrors(view.errors ?? {}), [view.hash, JSON.stringify(view.errors)]);
  useEffect(() => {
    page.current.querySelector(`[data-invalid] :is(${FIELDS}):not(:disabled)`)?.focus();
  }, [refusals]);

  const submit = (event) => {
    event.preventDefault();
    if (!view.submit) return;
    run(async () => {
      setTold("");
      await flushed();
      const answer = await ask("submit", { view: view.id, values: valuesOf(view, held) }, { quiet: true });
      if (answer.ok) return;
      setErrors(answer.errors ?? {});
      setRefusals((count) => count + 1);
      if (!answer.errors) setTold(answer.told ?? "That did not work. Try again.");
    });
  };
  const closed = () => leave(view.clear_on_close);
  return html`<form ref=${page} class="modal-page" novalidate hidden=${!onTop} onSubmit=${submit} aria-busy=${busy || null}>
    <header>
      ${depth > 0 && html`<button type="button" class="plain-button back" aria-label="Back" onClick=${() => leave()}>←</button>`}
      <h2 id=${`title-${view.id}`} tabindex="-1"><${Text} of=${view.title} /></h2>
      <button type="button" class="plain-button" aria-label="Close" onClick=${closed}>✕</button>
    </header>
    <${Body}>
      <${Blocks} blocks=${view.blocks} surface="modal" place=${{ view: view.id }} values=${view.state?.values} errors=${errors}
        held=${held} told=${setTold} edited=${edited} />
    <//>
    ${told && html`<p class="told" role="alert">${told}</p>`}
    <footer>
      ${depth > 0 && html`<button type="button" class="button clear-all" onClick=${() => leave(true)}>Clear all</button>`}
      <button type="button" class="button" onClick=${closed}><${Text} of=${view.close ?? CANCEL} /></button>
      ${view.submit && html`<button type="submit" class="button primary" disabled=${busy}>
        <${Text} of=${view.submit} />${busy && html`<span class="spinner" aria-hidden="true"></span>`}</button>`}
    </footer>
  </form>`;
}

function Body({ children }) {
  const body = useRef(null);
  useEffect(() => {
    const shown = body.current;
    const sizes = new ResizeObserver(() => mark(shown));
    sizes.observe(shown);
    sizes.observe(shown.firstElementChild);
    return () => sizes.disconnect();
  }, []);
  return html`<div ref=${body} class="modal-body" onScroll=${() => mark(body.current)}>${children}</div>`;
}

function mark(body) {
  const { scrollTop, scrollHeight, clientHeight } = body;
  body.classList.toggle("more-above", scrollTop > 1);
  body.classList.toggle("more-below", scrollTop + clientHeight < scrollHeight - 1);
}

/** Keep the focus within the page: the first field at first, then where it was; where that is gone, the title. */
function useFocusKept(page, onTop, view) {
  const last = useRef(null);
  useEffect(() => {
    const noted = (event) => { last.current = event.target; };
    page.current.addEventListener("focusin", noted);
    return () => page.current?.removeEventListener("focusin", noted);
  }, []);
  useLayoutEffect(() => {
    if (!onTop) return;
    queueMicrotask(() => {
      const form = page.current;
      const at = document.activeElement;
      if (!form?.isConnected || (form.contains(at) && at.matches(FIELDS)) || at?.closest("dialog.confirm")) return;
      const before = last.current?.isConnected && last.current.matches(FIELDS) ? last.current : null;
      const first = form.querySelector("[data-first]") ?? form.querySelector(FIRST_FIELD) ?? form.querySelector("h2");
      (before ?? first).focus();
    });
  }, [onTop, view.hash]);
}

/** The view's state with what was typed here and may not have come back yet. */
function valuesOf(view, held) {
  const values = structuredClone(view.state?.values ?? {});
  for (const [field, state] of held) {
    const [block, action] = JSON.parse(field);
    if (values[block]?.[action]?.type === state.type) values[block][action] = state;
  }
  return values;
}
