/**
 * Checks ticks and output. The committed ticks of each device are 0, 1, 2 and so on. At every
 * moment, the committed output of each device is the start of its path, bit for bit: no step twice,
 * none left out, none out of order, none before its tick. The checker computes the path from the
 * ticks itself.
 */
import { encodeWiener, parseTick, type Tick } from "@fireworks/contracts";
import type { LogRecord } from "../../packages/streams/src/log.ts";
import {
	advance,
	deviceWords,
	noise,
	parseSeed,
} from "../../packages/wiener/src/index.ts";
import { Violation } from "./violation.ts";

interface Path {
	readonly ticks: Tick[];
	/** Number of steps seen in the output. */
	seen: number;
	value: number;
}

export class PathChecker {
	readonly #seed;
	readonly #advanceMs: number;
	readonly #paths = new Map<string, Path>();
	outputs = 0;

	/** seed: of the noise. advanceMs: event time between two ticks. */
	constructor(seed: string, advanceMs: number) {
		this.#seed = parseSeed(seed);
		this.#advanceMs = advanceMs;
	}

	get ticks(): number {
		return [...this.#paths.values()].reduce((n, p) => n + p.ticks.length, 0);
	}

	/** Checks a committed tick. */
	tick(record: LogRecord): void {
		const tick = parseTick(record.key, record.value);
		const path = this.#path(tick.deviceId);
		const last = path.ticks.at(-1);
		if (
			tick.seq !== path.ticks.length ||
			(last !== undefined &&
				tick.timestamp !== last.timestamp + this.#advanceMs)
		)
			throw new Violation(
				"ticks",
				`tick ${tick.seq} at ${tick.timestamp} of ${tick.deviceId} after ${last?.seq} at ${last?.timestamp}`,
			);
		path.ticks.push(tick);
	}

	/** Checks a committed record of the output. */
	output(record: LogRecord): void {
		const deviceId = String(record.key);
		const path = this.#path(deviceId);
		const tick = path.ticks[path.seen];
		const text = String(record.value);
		if (tick === undefined)
			throw new Violation("path", `${text} has no tick (${path.seen} seen)`);
		const previous = path.ticks[path.seen - 1];
		const step = advance(
			previous && { timestamp: previous.timestamp, value: path.value },
			tick,
			previous === undefined
				? 0
				: noise(this.#seed, deviceWords(deviceId), tick.seq),
		);
		if (step === undefined) throw new Error("not finite");
		const expected = encodeWiener(JSON.stringify(deviceId), {
			...tick,
			...step,
		});
		if (text !== expected)
			throw new Violation("path", `${text} instead of ${expected}`);
		path.value = step.value;
		path.seen++;
		this.outputs++;
	}

	/** Devices whose output does not contain all their ticks yet. */
	behind(): string[] {
		return [...this.#paths]
			.filter(([, { ticks, seen }]) => seen < ticks.length)
			.map(([id, { ticks, seen }]) => `${id} at ${seen} of ${ticks.length}`);
	}

	#path(deviceId: string): Path {
		let path = this.#paths.get(deviceId);
		if (path === undefined) {
			path = { ticks: [], seen: 0, value: 0 };
			this.#paths.set(deviceId, path);
		}
		return path;
	}
}
