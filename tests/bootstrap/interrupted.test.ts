/** `kill -9` of bootstrap.sh while it works: the next run continues. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { waitFor } from "../harness/wait-for.ts";
import { ended } from "./harness/clone.ts";
import { useClone } from "./harness/use-clone.ts";

const { stubs, clone } = useClone();

/**
 * `prepare` creates the same devcontainer as `up`, but does not check ports of this machine, which
 * other programs may use.
 */
const prepare = ["prepare"];

test.each([
	["building the image", "^docker build "],
	["starting the container", "^docker run "],
	["waiting for its first process", "fireworks-entered"],
	["joining the network", "network.sh up"],
	["running the command", "bootstrap.sh prepare"],
])("killed while %s", async (_, match) => {
	const gate = join(clone().home, "go-on");
	stubs().answer({ match, waitsFor: gate, thenDefault: true });
	const first = clone().start(prepare, { path: [stubs().bin] });
	const end = ended(first);
	await waitFor("the call", () =>
		stubs()
			.calls()
			.some(({ args }) => new RegExp(match).test(`docker ${args.join(" ")}`)),
	);
	first.kill("SIGKILL");
	// The process that it had started continues without it and finishes.
	writeFileSync(gate, "");
	expect((await end).signal).toBe("SIGKILL");
	stubs().answer();
	const second = await clone().run(prepare, { path: [stubs().bin] });
	expect(second.code, second.stderr).toBe(0);
	const names = Object.keys(stubs().docker.containers);
	expect(names).toHaveLength(1);
	expect(stubs().docker.containers[names[0] ?? ""]?.state).toBe("running");
	const made = stubs()
		.calls("docker", "exec")
		.map(({ args }) => args.join(" "));
	for (const step of [
		"network.sh up",
		"fireworks-ready",
		"bootstrap.sh prepare",
	])
		expect(made.some((line) => line.includes(step))).toBe(true);
});
