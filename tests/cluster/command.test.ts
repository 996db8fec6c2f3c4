/**
 * The CLI alone, without bootstrap.sh and devcontainer: kind on this machine. Every test brings the
 * cluster into the state that it needs, so each passes alone. In this order that takes no extra
 * time. The files in command/ share this one cluster.
 */
import { afterAll, beforeAll, beforeEach, describe } from "vitest";
import { cloneTests } from "./command/clones.ts";
import { drainTests } from "./command/drain.ts";
import { inputTests } from "./command/inputs.ts";
import { lookTests } from "./command/looks.ts";
import { pipelineTests } from "./command/pipelines.ts";
import {
	downTests,
	interruptedUpTests,
	upTests,
} from "./command/up-and-down.ts";
import { CommandSite } from "./harness/command-site.ts";

const site = new CommandSite("fireworks-command");

beforeAll(() => site.open());
afterAll(() => site.close(), 300_000);

interruptedUpTests(site);
describe("a system that is up", () => {
	beforeEach(() => site.ensureUp(), 900_000);
	upTests(site);
	lookTests(site);
	cloneTests(site);
	drainTests(site);
	pipelineTests(site);
});
inputTests(site);
downTests(site);
