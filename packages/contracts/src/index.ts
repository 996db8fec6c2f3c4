export * from "./changelog.ts";
export * from "./dead-letter.ts";
export * from "./exit-codes.ts";
export * from "./frames.ts";
export * from "./parse-settings.ts";
export { SETTINGS, type Setting } from "./settings.ts";
export * from "./stream-position.ts";
export * from "./topics.ts";
export * from "./wiener-record.ts";
