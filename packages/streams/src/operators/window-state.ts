/**
 * The open windows of a key as text: `[[start, accumulator], ...]`, for sessions
 * `[[start, end, accumulator], ...]`.
 */
import { z } from "zod";
import type { Stage } from "../stage/stage.ts";
import type { StateFormat } from "./state-format.ts";
import type { Window } from "./window.ts";
import type { OpenWindow } from "./window-store.ts";

const timeWindowsSchema = z.array(z.tuple([z.int(), z.unknown()])).min(1);
const sessionsSchema = z.array(z.tuple([z.int(), z.int(), z.unknown()])).min(1);

export function windowsState<A>(
	window: Window,
	format: StateFormat<A>,
): Stage<unknown, readonly OpenWindow<A>[], unknown>["state"] {
	if (window.kind === "session")
		return {
			encode: (windows) =>
				JSON.stringify(
					windows.map(({ start, end, value }) => [
						start,
						end,
						format.toJson(value),
					]),
				),
			decode: (_key, text) =>
				sessionsSchema.parse(JSON.parse(text)).map(([start, end, value]) => ({
					start,
					end,
					value: format.fromJson(value),
				})),
		};
	const { sizeMs } = window;
	return {
		encode: (windows) =>
			JSON.stringify(
				windows.map(({ start, value }) => [start, format.toJson(value)]),
			),
		decode: (_key, text) =>
			timeWindowsSchema.parse(JSON.parse(text)).map(([start, value]) => ({
				start,
				end: start + sizeMs,
				value: format.fromJson(value),
			})),
	};
}
