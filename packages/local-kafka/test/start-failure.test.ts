import { expect, test } from "vitest";
import { jvmFailure, startFailure } from "../src/start-failure.ts";

test.each([
	["port-taken", "java.net.BindException: Address already in use"],
	["storage-locked", "Failed to acquire lock on file .lock in /d"],
	["start-failed", "ERROR Exiting Kafka"],
	["heap", "Terminating due to java.lang.OutOfMemoryError: Java heap space"],
	["heap", "Could not reserve enough space for 999999999KB object heap"],
	[
		"heap",
		"Initial heap size set to a larger value than the maximum heap size",
	],
])("%s is recognised from the broker's last lines", (code, line) => {
	expect(startFailure(9092, "exit code 1", ["INFO", line], 384)).toMatchObject({
		code,
	});
});

test("an unknown end shows the last lines, without stack traces", () => {
	const { message } = startFailure(
		9092,
		"SIGKILL",
		["ERROR it broke", "\tat kafka.Kafka.main(Kafka.scala)"],
		384,
	);
	expect(message).toContain("SIGKILL");
	expect(message).toContain("it broke");
	expect(message).not.toContain("Kafka.scala");
});

test.each([
	["No space left on device", /disk .* full.*FIREWORKS_STATE_DIR/],
	["Read-only file system", /read-only.*FIREWORKS_STATE_DIR/],
])("%s is reported in one line with what to do", (said, message) => {
	const lines = [`java.io.IOException: ${said}`, "\tat java.base/x"];
	expect(startFailure(9092, "exit code 1", lines, 384).message).toMatch(
		message,
	);
});

test("a heap that Java refuses names our setting and the variables that every Java reads", () => {
	const lines = ["Initial heap size set to a larger value than the maximum"];
	const env = { _JAVA_OPTIONS: "-Xmx64m -Dpassword=hunter2" };
	const message = jvmFailure(lines, 384, env)?.message;
	expect(message).toMatch(/FIREWORKS_KAFKA_HEAP_MB.*_JAVA_OPTIONS/);
	expect(message).not.toContain("hunter2");
	expect(jvmFailure(lines, 384, {})?.message).not.toContain("_JAVA_OPTIONS");
});
