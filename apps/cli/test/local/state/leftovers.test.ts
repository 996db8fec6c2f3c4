import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import {
	leftovers,
	stopLeftovers,
} from "../../../src/local/state/leftovers.ts";
import type { SystemState } from "../../../src/local/state/state.ts";
import { identify } from "../../../src/process/identity.ts";
import { WELL_BEHAVED } from "../../support/scripts.ts";

const children: ChildProcess[] = [];
afterEach(() => {
	for (const child of children.splice(0)) child.kill("SIGKILL");
});

async function running() {
	const child = spawn(process.execPath, ["-e", WELL_BEHAVED], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	children.push(child);
	await once(child.stdout, "data");
	const identity = identify(child.pid ?? 0);
	if (!identity) throw new Error("the child is not there");
	return { child, identity };
}

const GONE = { pid: process.pid, startTime: "an earlier process" };
const stateOf = (
	supervisor: SystemState["supervisor"],
	parts: Partial<
		Record<"kafka" | "metronome" | "dashboard", SystemState["supervisor"]>
	>,
): SystemState => ({
	version: 1,
	target: "local",
	phase: "ready",
	problem: null,
	problemPart: null,
	page: "",
	startedAt: 0,
	supervisor,
	settings: {},
	parts: Object.entries(parts).map(([name, process]) => ({
		name: name as "kafka",
		state: "running",
		process,
		restarts: 0,
		ports: {},
		lastError: null,
		since: 0,
	})),
});

test("what a killed supervisor left is found and stopped, Kafka last; a reused pid is left alone", async () => {
	const [kafka, metronome] = [await running(), await running()];
	const state = stateOf(GONE, {
		kafka: kafka.identity,
		metronome: metronome.identity,
		dashboard: GONE,
	});
	const found = leftovers(state);
	expect(found.map((l) => l.name)).toEqual(["metronome", "kafka"]);
	const order: string[] = [];
	await stopLeftovers(found, (l) => order.push(l.name));
	expect(order).toEqual(["metronome", "kafka"]);
	expect(leftovers(state)).toEqual([]);
});

test("a system whose supervisor lives has none", async () => {
	const { identity } = await running();
	const me = identify(process.pid) ?? GONE;
	expect(leftovers(stateOf(me, { kafka: identity }))).toEqual([]);
	expect(leftovers(undefined)).toEqual([]);
});
