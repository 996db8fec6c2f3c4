import { EXIT } from "@fireworks/contracts";
import { UnrecoverableError } from "@fireworks/programs";
import { afterEach, expect, test } from "vitest";
import {
	Part,
	type PartDefinition,
} from "../../../src/local/supervisor/part.ts";
import { STUBBORN, scriptPart, WELL_BEHAVED } from "../../support/scripts.ts";
import { until } from "../../support/temp.ts";

const parts: Part[] = [];
afterEach(async () => {
	await Promise.all(parts.splice(0).map((part) => part.stop()));
});

function started(definition: PartDefinition) {
	const states: string[] = [];
	const lines: string[] = [];
	const part = new Part(definition, {
		onChange: ({ status }, before) => {
			if (status.state !== before.state) states.push(status.state);
		},
		onLine: (_, line) => lines.push(line),
	});
	parts.push(part);
	part.start();
	return { part, states, lines };
}

test("it starts, is ready, and stops on request, with the pid of the process itself", async () => {
	const definition = scriptPart("metronome", () => WELL_BEHAVED);
	const { part, states, lines } = started(definition);
	await until("running", () => part.status.state === "running");
	expect(part.status.process?.pid).toBe(definition.children[0]?.pid);
	await part.stop();
	expect(states).toEqual(["starting", "running", "stopped"]);
	expect(lines).toEqual(["ready"]);
	expect(definition.children[0]?.exitCode).toBe(0);
	expect(part.status).toMatchObject({ restarts: 0, lastError: null });
});

test("after kill -9 it runs again, and the status counts the restart", async () => {
	const definition = scriptPart("processor", () => WELL_BEHAVED);
	const { part, states } = started(definition);
	await until("running", () => part.status.state === "running");
	definition.children[0]?.kill("SIGKILL");
	await until("running again", () => states.length === 5);
	expect(states.slice(2)).toEqual(["backoff", "starting", "running"]);
	expect(part.status).toMatchObject({
		restarts: 1,
		lastError: "killed by SIGKILL",
	});
	expect(part.status.process?.pid).toBe(definition.children[1]?.pid);
});

test.each([
	[EXIT.fenced, "fenced"],
	[EXIT.config, "settings"],
])("exit code %i is not started again", async (code, reason) => {
	const definition = scriptPart("metronome", () => `process.exit(${code})`);
	const { part } = started(definition);
	await until("failed", () => part.status.state === "failed");
	expect(part.status.lastError).toContain(reason);
	await part.stop();
	expect(definition.children).toHaveLength(1);
	expect(part.status.state).toBe("stopped");
});

test("what cannot be started is tried again, unless that is unrecoverable", async () => {
	let starts = 0;
	const failing = (error: Error): PartDefinition => ({
		name: "kafka",
		ports: {},
		graceMs: 100,
		run: async () => {
			starts += 1;
			throw error;
		},
	});
	const soft = started(failing(new Error("port taken")));
	await until("tried again", () => starts > 1);
	expect(soft.part.status.lastError).toBe("port taken");
	await soft.part.stop();
	const hard = started(failing(new UnrecoverableError("no Java")));
	await until("failed", () => hard.part.status.state === "failed");
	expect(hard.part.status.lastError).toBe("no Java");
});

test("a process that ignores SIGTERM is killed after the grace time", async () => {
	const definition = scriptPart("middleware", () => STUBBORN, 50);
	const { part } = started(definition);
	await until("running", () => part.status.state === "running");
	await part.stop();
	expect(definition.children[0]?.signalCode).toBe("SIGKILL");
	expect(part.status.state).toBe("stopped");
});

test("stopping in the back-off ends it at once, without another start", async () => {
	const definition = scriptPart("processor", () => "process.exit(1)");
	const { part } = started(definition);
	await until("three failures", () => part.status.failures === 3);
	const starts = definition.children.length;
	await part.stop();
	expect(part.status.state).toBe("stopped");
	expect(definition.children).toHaveLength(starts);
});

test("a restart ends the process in an orderly way and starts another one, also of a part that failed", async () => {
	const definition = scriptPart("processor", (run) =>
		run === 2 ? `process.exit(${EXIT.config})` : WELL_BEHAVED,
	);
	const { part, states } = started(definition);
	await until("running", () => part.status.state === "running");
	await part.restart();
	expect(definition.children[0]?.exitCode).toBe(0);
	await until("running again", () => part.status.state === "running");
	expect(part.status).toMatchObject({
		restarts: 1,
		failures: 0,
		lastError: null,
	});
	expect(part.status.process?.pid).toBe(definition.children[1]?.pid);
	await part.restart();
	await until("failed", () => part.status.state === "failed");
	await part.restart();
	await until("running after a failure", () => states.at(-1) === "running");
	expect(part.status).toMatchObject({ restarts: 3, failures: 0 });
});

test("a part that is stopped during a restart stays stopped", async () => {
	const definition = scriptPart("processor", () => WELL_BEHAVED);
	const { part } = started(definition);
	await until("running", () => part.status.state === "running");
	const restarted = part.restart();
	await part.stop();
	await restarted;
	expect(part.status.state).toBe("stopped");
	expect(definition.children).toHaveLength(1);
});
