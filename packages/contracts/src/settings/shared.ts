/** Settings that all parts share. */
import { integer, list, text } from "../setting-types.ts";
import { choice, setting } from "./setting.ts";

export const SHARED_SETTINGS = {
	brokers: setting({
		schema: list(
			// \x5b is a bracket. Java checks by the same pattern, and reads a bare bracket in a
			// class as a nested class.
			/^(?:[^\s:,\x5b\]]+|\[[0-9a-fA-F:.]{2,45}(?:%[\w.-]{1,32})?\]):\d{1,5}$/,
			"host:port, with an IPv6 address in brackets",
		),
		default: ["127.0.0.1:9092"],
		tier: "common",
		chart: { setBy: "kafka.external.brokers" },
		about:
			"Kafka brokers to connect to first, separated by commas. An IPv6 address is in brackets: [::1]:9092",
	}),
	host: setting({
		schema: text(/^\S+$/, "an address of this machine"),
		default: "127.0.0.1",
		tier: "common",
		chart: { setBy: "listenAddress" },
		about:
			"Address that the services listen on; 0.0.0.0 means every IPv4 address, :: every address of both families",
	}),
	logLevel: setting({
		schema: choice(["trace", "debug", "info", "warn", "error", "fatal"]),
		default: "info",
		tier: "common",
		chart: "config",
		about: "Lowest level that is logged",
	}),
	seed: setting({
		schema: text(
			/^\d{1,20}$/,
			"a decimal number from 0 to 2^64-1",
			(t) => BigInt(t) < 1n << 64n,
		),
		default: "0",
		tier: "common",
		chart: "config",
		about: "Seed of the noise. `audit` needs the same seed",
	}),
	stopGraceMs: setting({
		schema: integer(0, 600_000),
		default: 10_000,
		unit: "ms",
		tier: "tuning",
		chart: { value: "stopGraceMs" },
		about: "Time a service may take to stop; then it ends anyway",
	}),
	engine: setting({
		schema: choice<string>(["typescript", "python", "spark"]),
		default: "typescript",
		tier: "common",
		chart: { value: "processor.engine" },
		about: "Engine of the processor. The middleware shows its name on the page",
	}),
} as const;
