/** Long lists in pieces, so that no single frame has to draw them whole. */
import { useEffect, useState } from "./lib.js";

/** How many of `count` rows to draw now: `step` at first, as many more with each frame. */
export function useGrowing(count, step) {
  const [drawn, setDrawn] = useState(step);
  useEffect(() => {
    if (drawn >= count) return undefined;
    const next = setTimeout(() => setDrawn(drawn + step));
    return () => clearTimeout(next);
  }, [drawn, count]);
  return drawn;
}
