/** Up and down through a list of buttons. */

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/** Handle a key in a list: arrows, Home and End move the focus between its buttons. */
export function rove(event) {
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const here = buttons.indexOf(document.activeElement);
  let next = null;
  if (event.key in STEPS) next = here + STEPS[event.key];
  else if (event.key === "Home") next = 0;
  else if (event.key === "End") next = buttons.length - 1;
  if (next === null || !buttons[next]) return;
  event.preventDefault();
  buttons[next].focus();
}
