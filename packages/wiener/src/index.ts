/**
 * The mathematics of Fireworks as pure functions: the noise of a tick and the advance of a path. No
 * dependencies, no clock, no state.
 */
export type { PathPoint, Step, TickInput } from "./advance.ts";
export { advance } from "./advance.ts";
export type { DeviceWords } from "./device-words.ts";
export { deviceWords } from "./device-words.ts";
export { inverseNormal } from "./inverse-normal.ts";
export { noise } from "./noise.ts";
export { philox4x32 } from "./philox.ts";
export { portableLog } from "./portable-log.ts";
export type { Seed } from "./seed.ts";
export { parseSeed } from "./seed.ts";
