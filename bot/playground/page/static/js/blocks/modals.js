/** The stack of modals: one dialog, a page for each view, the newest on top. */
import { html, useLayoutEffect, useRef } from "../lib.js";
import { ask } from "../link.js";
import { views } from "../state.js";
import { Notices } from "../toasts.js";
import { ModalPage } from "./modal_page.js";

/** Draw the open views, if any. */
export function Modals() {
  const dialog = useRef(null);
  const stack = views.value;
  const top = stack.at(-1);
  useLayoutEffect(() => {
    if (top && !dialog.current.open) dialog.current.showModal();
    else if (!top && dialog.current?.open) dialog.current.close();
  }, [top?.id]);
  const leave = (everything = false) => ask("close", everything ? { view: top.id, everything } : { view: top.id });
  const cancelled = (event) => {
    event.preventDefault();
    if (event.target === dialog.current) leave();
  };
  return html`<dialog ref=${dialog} class="modal" aria-labelledby=${top ? `title-${top.id}` : null} onCancel=${cancelled}>
    ${stack.map((view, at) => html`<${ModalPage} key=${view.id} view=${view} onTop=${view === top} depth=${at} leave=${leave} />`)}
    ${top && html`<${Notices} />`}
  </dialog>`;
}
