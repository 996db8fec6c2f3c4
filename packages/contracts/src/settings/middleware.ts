/** The middleware: its queue, its clients, and the records it shows. */
import { z } from "zod";
import { TIME_UNITS, type TimeUnit } from "../event-mapping.ts";
import { eventPath, labels, numberPaths } from "../event-mapping-settings.ts";
import { integer, list, text } from "../setting-types.ts";
import { port, setting } from "./setting.ts";

export const MIDDLEWARE_SETTINGS = {
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
		"secret",
	),
	middlewareBearerTokenFile: setting(
		z.string(),
		"",
		"File that holds it, such as a mounted Secret: read at the start",
		"file",
	),
	middlewareTicketSecret: setting(
		z.string(),
		"",
		"Where set: clients need a ticket signed with it (?ticket=), or the bearer token",
		"secret",
	),
	middlewareTicketSecretFile: setting(
		z.string(),
		"",
		"File that holds it, such as a mounted Secret: read at the start",
		"file",
	),
	middlewareEngine: setting(
		z.enum(["typescript", "python", "spark"]) as z.ZodType<string, string>,
		"typescript",
		"Engine that feeds the stream: told to the page",
	),
} as const;
