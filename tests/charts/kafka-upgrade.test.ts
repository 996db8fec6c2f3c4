/**
 * Changes that an upgrade of the installed Kafka cannot make are refused before it starts, with
 * advice.
 */
import { describe, expect, test } from "vitest";
import { renderUpgrade } from "./harness/api-server.ts";
import {
	one,
	type Rendered,
	render,
	set,
	withoutHelm,
} from "./harness/chart.ts";

/** The StatefulSet in the cluster after an installation with these values. */
const installed = (
	values: Record<string, string | number | boolean> = {},
): Rendered => one(render(...set(values)), "StatefulSet", "fireworks-kafka");

const upgrade = (
	before: Record<string, string | number | boolean>,
	after: Record<string, string | number | boolean>,
) => renderUpgrade(installed(before), set(after));

describe.skipIf(withoutHelm)(`upgrades of Kafka ${withoutHelm ?? ""}`, () => {
	test.each([
		[{}, {}],
		[
			{ "kafka.persistence.size": "1Ti" },
			{ "kafka.persistence.size": "1024Gi" },
		],
		[{ "kafka.persistence.size": "8192Mi" }, {}],
		[
			{ "kafka.persistence.enabled": false },
			{ "kafka.persistence.enabled": false },
		],
		[{}, { "kafka.heapMb": 512 }],
		[
			{ "kafka.persistence.storageClass": "gp3" },
			{ "kafka.persistence.storageClass": "gp3" },
		],
	])("from %j to %j goes on", async (before, after) => {
		const { code, stderr } = await upgrade(before, after);
		expect(stderr).toBe("");
		expect(code).toBe(0);
	});

	test("more space: refused, with the commands that grow each claim", async () => {
		const { code, stderr } = await upgrade(
			{ "kafka.nodes": 3, "kafka.persistence.size": "8Gi" },
			{ "kafka.nodes": 3, "kafka.persistence.size": "20Gi" },
		);
		expect(code).not.toBe(0);
		expect(stderr).toContain(
			"kafka.persistence.size is 20Gi, and 8Gi is installed",
		);
		expect(stderr).toContain("allowVolumeExpansion");
		for (const node of [0, 1, 2])
			expect(stderr).toContain(
				`kubectl -n fireworks patch pvc data-fireworks-kafka-${node} --patch '{"spec":{"resources":{"requests":{"storage":"20Gi"}}}}'`,
			);
		expect(stderr).toContain(
			"kubectl -n fireworks delete statefulset fireworks-kafka --cascade=orphan",
		);
	});

	test.each([
		[
			{ "kafka.persistence.size": "8Gi" },
			{ "kafka.persistence.size": "4Gi" },
			"4Gi, and 8Gi",
		],
		[{}, { "kafka.nodes": 3 }, "kafka.nodes is 3, and 1 are installed"],
		[
			{},
			{ "kafka.persistence.enabled": false },
			"kafka.persistence.enabled is false, and true is installed",
		],
		[
			{ "kafka.persistence.enabled": false },
			{},
			"kafka.persistence.enabled is true, and false is installed",
		],
		[
			{ "kafka.persistence.storageClass": "gp2" },
			{ "kafka.persistence.storageClass": "gp3" },
			`storageClass is "gp3", and "gp2" is installed`,
		],
		[
			{},
			{ "kafka.persistence.storageClass": "gp3" },
			`storageClass is "gp3", and "" is installed`,
		],
	])("from %j to %j is refused: %s", async (before, after, says) => {
		const { code, stderr } = await upgrade(before, after);
		expect(code).not.toBe(0);
		expect(stderr).toContain(says);
	});

	test("the claims' template says its kind, as Kubernetes would add it", () => {
		expect(installed().spec.volumeClaimTemplates).toMatchObject([
			{ apiVersion: "v1", kind: "PersistentVolumeClaim" },
		]);
	});
});
