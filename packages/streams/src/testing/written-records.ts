/** What a stage under test has written to the in-memory log. */
import {
	POSITION_KEY,
	positionSchema,
	type TopicSpec,
} from "@fireworks/contracts";
import type { LogRecord } from "../log.ts";
import type { MemoryBroker } from "../memory/broker.ts";
import type { TableNow } from "../stage/broadcast-table.ts";
import { eventTimeOf } from "../stage/keyed-steps.ts";
import { jsonOf, type TestOutput } from "./driver-records.ts";

interface StreamTopics {
	readonly inputs: readonly TopicSpec[];
	readonly changelog: TopicSpec;
}

export class WrittenRecords {
	readonly #broker: MemoryBroker;
	/** Next offset to return, by `topic/partition`. */
	readonly #taken = new Map<string, number>();

	constructor(broker: MemoryBroker) {
		this.#broker = broker;
	}

	/** Whether the position covers all records of the inputs. */
	caughtUp({ inputs, changelog }: StreamTopics): boolean {
		const next = new Map<string, number>();
		const [first, ...others] = inputs;
		for (const { partition, key, value } of this.of(changelog.name)) {
			if (String(key) !== POSITION_KEY) continue;
			const position = positionSchema.parse(JSON.parse(String(value)));
			next.set(`${first?.name}/${partition}`, Number(position.next));
			for (const { name } of others)
				next.set(`${name}/${partition}`, Number(position.inputs?.[name]));
		}
		return inputs.every(({ name }) =>
			this.#broker.topics
				.partitions(name)
				.every(({ high }, p) => (next.get(`${name}/${p}`) ?? 0) >= high),
		);
	}

	/** Whether the broadcast table was read to its end, if there is one. */
	isRead(
		{ tables }: { readonly tables: readonly TopicSpec[] },
		now: TableNow | undefined,
	): boolean {
		return tables.every(({ name }) =>
			this.#broker.topics
				.partitions(name)
				.every(
					({ high }, partition) => (now?.nexts.get(partition) ?? 0) >= high,
				),
		);
	}

	/** The records of a topic since the last call, by partition. */
	take(topic: string): TestOutput[] {
		return this.of(topic)
			.filter(
				({ partition, offset }) =>
					offset >= (this.#taken.get(`${topic}/${partition}`) ?? 0),
			)
			.map(({ key, value, offset, ...rest }) => {
				this.#taken.set(`${topic}/${rest.partition}`, offset + 1);
				const text = value === null ? null : String(value);
				return {
					...rest,
					topic,
					timestamp: eventTimeOf({ ...rest, key, value, offset }),
					key: key === null ? null : String(key),
					value: text,
					json: jsonOf(text),
				};
			});
	}

	/** All committed records of a topic that it still holds. */
	of(topic: string): LogRecord[] {
		return this.#broker.topics
			.partitions(topic)
			.flatMap((log) => [
				...(log.read(log.low, Number.MAX_SAFE_INTEGER)?.records ?? []),
			]);
	}
}
