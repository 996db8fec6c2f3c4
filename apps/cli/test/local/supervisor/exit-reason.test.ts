import { expect, test } from "vitest";
import { exitReason } from "../../../src/local/supervisor/exit-reason.ts";

const json = (fields: object) => JSON.stringify(fields);

test("a signal, and nothing said", () => {
	expect(exitReason({ code: null, signal: "SIGKILL" }, ["{broken", "x"])).toBe(
		"killed by SIGKILL",
	);
});

test("wrong settings are all named", () => {
	const lines = [
		json({
			level: "fatal",
			setting: "FIREWORKS_SEED",
			value: "x",
			expected: "a number",
			msg: "wrong setting",
		}),
		json({
			level: "fatal",
			setting: "FIREWORKS_FOO",
			expected: "nothing",
			msg: "wrong setting",
		}),
		json({ level: "fatal", problems: 2, msg: "not started" }),
	];
	const reason = exitReason({ code: 78, signal: null }, lines);
	expect(reason).toContain("not started again");
	expect(reason).toContain('FIREWORKS_SEED="x": expected a number');
	expect(reason).toContain("FIREWORKS_FOO=(absent): expected nothing");
});

test("fenced says so, with the service's own words", () => {
	const reason = exitReason({ code: 75, signal: null }, [
		json({ level: "fatal", msg: "another metronome took over" }),
		json({ level: "info", msg: "bye" }),
	]);
	expect(reason).toContain("fenced by another instance");
	expect(reason).toContain("another metronome took over");
});

test("the cause of the last error is added once", () => {
	const failed = json({
		level: "fatal",
		err: { message: "no broker" },
		msg: "failed",
	});
	expect(exitReason({ code: 1, signal: null }, [failed])).toBe(
		"exit code 1; failed: no broker",
	);
	const same = json({ level: "fatal", err: { message: "no" }, msg: "no" });
	expect(exitReason({ code: 1, signal: null }, [same])).toBe("exit code 1; no");
});

test("plain text is searched for an error, and long text is cut", () => {
	const line = `Error: ${"x".repeat(2_000)}`;
	const reason = exitReason({ code: 1, signal: null }, ["hello", line, "at y"]);
	expect(reason).toContain("Error: xxx");
	expect(reason.length).toBeLessThan(510);
});

test.each([
	'{"level":"fatal","err":{"message":"listen EADDRINUSE: address already in use 127.0.0.1:8082"},"msg":"failed"}',
	"OSError: [Errno 98] Address already in use",
	"java.net.BindException: Address already in use",
])("a port that is taken names the setting: %s", (line) => {
	const exit = { code: 1, signal: null };
	expect(exitReason(exit, [line], ["FIREWORKS_PROCESSOR_PORT"])).toMatch(
		/exit code 1.*choose another port \(FIREWORKS_PROCESSOR_PORT\)/,
	);
	expect(exitReason(exit, ["{}"], ["FIREWORKS_PROCESSOR_PORT"])).toBe(
		"exit code 1",
	);
});
