/**
 * Audits one partition: takes the records of its three topics, each in offset order, and passes
 * them to the checks of devices and dead letters.
 *
 * The three streams are read in parallel, never one completely before another. `wants` names the
 * topic that is behind, so memory stays small however long the logs are.
 */
import { isUtf8 } from "node:buffer";
import {
	parseTick,
	partitionOf,
	Refused,
	type Tick,
} from "@fireworks/contracts";
import type { PartitionContext } from "./context.ts";
import { DeadLetterAudit } from "./dead-letter-audit.ts";
import { deadLetterSource } from "./dead-letter-source.ts";
import { DeviceAudit } from "./device-audit.ts";
import type { FindingKind } from "./findings.ts";
import { readPathRecord } from "./path-record.ts";
import type { AuditedTopic, LogRecord } from "./types.ts";

export class PartitionAudit {
	readonly #context: PartitionContext;
	readonly #devices = new Map<string, DeviceAudit>();
	readonly #deadLetters: DeadLetterAudit;

	constructor(context: PartitionContext) {
		this.#context = context;
		this.#deadLetters = new DeadLetterAudit(
			context,
			(deviceId, tickOffset) =>
				this.#devices.get(deviceId)?.isUndecided(tickOffset) ?? false,
		);
	}

	/** The topic to read next. undefined when all are at their ends: then call `finish`. */
	wants(): AuditedTopic | undefined {
		const { ended, load, limits } = this.#context;
		const letters = this.#deadLetters;
		const isRecordDue =
			load.outstanding > 0 && load.early < limits.earlyPerPartitionMax;
		const isLetterDue = letters.outstanding > 0 && !letters.isFull;
		if (!ended.wiener && (isRecordDue || ended.metronome)) return "wiener";
		if (!ended.deadLetter && (isLetterDue || ended.metronome)) {
			return "deadLetter";
		}
		return ended.metronome ? undefined : "metronome";
	}

	/**
	 * Takes the next record of a topic. The result is right for any order of the topics; the order
	 * of `wants` needs the least memory.
	 */
	take(topic: AuditedTopic, record: LogRecord): void {
		if (topic === "metronome") this.#takeTick(record);
		else if (topic === "wiener") this.#takeRecord(record);
		else this.#deadLetters.found(record);
	}

	/** A topic has been read to its end. */
	end(topic: AuditedTopic): void {
		this.#context.ended[topic] = true;
		if (topic === "deadLetter") {
			this.#deadLetters.endLetters();
		} else if (topic === "wiener") {
			for (const device of this.#devices.values()) device.endRecords();
		} else {
			for (const device of this.#devices.values()) device.endTicks();
			this.#deadLetters.endTicks();
		}
	}

	/** All topics have been read to their ends. */
	finish(): void {
		for (const device of this.#devices.values()) device.finish();
	}

	#takeTick(record: LogRecord): void {
		const { counts, range } = this.#context;
		if (record.offset < range.metronomeEnd) counts.ticks++;
		let tick: Tick | undefined;
		try {
			tick = parseTick(record.key, record.value);
		} catch (error) {
			if (!(error instanceof Refused)) throw error;
			this.#deadLetters.expect(error.code, deadLetterSource(record));
		}
		if (tick !== undefined) {
			if (this.#isMisplaced(record.key as Buffer)) {
				const source = deadLetterSource(record, tick);
				this.#deadLetters.expect("wrong-partition", source);
			} else {
				this.#device(tick.deviceId).tick(tick, record);
			}
		}
		this.#deadLetters.passed(record.offset);
	}

	#takeRecord(record: LogRecord): void {
		const { key } = record;
		this.#context.counts.records++;
		if (key === null || !isUtf8(key)) {
			const found = key === null ? "no key" : "a key that is not UTF-8";
			this.#report(
				"unreadable-record",
				record,
				null,
				"a DeviceID as key",
				found,
			);
			return;
		}
		// The key decides which device a record belongs to: it sets the partition and the state in
		// which a reader uses the record.
		const deviceId = key.toString("utf8");
		if (this.#isMisplaced(key)) {
			const { partitions, range } = this.#context;
			const expected = `partition ${partitionOf(key, partitions)}, its key's`;
			const found = `partition ${range.partition}`;
			this.#report("wrong-partition", record, deviceId, expected, found);
			return;
		}
		const found = readPathRecord(record);
		if (typeof found === "string") {
			const expected = "a Wiener record";
			this.#report("unreadable-record", record, deviceId, expected, found);
			return;
		}
		this.#device(deviceId).record(found);
	}

	#isMisplaced(key: Buffer): boolean {
		const { partitions, range } = this.#context;
		return partitionOf(key, partitions) !== range.partition;
	}

	#device(deviceId: string): DeviceAudit {
		const known = this.#devices.get(deviceId);
		if (known !== undefined) return known;
		const device = new DeviceAudit(deviceId, this.#context, this.#deadLetters);
		this.#devices.set(deviceId, device);
		this.#context.counts.devices++;
		return device;
	}

	#report(
		kind: FindingKind,
		{ offset }: LogRecord,
		deviceId: string | null,
		expected: string,
		found: string,
	): void {
		const { findings, topics, range } = this.#context;
		findings.add({
			kind,
			topic: topics.wiener,
			partition: range.partition,
			offset,
			deviceId,
			seq: null,
			expected,
			found,
		});
	}
}
