/** The few library names the page uses, in one place. */
import { Fragment, createContext, h, render } from "preact";
import { useCallback, useContext, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { batch, computed, effect, signal, untracked, useComputed, useSignal, useSignalEffect } from "@preact/signals";
import htm from "htm";

/** Template tag for markup: html`<p>${text}</p>`; text is always escaped. */
const html = htm.bind(h);

export {
  Fragment, batch, computed, createContext, effect, h, html, render, signal, untracked,
  useCallback, useComputed, useContext, useEffect, useId, useLayoutEffect, useMemo, useRef, useSignal,
  useSignalEffect, useState,
};
