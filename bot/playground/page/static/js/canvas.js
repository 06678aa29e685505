/** A canvas, to be read. */
import { html, useEffect, useRef } from "./lib.js";
import { Markdown } from "./blocks/markdown.js";
import { canvas } from "./state.js";
import { Notices } from "./toasts.js";

/** The canvas that a link has opened, in a window of its own. */
export function Canvas() {
  return canvas.value && html`<${Sheet} ...${canvas.value} />`;
}

function Sheet({ title, markdown }) {
  const box = useRef(null);
  useEffect(() => box.current.showModal(), []);
  return html`<dialog class="modal" ref=${box} aria-labelledby="canvas-title" onClose=${() => { canvas.value = null; }}>
    <div class="modal-page">
      <header><h2 id="canvas-title">${title || "Untitled"}</h2>
        <button type="button" class="plain-button" aria-label="Close" onClick=${() => box.current.close()}>✕</button></header>
      <div class="modal-body canvas" tabindex="0" role="region" aria-label="Canvas" autofocus>
        <${Markdown} block=${{ text: markdown }} /></div>
    </div>
    <${Notices} />
  </dialog>`;
}
