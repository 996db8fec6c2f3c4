/** The metronome: writes one tick per device and interval to Kafka. */
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
import { tryToPublish } from "@fireworks/pipeline";
import { runService, ServiceExit } from "@fireworks/service-kit";
import {
	type Log,
	openLog,
	openSource,
	StreamsError,
	watchTopics,
} from "@fireworks/streams";
import {
	metronome as metronomeStream,
	publishedAs,
} from "@fireworks/wiener/streams";
import { devicesOfFile, numberedDevices } from "./devices.ts";
import { createMetronomeMetrics } from "./metrics.ts";
import { Metronome } from "./metronome.ts";
import { steadyClock } from "./steady-clock.ts";
import { TickEncoder } from "./tick-encoder.ts";

/** A rate that the processor can follow on two cores, by measurement, with some reserve. */
const RECORDS_PER_SECOND_MAX = 20_000;
/** A transaction has more only if one tick of all devices has more. */
const TRANSACTION_RECORDS_MAX = 4_000;
const TRANSACTION_TIMEOUT_MS = 10_000;
const RESTORE_TIMEOUT_MS = 30_000;

const hasRecords = async (log: Log, topic: string): Promise<boolean> =>
	(await log.offsets(topic))?.some(({ high }) => high > 0) ?? false;

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
		const ticks = topics.ticks.name;
		const changelog = topics.changelog.name;
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
				const source = await openSource({
					log,
					transactionalId: `${topics.ticks.name}-0`,
					changelogTopic: topics.changelog.name,
					owner,
					transactionTimeoutMs: TRANSACTION_TIMEOUT_MS,
					restoreTimeoutMs: RESTORE_TIMEOUT_MS,
					signal,
				});
				if (source.position === undefined && (await hasRecords(log, ticks)))
					logger.error(
						{ topic: ticks, changelog },
						`the topic ${ticks} has records, but ${changelog} has no position. If this process does not know the position either, ticks start again at seq 0, and a processor that knows the devices refuses them (clock-restarted). To start a new stream, delete the processor's topics as well`,
					);
				return source;
			},
			topic: topics.ticks.name,
			encoder: new TickEncoder(devices, settings.partitions),
			intervals: {
				intervalMs: settings.metronomeIntervalMs,
				advanceMs: settings.metronomeAdvanceMs,
				catchUpMaxMs: settings.metronomeCatchUpMaxMs,
			},
			transactionRecordsMax: TRANSACTION_RECORDS_MAX,
			clock: steadyClock(),
			logger,
			metrics: createMetronomeMetrics(registry),
			signal,
		});
		const consequences: Record<string, string> = {
			[ticks]:
				"its earlier ticks are lost, and the clock continues in the new one; a processor with states of the earlier one stops, and says what to do",
			[changelog]: "the next tick writes the clock's position into it again",
		};
		void watchTopics({
			log,
			topics: [ticks, changelog],
			signal,
			onReplaced: (topic) =>
				logger.error(
					{ topic },
					`the topic ${topic} was deleted and made again: ${consequences[topic]}`,
				),
		});
		void tryToPublish({
			log,
			settings,
			streams: publishedAs(metronomeStream, ticks),
			logger,
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
