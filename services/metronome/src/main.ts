/** The metronome: one tick per device and interval, to Kafka. */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import {
	EXIT,
	KAFKA_SETTINGS,
	metronomeTopics,
	SettingsError,
	TOPIC_SETTINGS,
	variableOf,
} from "@fireworks/contracts";
import { runService, ServiceExit } from "@fireworks/service-kit";
import { openLog, openSource, StreamsError } from "@fireworks/streams";
import { devicesOfFile, numberedDevices } from "./devices.ts";
import { createMetronomeMetrics } from "./metrics.ts";
import { Metronome } from "./metronome.ts";
import { steadyClock } from "./steady-clock.ts";
import { TickEncoder } from "./tick-encoder.ts";

/** What the processor is measured to follow on two cores, with room. */
const RECORDS_PER_SECOND_MAX = 20_000;
const TRANSACTION_TIMEOUT_MS = 10_000;
const RESTORE_TIMEOUT_MS = 30_000;

await runService({
	name: "metronome",
	settings: [
		...TOPIC_SETTINGS,
		...KAFKA_SETTINGS,
		"metronomePort",
		"metronomeIntervalMs",
		"metronomeAdvanceMs",
		"metronomeDevices",
		"metronomeDevicesFile",
		"metronomeCatchUpMaxMs",
		"metronomeTransactionRecordsMax",
	],
	async run({ settings, logger, registry, signal, serve }) {
		const devices =
			settings.metronomeDevicesFile === ""
				? numberedDevices(settings.metronomeDevices)
				: await devicesOfFile(settings.metronomeDevicesFile);
		const recordsPerSecond =
			(devices.length * 1_000) / settings.metronomeIntervalMs;
		if (recordsPerSecond > RECORDS_PER_SECOND_MAX) {
			throw new SettingsError([
				{
					name: variableOf("metronomeIntervalMs"),
					value: String(settings.metronomeIntervalMs),
					expected: `with ${devices.length} devices an interval of at least ${Math.ceil((devices.length * 1_000) / RECORDS_PER_SECOND_MAX)} ms: at most ${RECORDS_PER_SECOND_MAX} records a second`,
				},
			]);
		}
		const topics = metronomeTopics(settings);
		const log = openLog({
			brokers: settings.brokers,
			security: settings,
			clientId: "fireworks-metronome",
			logger,
		});
		const owner = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;
		const metronome = new Metronome({
			open: async () => {
				await log.ensureTopics([topics.ticks, topics.changelog]);
				return openSource({
					log,
					transactionalId: `${topics.ticks.name}-0`,
					changelogTopic: topics.changelog.name,
					owner,
					transactionTimeoutMs: TRANSACTION_TIMEOUT_MS,
					restoreTimeoutMs: RESTORE_TIMEOUT_MS,
					signal,
				});
			},
			topic: topics.ticks.name,
			encoder: new TickEncoder(devices, settings.partitions),
			intervals: {
				intervalMs: settings.metronomeIntervalMs,
				advanceMs: settings.metronomeAdvanceMs,
				catchUpMaxMs: settings.metronomeCatchUpMaxMs,
			},
			transactionRecordsMax: settings.metronomeTransactionRecordsMax,
			clock: steadyClock(),
			logger,
			metrics: createMetronomeMetrics(registry),
			signal,
		});
		try {
			await Promise.all([
				serve(settings.metronomePort, {
					live: () => undefined,
					ready: () => metronome.notReady(),
				}),
				metronome.run(),
			]);
		} catch (error) {
			if (error instanceof StreamsError && error.code === "fenced")
				throw new ServiceExit(EXIT.fenced, error.message, { cause: error });
			if (error instanceof StreamsError && error.fatal)
				throw new ServiceExit(EXIT.config, error.message, { cause: error });
			throw error;
		} finally {
			await log.close();
		}
	},
});
