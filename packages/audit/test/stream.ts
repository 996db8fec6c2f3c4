/**
 * A small stream for the tests of the audit: the ticks of one partition, and a simple processor
 * that treats them as the contract says. The tests then damage one of its topics.
 */
import {
	parseTick,
	partitionOf,
	Refused,
	type RefusedCode,
	verdict,
} from "@fireworks/contracts";
import {
	advance,
	deviceWords,
	noise,
	parseSeed,
	type Seed,
} from "@fireworks/wiener";
import {
	Audit,
	type AuditedTopic,
	type AuditLimits,
	type AuditResult,
	auditPartition,
	type LogRecord,
	type PartitionRange,
} from "../src/index.ts";

const SEED: Seed = parseSeed("42");
const TOPICS = {
	metronome: "metronome",
	wiener: "wiener",
	deadLetter: "dead-letter",
};
export const EPOCH = 1_767_225_600_000;

export type Logs = Record<AuditedTopic, LogRecord[]>;

export interface TickFields {
	deviceId: string;
	seq: number;
	timestamp: number;
	drift: number;
	volatility: number;
}

const copy = (text: string | null) =>
	text === null ? null : Buffer.from(text);

/** A record of `metronome` with these bytes. `logsOf` assigns the offsets. */
export const source = (
	key: string | null,
	value: string | null,
): LogRecord => ({
	partition: 0,
	offset: 0,
	key: copy(key),
	value: copy(value),
	timestamp: EPOCH,
	headers: {},
});

export function tick(
	deviceId: string,
	seq: number,
	more: Partial<TickFields> = {},
): LogRecord {
	const timestamp = EPOCH + seq * 1000;
	const fields = {
		deviceId,
		seq,
		timestamp,
		drift: 0.1,
		volatility: 2,
		...more,
	};
	return source(deviceId, JSON.stringify(fields));
}

/** Ticks 0 to count - 1 of each device, as a metronome writes them. */
export function ticks(
	deviceIds: readonly string[],
	count: number,
): LogRecord[] {
	return Array.from({ length: count }, (_, seq) =>
		deviceIds.map((deviceId) => tick(deviceId, seq)),
	).flat();
}

/** Gives records the offsets 0, 2, 4...: real logs have gaps where transactions end. */
export const numbered = (records: readonly LogRecord[], partition = 0) =>
	records.map((record, i) => ({ ...record, partition, offset: 2 * i }));

/** The three topics of one partition, as a correct processor writes them. */
export function logsOf(
	input: readonly LogRecord[],
	{
		partition = 0,
		partitions = 1,
		seed = SEED,
		resets = new Map<string, readonly number[]>(),
	} = {},
): Logs {
	const metronome = numbered(input, partition);
	const wiener: LogRecord[] = [];
	const deadLetter: LogRecord[] = [];
	const states = new Map<string, TickFields & { value: number }>();
	const waiting = new Map([...resets].map(([id, at]) => [id, [...at]]));
	const refuse = (code: RefusedCode, record: LogRecord) => {
		const headers = {
			"error-code": code,
			"error-message": "for a person",
			"source-topic": "metronome",
			"source-partition": `${partition}`,
			"source-offset": `${record.offset}`,
		};
		deadLetter.push({ ...record, headers });
	};
	for (const record of metronome) {
		try {
			const fields = parseTick(record.key, record.value);
			const { deviceId, seq, timestamp } = fields;
			if (partitionOf(record.key as Buffer, partitions) !== partition) {
				throw new Refused("wrong-partition", "");
			}
			// A reset takes effect before the first tick at its offset or later.
			const due = waiting.get(deviceId);
			if (due?.[0] !== undefined && due[0] <= record.offset) {
				due.shift();
				states.delete(deviceId);
			}
			const previous = states.get(deviceId);
			const outcome = verdict(previous, fields);
			if (outcome === "repeat") continue;
			if (outcome !== "apply") throw new Refused(outcome, "");
			const z = noise(seed, deviceWords(deviceId), seq);
			const step = advance(previous, fields, z);
			if (step === undefined) throw new Refused("not-finite", "");
			states.set(deviceId, { ...fields, value: step.value });
			const value = Buffer.from(JSON.stringify({ ...fields, ...step }));
			wiener.push({ ...record, value, timestamp });
		} catch (error) {
			if (!(error instanceof Refused)) throw error;
			refuse(error.code, record);
		}
	}
	return {
		metronome,
		wiener: numbered(wiener, partition),
		deadLetter: numbered(deadLetter, partition),
	};
}

export interface AuditSetup extends Partial<Omit<PartitionRange, "start">> {
	start?: Partial<PartitionRange["start"]>;
	partitions?: number;
	seed?: Seed;
	limits?: Partial<AuditLimits>;
	resets?: ReadonlyMap<string, readonly number[]>;
	batchSize?: number;
}

async function* batches(records: readonly LogRecord[], size: number) {
	for (let i = 0; i < records.length; i += size)
		yield records.slice(i, i + size);
}

export function rangeOf(logs: Logs, setup: AuditSetup): PartitionRange {
	return {
		partition: setup.partition ?? 0,
		start: { metronome: 0, wiener: 0, deadLetter: 0, ...setup.start },
		metronomeEnd:
			setup.metronomeEnd ?? (logs.metronome.at(-1)?.offset ?? 0) + 1,
		ticksCoverRecords: setup.ticksCoverRecords ?? true,
	};
}

export const auditOf = ({
	seed = SEED,
	partitions = 1,
	limits = {},
	resets = new Map(),
}: AuditSetup) =>
	new Audit({ seed, partitions, topics: TOPICS, limits, resets });

/** Audits the logs of one partition, read in small batches. */
export async function run(
	logs: Logs,
	setup: AuditSetup = {},
): Promise<AuditResult> {
	const audit = auditOf(setup);
	const size = setup.batchSize ?? 3;
	await auditPartition(audit.partition(rangeOf(logs, setup)), {
		metronome: batches(logs.metronome, size),
		wiener: batches(logs.wiener, size),
		deadLetter: batches(logs.deadLetter, size),
	});
	return audit.result();
}

/** Logs with one topic replaced. */
export const spoiled = (
	logs: Logs,
	topic: AuditedTopic,
	change: (records: LogRecord[]) => LogRecord[],
): Logs => ({ ...logs, [topic]: change([...logs[topic]]) });

/** The record with other fields in its JSON value. */
export function withFields(record: LogRecord, fields: object): LogRecord {
	const old = JSON.parse((record.value as Buffer).toString()) as object;
	return {
		...record,
		value: Buffer.from(JSON.stringify({ ...old, ...fields })),
	};
}

/** The record with that seq of that device. */
export function findRecord(
	records: readonly LogRecord[],
	deviceId: string,
	seq: number,
): LogRecord {
	const found = records.find(({ key, value }) => {
		if (key?.toString() !== deviceId || value === null) return false;
		return (JSON.parse(value.toString()) as TickFields).seq === seq;
	});
	if (found === undefined) throw new Error(`no seq ${seq} of ${deviceId}`);
	return found;
}
