/** The broker's chart: with one node, with three, and without a broker. */
import { describe, expect, test } from "vitest";
import {
	ofKind,
	one,
	parseObjects,
	render,
	SCENARIOS,
	SUBCHART,
	set,
	tryRender,
	withoutHelm,
} from "./harness/chart.ts";

const properties = (...args: string[]): Record<string, string> =>
	Object.fromEntries(
		(
			one(render(...args), "ConfigMap", "fireworks-kafka").data[
				"server.properties"
			] as string
		)
			.trim()
			.split("\n")
			.map((line) => [
				line.slice(0, line.indexOf("=")),
				line.slice(line.indexOf("=") + 1),
			]),
	);

describe.skipIf(withoutHelm)(`kafka ${withoutHelm ?? ""}`, () => {
	test("one node: copies of one, a first member starts at once, few internal partitions", () => {
		expect(properties()).toMatchObject({
			"process.roles": "broker,controller",
			"auto.create.topics.enable": "false",
			"controller.quorum.voters":
				"0@fireworks-kafka-0.fireworks-kafka-headless.fireworks.svc.cluster.local:9093",
			"default.replication.factor": "1",
			"min.insync.replicas": "1",
			"offsets.topic.replication.factor": "1",
			"offsets.topic.num.partitions": "4",
			"transaction.state.log.replication.factor": "1",
			"transaction.state.log.min.isr": "1",
			"group.initial.rebalance.delay.ms": "0",
		});
	});

	test("three nodes: one may be lost", () => {
		const three = properties(...set({ "kafka.nodes": 3 }));
		expect(three["controller.quorum.voters"]?.split(",")).toHaveLength(3);
		for (const name of [
			"default.replication.factor",
			"offsets.topic.replication.factor",
			"transaction.state.log.replication.factor",
		])
			expect(three[name], name).toBe("3");
		for (const name of ["min.insync.replicas", "transaction.state.log.min.isr"])
			expect(three[name], name).toBe("2");
		const { spec } = one(
			render(...set({ "kafka.nodes": 3 })),
			"StatefulSet",
			"fireworks-kafka",
		);
		expect(spec.replicas).toBe(3);
		expect(spec.podManagementPolicy).toBe("Parallel");
	});

	test("properties of the values go before the chart's", () => {
		const text = one(
			render(...(SCENARIOS.everything as string[])),
			"ConfigMap",
			"demo-kafka",
		).data["server.properties"];
		expect(text).toContain("num.io.threads=8\n");
		expect(text).not.toContain("num.io.threads=4");
		expect(text).toContain("log.retention.hours=24\n");
	});

	test("nodes find each other before they are ready, clients only ready ones", () => {
		const objects = render();
		expect(
			one(objects, "Service", "fireworks-kafka-headless").spec,
		).toMatchObject({ clusterIP: "None", publishNotReadyAddresses: true });
		expect(
			one(objects, "Service", "fireworks-kafka").spec.publishNotReadyAddresses,
		).toBeUndefined();
	});

	test("the data outlives the pods and, by default, the release", () => {
		const { spec } = one(render(), "StatefulSet", "fireworks-kafka");
		expect(spec.persistentVolumeClaimRetentionPolicy).toEqual({
			whenDeleted: "Retain",
			whenScaled: "Retain",
		});
		const deleting = one(
			render(...set({ "kafka.persistence.whenDeleted": "Delete" })),
			"StatefulSet",
			"fireworks-kafka",
		).spec;
		expect(deleting.persistentVolumeClaimRetentionPolicy.whenDeleted).toBe(
			"Delete",
		);
		const none = one(
			render(...set({ "kafka.persistence.enabled": false })),
			"StatefulSet",
			"fireworks-kafka",
		).spec;
		expect(none.volumeClaimTemplates).toBeUndefined();
	});

	test.each(["external-scram", "external-msk-iam", "external-oauth"])(
		"%s: nothing of a broker is left",
		(scenario) => {
			const objects = render(...(SCENARIOS[scenario] as string[]));
			expect(ofKind(objects, "StatefulSet")).toEqual([]);
			expect(
				objects.filter((o) => /-kafka(-headless)?$/.test(o.metadata.name)),
			).toEqual([]);
			const alone = tryRender(["--set", "external.brokers[0]=a:1"], SUBCHART);
			expect(parseObjects(alone.stdout)).toEqual([]);
		},
	);

	test("both names agree: the brokers that the parts ask for are the Service", () => {
		for (const scenario of ["default", "everything"]) {
			const objects = render(...(SCENARIOS[scenario] as string[]));
			const name = ofKind(objects, "StatefulSet")[0].metadata.name;
			const config = ofKind(objects, "ConfigMap").find((c) =>
				c.metadata.name.endsWith("-config"),
			);
			expect(config.data.FIREWORKS_BROKERS).toBe(
				`${name}.fireworks.svc.cluster.local:9092`,
			);
			one(objects, "Service", name);
		}
	});
});
