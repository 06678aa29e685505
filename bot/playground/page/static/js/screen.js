/** How much room the page has. */
import { signal } from "./lib.js";

const WIDE = matchMedia("(min-width: 900px)");

/** Is there room for side bar and conversation beside each other? */
export const wide = signal(WIDE.matches);

WIDE.addEventListener("change", () => { wide.value = WIDE.matches; });
