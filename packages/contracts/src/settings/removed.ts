/**
 * Variables that were settings once, each with what holds instead. A user who sets one gets a
 * warning, and the part starts: an upgrade must not stop a system that runs.
 */
const fixed = (value: string) => `it is fixed at ${value} since 0.2`;

export const REMOVED_SETTINGS: Readonly<Record<string, string>> = {
	FIREWORKS_METRONOME_TRANSACTION_RECORDS_MAX: fixed("4000 records"),
	FIREWORKS_PROCESSOR_TRANSACTION_RECORDS_MAX: fixed("4000 records"),
	FIREWORKS_PROCESSOR_TRANSACTION_BYTES_MAX: fixed("4000000 bytes"),
	FIREWORKS_SPARK_BATCH_RECORDS_MAX: fixed("100000 records"),
	FIREWORKS_MIDDLEWARE_QUEUE_EVENTS_MAX:
		"set FIREWORKS_MIDDLEWARE_QUEUE_BYTES_MAX instead, at 62 bytes an event (since 0.2)",
	FIREWORKS_MIDDLEWARE_DEVICES_MAX: fixed("100000 devices"),
	FIREWORKS_MIDDLEWARE_SNAPSHOT_POINTS_MAX: fixed("3600 points"),
	FIREWORKS_MIDDLEWARE_SNAPSHOT_EVENTS_MAX: fixed("100000 events"),
	FIREWORKS_MIDDLEWARE_BATCH_MS: fixed("50 ms"),
	FIREWORKS_MIDDLEWARE_PING_MS: fixed("5000 ms"),
	FIREWORKS_MIDDLEWARE_FRAME_BYTES_MAX: fixed("16384 bytes"),
	FIREWORKS_MIDDLEWARE_CLIENT_BUFFER_BYTES_MAX: fixed("4194304 bytes"),
	FIREWORKS_MIDDLEWARE_SLOW_MAX_MS: fixed("10000 ms"),
	FIREWORKS_MIDDLEWARE_CLIENT_FRAMES_PER_SECOND_MAX:
		fixed("20 frames a second"),
	FIREWORKS_MIDDLEWARE_HANDSHAKE_MS: fixed("5000 ms"),
	FIREWORKS_MIDDLEWARE_ENGINE: "set FIREWORKS_ENGINE instead (since 0.2)",
	FIREWORKS_DASHBOARD_RELAYED_CLIENTS_MAX: fixed("2000 clients"),
};
