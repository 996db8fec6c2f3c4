/**
 * Time for every part that waits: a clock that tests can replace, back-off, and waits that end with
 * a signal. For Node and browsers; no dependencies.
 */
export { type BackOff, backOffMs } from "./back-off.ts";
export { type Clock, systemClock } from "./clock.ts";
export { aborted, delay, unlessAborted, within } from "./waits.ts";
