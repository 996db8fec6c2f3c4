/**
 * Every setting of every part: the catalogue.
 *
 * A setting is an environment variable `FIREWORKS_<NAME>`; its name here is the same in camel case. Units come last in the
 * name. All parts share one catalogue, so that one environment (a shell, a ConfigMap) can serve them all, and a variable with our prefix
 * that no part knows is an error instead of a typo that nobody sees.
 */
import { z } from "zod";
import { TIME_UNITS, type TimeUnit } from "./event-mapping.ts";
import { eventPath, labels, numberPaths } from "./event-mapping-settings.ts";
import { integer, list, text } from "./setting-types.ts";

const port = () => integer(0, 65_535);
const topic = () =>
	text(
		/^[a-zA-Z0-9._-]{1,249}$/,
		"a topic name of 1 to 249 of a-z A-Z 0-9 . _ -",
	);
const DAY_MS = 86_400_000;

/** schema: from the variable's text to its value. standard: the value where the variable is absent, as text. */
export interface Setting<T> {
	schema: z.ZodType<T, string>;
	standard: string;
	about: string;
}

const setting = <T>(
	schema: z.ZodType<T, string>,
	standard: string,
	about: string,
): Setting<T> => ({ schema, standard, about });

export const SETTINGS = {
	// Shared by the parts
	brokers: setting(
		list(/^[^\s:]+:\d{1,5}$/, "host:port"),
		"127.0.0.1:9092",
		"Kafka brokers to start from, separated by commas",
	),
	host: setting(
		text(/^\S+$/, "an address of this machine"),
		"127.0.0.1",
		"Address that the services listen on; 0.0.0.0 in a pod",
	),
	logLevel: setting(
		z.enum(["trace", "debug", "info", "warn", "error", "fatal"]) as z.ZodType<
			string,
			string
		>,
		"info",
		"Least level that is logged",
	),
	seed: setting(
		text(
			/^\d{1,20}$/,
			"a decimal number from 0 to 2^64-1",
			(t) => BigInt(t) < 1n << 64n,
		),
		"0",
		"Seed of the noise; audit needs the same",
	),
	stopGraceMs: setting(
		integer(0, 600_000),
		"10000",
		"Time a service has to stop in order before it ends anyway",
	),
	engine: setting(
		z.enum(["typescript", "python", "spark"]) as z.ZodType<string, string>,
		"typescript",
		"Engine of the processor",
	),

	// Topics
	partitions: setting(
		integer(1, 1_000),
		"4",
		"Partitions of metronome, wiener, processor-changelog and dead-letter",
	),
	replicationFactor: setting(
		integer(1, 9),
		"1",
		"Copies of each partition of the topics that the services create",
	),
	retentionMs: setting(
		integer(-1, Number.MAX_SAFE_INTEGER),
		String(7 * DAY_MS),
		"How long ticks, Wiener records and dead letters are kept, by event time; -1 for ever",
	),
	topicMetronome: setting(topic(), "metronome", "Topic of the ticks"),
	topicWiener: setting(topic(), "wiener", "Topic of the Wiener records"),
	topicProcessorChangelog: setting(
		topic(),
		"processor-changelog",
		"Topic of the processor's state",
	),
	topicMetronomeChangelog: setting(
		topic(),
		"metronome-changelog",
		"Topic of the clock's position",
	),
	topicDeadLetter: setting(
		topic(),
		"dead-letter",
		"Topic of the records that the processor refused",
	),

	// Metronome
	metronomePort: setting(port(), "8081", "Health and metrics of the metronome"),
	metronomeIntervalMs: setting(
		integer(1, 3_600_000),
		"1000",
		"Wall time from a tick to the next",
	),
	metronomeAdvanceMs: setting(
		integer(1, DAY_MS),
		"1000",
		"Event time from a tick to the next",
	),
	metronomeDevices: setting(
		integer(1, 100_000),
		"5",
		"Number of devices: device-0001 and on, without drift, of volatility 1",
	),
	metronomeDevicesFile: setting(
		z.string(),
		"",
		"JSON file of the devices, instead of a number: [{deviceId, drift, volatility}]",
	),
	metronomeCatchUpMaxMs: setting(
		integer(0, 7 * DAY_MS),
		String(DAY_MS / 24),
		"Missed wall time that is caught up after a stop; ticks before it are skipped",
	),
	metronomeTransactionRecordsMax: setting(
		integer(1, 100_000),
		"4000",
		"Records a transaction of the metronome holds, at most, unless one tick has more",
	),

	// Processor
	processorPort: setting(port(), "8082", "Health and metrics of the processor"),
	processorGroup: setting(
		text(/^\S{1,200}$/, "a group id"),
		"fireworks-processor",
		"Consumer group of the processor",
	),
	processorSessionTimeoutMs: setting(
		integer(1_000, 300_000),
		"6000",
		"After so long without a heartbeat the group gives a processor's partitions to another; brokers allow 6000 and more by default",
	),
	processorTransactionRecordsMax: setting(
		integer(1, 100_000),
		"4000",
		"Input records a transaction of the processor holds, at most",
	),
	processorTransactionBytesMax: setting(
		integer(1_000, 64_000_000),
		"4000000",
		"Bytes a transaction of the processor writes, at most, unless one record has more",
	),

	// A stage of your own (docs/bring-your-own-stream.md)
	stagePort: setting(
		port(),
		"8083",
		"Health and metrics of a stage of your own",
	),

	// Middleware
	middlewarePort: setting(
		port(),
		"8080",
		"Websocket, health and metrics of the middleware",
	),
	middlewareTopic: setting(
		text(/^$|^[a-zA-Z0-9._-]{1,249}$/, "a topic name, or nothing"),
		"",
		"Topic to show; empty: that of the Wiener records. Of JSON records of another kind, the six after this tell what is what (docs/protocol.md)",
	),
	middlewareKeyPath: setting(
		eventPath(),
		"deviceId",
		"Where a record has its key: each key is a line on the page. A path such as device.id, a JSON Pointer such as /device/id, or @key for the record's own",
	),
	middlewareTimePath: setting(
		eventPath(),
		"timestamp",
		"Where a record has its time; @timestamp for the record's own",
	),
	middlewareTimeUnit: setting(
		z.enum(TIME_UNITS) as z.ZodType<TimeUnit, string>,
		"ms",
		"Unit of that time since 1970; iso for a text such as 2026-01-31T12:00:00Z",
	),
	middlewareSequencePath: setting(
		eventPath(),
		"seq",
		"Where a record has its number, an integer that rises for each key; @offset for its place in the partition",
	),
	middlewareNumberPaths: setting(
		numberPaths(),
		"value=value,increment=increment,dt=dt,drift=drift,volatility=volatility",
		"Where a record has its numbers. Only value is needed: without increment or dt (s) the difference to the key's record before is taken, drift and volatility are 0",
	),
	middlewareNames: setting(
		labels(["key", "value", "increment"]),
		"",
		"What people call them, for the page: key=Boiler,value=Temperature",
	),
	middlewareUnits: setting(
		labels(["value", "increment"]),
		"",
		"Units, for the page: value=°C",
	),
	middlewareQueueEventsMax: setting(
		integer(1_000, 50_000_000),
		"1000000",
		"Events the queue holds, at most; the oldest go first",
	),
	middlewareQueueBytesMax: setting(
		integer(65_536, 8_589_934_592),
		"134217728",
		"Bytes the queue holds, at most; an event costs 62",
	),
	middlewareDevicesMax: setting(
		integer(1, 1_000_000),
		"100000",
		"Devices known at a time, at most; those whose events have all left the queue make room",
	),
	middlewareSnapshotPointsMax: setting(
		integer(1, 100_000),
		"3600",
		"Newest points of a device in a snapshot, at most",
	),
	middlewareSnapshotEventsMax: setting(
		integer(1, 1_000_000),
		"100000",
		"Events of a snapshot in all, at most",
	),
	middlewareBatchMs: setting(
		integer(1, 10_000),
		"50",
		"Least time between two batches to a client",
	),
	middlewarePingMs: setting(
		integer(100, 60_000),
		"5000",
		"Time between two pings; a client that answers none of two is dead",
	),
	middlewareOrigins: setting(
		list(/^https?:\/\/[^\s/]+$/, "an origin such as https://example.org"),
		"http://localhost:3000,http://127.0.0.1:3000",
		"Origins whose pages may connect, exact, separated by commas",
	),
	middlewareClientsMax: setting(
		integer(1, 1_000_000),
		"10000",
		"Clients in all",
	),
	middlewareClientsPerAddressMax: setting(
		integer(1, 1_000_000),
		"1000",
		"Clients of one address",
	),
	middlewareFrameBytesMax: setting(
		integer(128, 1_048_576),
		"16384",
		"Bytes of a client's frame",
	),
	middlewareClientBufferBytesMax: setting(
		integer(524_288, 268_435_456),
		"4194304",
		"Bytes that wait for one slow client before it is skipped",
	),
	middlewareSlowMaxMs: setting(
		integer(100, 600_000),
		"10000",
		"A client that stays slow for so long is closed",
	),
	middlewareClientFramesPerSecondMax: setting(
		integer(1, 10_000),
		"20",
		"Frames of one client a second, in the long run; twice as many at once",
	),
	middlewareHandshakeMs: setting(
		integer(100, 60_000),
		"5000",
		"Time a new connection has for its first request",
	),
	middlewareProxyHops: setting(
		integer(0, 10),
		"0",
		"Trusted proxies before the middleware: the client's address is that many from the right of X-Forwarded-For; 0: the connection's own",
	),
	middlewareBearerToken: setting(
		z.string(),
		"",
		"Where set: clients need it, as Authorization: Bearer, or a ticket",
	),
	middlewareTicketSecret: setting(
		z.string(),
		"",
		"Where set: clients need a ticket signed with it (?ticket=), or the bearer token",
	),
	middlewareEngine: setting(
		z.enum(["typescript", "python", "spark"]) as z.ZodType<string, string>,
		"typescript",
		"Engine that feeds the stream: told to the page",
	),

	// Dashboard
	dashboardPort: setting(port(), "3000", "The page"),
	dashboardWebsocketUrl: setting(
		text(/^$|^wss?:\/\/\S+$/, "a ws:// or wss:// address"),
		"",
		"Websocket the page connects to; empty: port 8080 (the middleware's) of the page's own host",
	),

	// The local system (the command `fireworks` without Docker)
	kafkaPort: setting(port(), "9092", "Port of the local Kafka on 127.0.0.1"),
	kafkaHeapMb: setting(integer(128, 65_536), "384", "Heap of the local Kafka"),
	stateDir: setting(
		text(/./, "a folder"),
		".fireworks",
		"Where the local system keeps its state and logs",
	),
	cacheDir: setting(
		z.string(),
		"",
		"Where downloads are kept; empty: ~/.cache/fireworks",
	),
	mavenUrl: setting(
		text(/^https?:\/\/\S+$/, "an http(s):// address"),
		"https://repo1.maven.org/maven2",
		"Maven repository that has Kafka's jars",
	),
	target: setting(
		z.enum(["local", "kind", "cluster"]) as z.ZodType<string, string>,
		"local",
		"Where `up` brings the system up",
	),
	auditWaitMs: setting(
		integer(0, 3_600_000),
		"60000",
		"Time audit waits for the processor to pass the metronome's end",
	),
} as const;
