/** Writes ticks of many devices like the metronome, as fast as the broker accepts them. */
import { type Log, type OutgoingRecord, openSource } from "@fireworks/streams";
import { numberedDevices } from "../../services/metronome/src/devices.ts";
import { TickEncoder } from "../../services/metronome/src/tick-encoder.ts";
import { inputTopic, PARTITIONS } from "./topics.ts";

const FIRST_EVENT_TIME = 1_767_225_600_000;
const TICKS_PER_TRANSACTION = 10;

export async function preload(
	log: Log,
	topic: string,
	devices: number,
	ticks: number,
): Promise<void> {
	const changelog = { ...inputTopic(`${topic}-changelog`), partitions: 1 };
	await log.ensureTopics([inputTopic(topic), changelog]);
	const source = await openSource({
		log,
		transactionalId: `${topic}-0`,
		changelogTopic: changelog.name,
		owner: "bench",
		transactionTimeoutMs: 30_000,
		restoreTimeoutMs: 30_000,
		signal: new AbortController().signal,
	});
	const encoder = new TickEncoder(numberedDevices(devices), PARTITIONS);
	for (let first = 0; first < ticks; first += TICKS_PER_TRANSACTION) {
		const records: OutgoingRecord[] = [];
		for (let n = first; n < Math.min(ticks, first + TICKS_PER_TRANSACTION); n++)
			encoder.encode(n, FIRST_EVENT_TIME + n * 1_000, records);
		await source.commit(
			new Map([[topic, records]]),
			{ seq: first },
			Date.now(),
		);
	}
	await source.close();
}
