import { expect, test } from "vitest";
import { startFailure } from "../src/start-failure.ts";

test.each([
	["port-taken", "java.net.BindException: Address already in use"],
	["storage-locked", "Failed to acquire lock on file .lock in /d"],
	["start-failed", "ERROR Exiting Kafka"],
])("%s is told from the broker's last lines", (code, line) => {
	expect(startFailure(9092, "exit code 1", ["INFO", line])).toMatchObject({
		code,
	});
});

test("an unknown end shows the last lines, without stack traces", () => {
	const { message } = startFailure(9092, "SIGKILL", [
		"ERROR it broke",
		"\tat kafka.Kafka.main(Kafka.scala)",
	]);
	expect(message).toContain("SIGKILL");
	expect(message).toContain("it broke");
	expect(message).not.toContain("Kafka.scala");
});
