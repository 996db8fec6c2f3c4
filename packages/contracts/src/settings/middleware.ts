/** Settings of the middleware: its queue, its clients, and the records it shows. */
import { TIME_UNITS, type TimeUnit } from "../event-mapping.ts";
import { eventPath, labels, numberPaths } from "../event-mapping-settings.ts";
import { integer, list, text } from "../setting-types.ts";
import { choice, file, port, secret, setting } from "./setting.ts";

const inConfig = { tier: "common", chart: "config" } as const;
const auth = { tier: "security", chart: { setBy: "middleware.auth" } } as const;

export const MIDDLEWARE_SETTINGS = {
	middlewarePort: setting({
		schema: port(),
		default: 8080,
		tier: "tuning",
		chart: { setBy: "" },
		about: "Port for websocket, health and metrics of the middleware",
	}),
	middlewareTopic: setting({
		schema: text(/^$|^[a-zA-Z0-9._-]{1,249}$/, "a topic name, or nothing"),
		default: "",
		...inConfig,
		about:
			"Topic to show. Empty: the topic of the Wiener records. For other JSON records, the settings FIREWORKS_MIDDLEWARE_KEY_PATH to FIREWORKS_MIDDLEWARE_UNITS describe their fields (docs/build/protocol.md)",
	}),
	middlewareKeyPath: setting({
		schema: eventPath(),
		default: "deviceId",
		...inConfig,
		about:
			"Where a record has its key; each key is a line on the page. A path such as device.id, a JSON Pointer such as /device/id, or @key for the key of the Kafka record",
	}),
	middlewareTimePath: setting({
		schema: eventPath(),
		default: "timestamp",
		...inConfig,
		about:
			"Where a record has its time; @timestamp for the time of the Kafka record",
	}),
	middlewareTimeUnit: setting({
		schema: choice<TimeUnit>(
			TIME_UNITS as unknown as [TimeUnit, ...TimeUnit[]],
		),
		default: "ms",
		...inConfig,
		about:
			"Unit of that time since 1970; iso for a text such as 2026-01-31T12:00:00Z",
	}),
	middlewareSequencePath: setting({
		schema: eventPath(),
		default: "seq",
		...inConfig,
		about:
			"Where a record has its number, an integer that rises for each key; @offset for its offset in the partition",
	}),
	middlewareNumberPaths: setting({
		schema: numberPaths(),
		default:
			"value=value,increment=increment,dt=dt,drift=drift,volatility=volatility",
		...inConfig,
		about:
			"Where a record has its numbers. Only value is required. Without increment or dt (s) the difference to the key's previous record is used; without drift or volatility it is 0",
	}),
	middlewareNames: setting({
		schema: labels(["key", "value", "increment"]),
		default: "",
		...inConfig,
		about: "Names that the page shows for them: key=Boiler,value=Temperature",
	}),
	middlewareUnits: setting({
		schema: labels(["value", "increment"]),
		default: "",
		...inConfig,
		about: "Units that the page shows: value=°C",
	}),
	middlewareQueueBytesMax: setting({
		schema: integer(65_536, 8_589_934_592),
		default: 62_000_000,
		unit: "bytes",
		tier: "tuning",
		chart: "config",
		about:
			"Memory for the newest events. An event takes 62 bytes, so the default holds one million; the oldest are removed first",
	}),
	middlewareOrigins: setting({
		schema: list(
			/^https?:\/\/[^\s/]+$/,
			"an origin such as https://example.org",
		),
		default: [
			"http://localhost:3000",
			"http://127.0.0.1:3000",
			"http://[::1]:3000",
			"https://localhost:3000",
		],
		tier: "security",
		chart: { value: "middleware.origins" },
		about:
			"Origins whose pages may connect to the middleware directly, separated by commas. A page whose own server relays the websocket needs none",
	}),
	middlewareClientsMax: setting({
		schema: integer(1, 1_000_000),
		default: 10_000,
		tier: "security",
		chart: "config",
		about: "Maximum number of clients",
	}),
	middlewareClientsPerAddressMax: setting({
		schema: integer(1, 1_000_000),
		default: 1_000,
		tier: "security",
		chart: "config",
		about:
			"Maximum number of clients of one address; with IPv6, of one /64 network",
	}),
	middlewareProxyHops: setting({
		schema: integer(0, 10),
		default: 0,
		tier: "security",
		chart: { value: "middleware.proxyHops" },
		about:
			"Number of trusted proxies in front of the middleware: the client's address is that many entries from the right of X-Forwarded-For. 0: the address of the connection. Count the page's server too if both have FIREWORKS_RELAY_SECRET",
	}),
	middlewareBearerToken: secret({
		tier: "security",
		chart: { value: "middleware.auth.bearerToken" },
		about:
			"If set, clients need this token (Authorization: Bearer) or a ticket",
	}),
	middlewareBearerTokenFile: file({
		...auth,
		about: "File that holds the token. It is read at the start",
	}),
	middlewareTicketSecret: secret({
		tier: "security",
		chart: { value: "middleware.auth.ticketSecret" },
		about:
			"If set, clients need a ticket signed with this secret (?ticket=) or the bearer token",
	}),
	middlewareTicketSecretFile: file({
		...auth,
		about: "File that holds the ticket secret. It is read at the start",
	}),
} as const;
