import { expect, test } from "vitest";
import { statusJson } from "../../src/local/status.ts";

test("the JSON is the contract's, nothing more and nothing less", () => {
	const part = {
		name: "middleware",
		state: "running",
		process: { pid: 5, startTime: "x" },
		restarts: 2,
		ports: { http: 8080 },
		lastError: "killed by SIGKILL",
		since: 3,
	} as const;
	expect(
		statusJson([
			part,
			{ ...part, name: "kafka", state: "stopped", process: null },
		]),
	).toEqual({
		target: "local",
		parts: [
			{
				name: "middleware",
				pid: 5,
				pod: null,
				state: "running",
				restarts: 2,
				ports: { http: 8080 },
			},
			{
				name: "kafka",
				pid: null,
				pod: null,
				state: "stopped",
				restarts: 2,
				ports: { http: 8080 },
			},
		],
	});
});
