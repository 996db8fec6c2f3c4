/** kube-score's opinion of every scenario, less the waivers of waivers.yaml; each waiver has a reason and is needed. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { renderText, SCENARIOS, withoutHelm } from "./harness/chart.ts";
import { kubeScore, output } from "./harness/tools.ts";

const program = await kubeScore();
const missing =
	withoutHelm ?? ("missing" in program ? program.missing : undefined);

interface Waiver {
	check: string;
	only?: string;
	objects?: string;
	scenarios?: string[];
	reason: string;
}
interface Finding {
	scenario: string;
	object: string;
	check: string;
	text: string;
}

const WAIVERS: Waiver[] = parse(
	readFileSync(join(import.meta.dirname, "waivers.yaml"), "utf8"),
);
/** kube-score's grade of what is as it should be. */
const OK = 10;

function findingsOf(scenario: string, text: string): Finding[] {
	const { stdout } = output(
		"path" in program ? program.path : "",
		["score", "--kubernetes-version", "v1.34", "--output-format", "json", "-"],
		text,
	);
	const objects = JSON.parse(stdout) as {
		object_name: string;
		checks: {
			check: { id: string };
			grade: number;
			skipped: boolean;
			comments: { summary: string; path: string }[] | null;
		}[];
	}[];
	return objects.flatMap(({ object_name, checks }) =>
		checks
			.filter(({ grade, skipped }) => !skipped && grade < OK)
			.flatMap(({ check, comments }) =>
				(comments ?? [{ summary: "", path: "" }]).map(({ summary }) => ({
					scenario,
					object: object_name,
					check: check.id,
					text: summary,
				})),
			),
	);
}

const waives = (waiver: Waiver, finding: Finding) =>
	waiver.check === finding.check &&
	(waiver.only === undefined || waiver.only === finding.text) &&
	(waiver.objects === undefined || finding.object.includes(waiver.objects)) &&
	(waiver.scenarios === undefined ||
		waiver.scenarios.includes(finding.scenario));

describe.skipIf(missing)(`kube-score ${missing ?? ""}`, () => {
	const needed = new Set<Waiver>();

	test.each(Object.keys(SCENARIOS))(
		"%s: nothing but what is waived",
		(scenario) => {
			const left = findingsOf(scenario, renderText(SCENARIOS[scenario])).filter(
				(finding) => {
					const by = WAIVERS.filter((waiver) => waives(waiver, finding));
					for (const waiver of by) needed.add(waiver);
					return by.length === 0;
				},
			);
			expect(left).toEqual([]);
		},
	);

	test("every waiver is needed, and says why", () => {
		expect(WAIVERS.filter((waiver) => !needed.has(waiver))).toEqual([]);
		for (const { reason } of WAIVERS) expect(reason.length).toBeGreaterThan(20);
	});

	test("it finds a pod that may run as root", () => {
		const wrong = renderText().replace(
			"readOnlyRootFilesystem: true",
			"readOnlyRootFilesystem: false",
		);
		expect(findingsOf("wrong", wrong).map((f) => f.check)).toContain(
			"container-security-context-readonlyrootfilesystem",
		);
	});
});
