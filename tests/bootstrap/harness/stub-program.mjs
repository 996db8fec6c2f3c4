/**
 * A stub for a program (docker, kind, ...). It records its calls and answers by the rules of the
 * test. `docker` without a matching rule behaves like a small engine that keeps its containers in a
 * file. A two-line script that `Stubs` writes starts it; its folder is argv[2], its name argv[3].
 */
import {
	appendFileSync,
	existsSync,
	readFileSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fakeDocker } from "./fake-docker.mjs";

const [folder, program, ...args] = process.argv.slice(2);
const RECORDED = /^(FIREWORKS_|DOCKER_|KUBECONFIG$|(https?|no|all)_proxy$)/i;
const env = Object.fromEntries(
	Object.entries(process.env).filter(([name]) => RECORDED.test(name)),
);
// One write per call, so lines of concurrent calls do not mix.
appendFileSync(
	join(folder, "calls.jsonl"),
	`${JSON.stringify({ program, args, env, cwd: process.cwd() })}\n`,
);

const rules = JSON.parse(readFileSync(join(folder, "rules.json"), "utf8"));
const line = [program, ...args].join(" ");
const rule = rules.find(({ match }) => new RegExp(match, "s").test(line));
if (rule?.waitsFor !== undefined)
	while (!existsSync(rule.waitsFor)) await sleep(20);
let answer = rule;
if (rule === undefined || rule.thenDefault)
	answer = program === "docker" ? withState(fakeDocker) : {};
process.stdout.write(answer.stdout ?? "");
process.stderr.write(answer.stderr ?? "");
process.exitCode = answer.code ?? 0;

function withState(work) {
	const file = join(folder, "docker.json");
	const state = JSON.parse(readFileSync(file, "utf8"));
	const result = work(args, state);
	if (result.changed) writeFileSync(file, JSON.stringify(state));
	return result;
}
