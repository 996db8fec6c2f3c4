/**
 * All checkers together, on one broker: what they check after every event, and what is still
 * missing.
 */
import type { MemoryBroker } from "../../packages/streams/src/memory/broker.ts";
import type { TransactionEvent } from "../../packages/streams/src/memory/transactions.ts";
import { Committed } from "./committed.ts";
import type { Maintenance } from "./maintenance.ts";
import { OwnerChecker } from "./owner-checker.ts";
import { PathChecker } from "./path-checker.ts";
import type { StrangeInput } from "./strange-input.ts";
import { Violation } from "./violation.ts";
import { INTERVALS, SEED_OF_NOISE, TOPICS } from "./world.ts";

export class Checks {
	readonly paths = new PathChecker(SEED_OF_NOISE, INTERVALS.advanceMs);
	/** Checks what the reader receives. */
	readonly reader = new PathChecker(SEED_OF_NOISE, INTERVALS.advanceMs);
	readonly #owners = new OwnerChecker();
	readonly #ticks: Committed;
	readonly #output: Committed;
	readonly #deadLetters: Committed;
	readonly #maintenance: Maintenance;
	readonly #strange: StrangeInput;
	readonly #ignore: string | undefined;
	#violation: Violation | undefined;

	/** ignore: a checker to switch off, so that another one must find the fault. */
	constructor(
		broker: MemoryBroker,
		maintenance: Maintenance,
		strange: StrangeInput,
		ignore: string | undefined,
	) {
		const { output, deadLetter } = TOPICS.processor;
		this.#ticks = new Committed(broker, TOPICS.ticks.name);
		this.#output = new Committed(broker, output.name);
		this.#deadLetters = new Committed(broker, deadLetter.name);
		this.#maintenance = maintenance;
		this.#strange = strange;
		this.#ignore = ignore;
	}

	/** The first violation. */
	get violation(): Violation | undefined {
		return this.#violation;
	}

	afterEvent(): void {
		this.guard(() => {
			for (const record of this.#ticks.newRecords()) {
				if (!this.#strange.isTick(record)) continue;
				this.paths.tick(record);
				this.reader.tick(record);
			}
			for (const record of this.#output.newRecords()) this.paths.output(record);
			for (const record of this.#deadLetters.newRecords())
				this.#strange.deadLetter(record);
			this.#maintenance.check();
		});
	}

	transaction(event: TransactionEvent): void {
		this.guard(() =>
			this.#owners.transaction(event, (partition) =>
				partition.includes("changelog"),
			),
		);
	}

	/** What went in and has not come out yet. */
	behind(): string[] {
		return [
			...this.paths.behind(),
			...this.reader.behind().map((path) => `the reader: ${path}`),
			...this.#strange.outstanding(),
		];
	}

	/** Runs a check and keeps the violation that it throws. */
	guard(check: () => void): void {
		try {
			check();
		} catch (error) {
			this.see(
				error instanceof Violation
					? error
					: new Violation("checker", (error as Error).stack ?? String(error)),
			);
		}
	}

	see(violation: Violation): void {
		if (violation.check !== this.#ignore) this.#violation ??= violation;
	}
}
