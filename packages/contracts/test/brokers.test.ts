import { expect, test } from "vitest";
import { parseSettings, SettingsError } from "../src/index.ts";

const brokersOf = (FIREWORKS_BROKERS: string) =>
	parseSettings({ FIREWORKS_BROKERS }, ["brokers"]).brokers;

test("brokers by name, by IPv4 address, and by IPv6 address in brackets", () => {
	expect(
		brokersOf(
			"kafka:9092, 127.0.0.1:9092,[::1]:9092,[2001:db8::1]:9092,[fe80::1%eth0]:9092,[::ffff:192.0.2.1]:9092",
		),
	).toEqual([
		"kafka:9092",
		"127.0.0.1:9092",
		"[::1]:9092",
		"[2001:db8::1]:9092",
		"[fe80::1%eth0]:9092",
		"[::ffff:192.0.2.1]:9092",
	]);
});

test.each([
	"::1:9092",
	"[::1]",
	"[::1]9092",
	"[]:9092",
	"[kafka]:9092",
	"kafka",
	"a b:1",
])("%s is refused", (text) => {
	expect(() => brokersOf(text)).toThrow(SettingsError);
});
