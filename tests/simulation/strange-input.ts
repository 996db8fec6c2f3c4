/**
 * Input records that no metronome wrote. Some are not ticks: each must appear in the dead letters
 * exactly once. Some repeat earlier ticks, as a faulty client does: those must have no effect.
 */
import { DEAD_LETTER_HEADERS } from "@fireworks/contracts";
import type { LogRecord } from "../../packages/streams/src/log.ts";
import type { MemoryBroker } from "../../packages/streams/src/memory/broker.ts";
import type { Random } from "../../packages/streams/src/memory/random.ts";
import { Violation } from "./violation.ts";
import { TOPICS } from "./world.ts";

/** Header of the records that are written here. */
const STRANGE = "strange";

export class StrangeInput {
	readonly #broker: MemoryBroker;
	readonly #random: Random;
	readonly #outstanding = new Map<string, string>();
	readonly #ticks: LogRecord[] = [];
	#written = 0;

	constructor(broker: MemoryBroker, random: Random) {
		this.#broker = broker;
		this.#random = random;
	}

	write(): void {
		const tick = this.#random.oneIn(2)
			? this.#random.pick([undefined, ...this.#ticks])
			: undefined;
		const record = tick ?? {
			partition: this.#random.between(0, TOPICS.ticks.partitions - 1),
			key: null,
			value: `no tick ${this.#written++}`,
		};
		const { name } = TOPICS.ticks;
		const headers = { [STRANGE]: "1" };
		const { partition } = record;
		const offset = this.#broker.topics.append(name, partition, [
			{ ...record, timestamp: 0, headers },
		]);
		if (tick === undefined)
			this.#outstanding.set(`${partition}/${offset}`, String(record.value));
	}

	/**
	 * Notes a committed record of the input. Returns true if it is one of the metronome's ticks.
	 */
	isTick(record: LogRecord): boolean {
		if (record.headers[STRANGE] !== undefined) return false;
		this.#ticks.push(record);
		return true;
	}

	deadLetter({ headers, value }: LogRecord): void {
		const source = `${headers[DEAD_LETTER_HEADERS.partition]}/${headers[DEAD_LETTER_HEADERS.offset]}`;
		const code = headers[DEAD_LETTER_HEADERS.code];
		if (this.#outstanding.get(source) !== String(value) || code !== "bad-json")
			throw new Violation(
				"dead letters",
				`${code}: ${value} of ${source}, which is not outstanding`,
			);
		this.#outstanding.delete(source);
	}

	/** Positions of records whose dead letter is still missing. */
	outstanding(): string[] {
		return [...this.#outstanding.keys()].map((at) => `dead letter of ${at}`);
	}
}
