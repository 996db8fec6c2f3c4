/**
 * kube-score's findings for every scenario, except the waivers in waivers.yaml. Each waiver must
 * have a reason and be needed.
 */
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
/** kube-score's grade for a check that passed. */
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
	const known = new Map<string, Finding[]>();
	/** Each scenario is scored once, when the first test needs it. */
	const findings = (scenario: string): Finding[] => {
		const found =
			known.get(scenario) ??
			findingsOf(scenario, renderText(SCENARIOS[scenario]));
		known.set(scenario, found);
		return found;
	};

	test.each(Object.keys(SCENARIOS))(
		"%s: nothing but what is waived",
		(scenario) => {
			expect(
				findings(scenario).filter(
					(finding) => !WAIVERS.some((waiver) => waives(waiver, finding)),
				),
			).toEqual([]);
		},
	);

	test("every waiver is needed, and says why", () => {
		const all = Object.keys(SCENARIOS).flatMap(findings);
		expect(
			WAIVERS.filter((waiver) => !all.some((found) => waives(waiver, found))),
		).toEqual([]);
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
