/** What all parts share. */
import { z } from "zod";
import { integer, list, text } from "../setting-types.ts";
import { setting } from "./setting.ts";

export const SHARED_SETTINGS = {
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
} as const;
