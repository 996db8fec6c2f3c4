/** A pipeline in the cluster, by `up` alone: two pods share its partitions, and each is killed. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { StreamClient } from "@fireworks/client";
import { expect, test } from "vitest";
import { waitFor, waitForValue } from "../../harness/wait-for.ts";
import { batchOf, weatherRows } from "../../harness/weather-batch.ts";
import type { CommandSite } from "../harness/command-site.ts";

const PODS = "-l=app.kubernetes.io/component=pipeline-weather";
const CENTURY_MS = 3_155_760_000_000;

export function pipelineTests(site: CommandSite): void {
	test("a pipeline with two replicas, both killed: every window once, as a batch computes it", async () => {
		const values = join(site.home, "weather.yaml");
		writeFileSync(values, "pipelines: { weather: { replicas: 2 } }\n");
		const up = await site.fireworks(["up", "--pipeline", "weather"], {
			FIREWORKS_HELM_VALUES: values,
		});
		expect(up.code, up.output).toBe(0);
		const batch = batchOf(await weatherRows());
		const means = collect(`ws://localhost:${site.middlewarePort}/ws`);
		try {
			await waitFor("the first means", () => means.events > 0);
			for (const pod of await podsOf(site)) {
				await site.kubectl("delete", "pod", pod, "--grace-period=0", "--force");
				await twoReady(site);
			}
			await waitForValue(
				"all windows",
				async () => means.byWindow.size,
				(size) => size >= batch.size,
				180_000,
			);
			expect(means.byWindow).toEqual(
				new Map(
					[...batch].map(([window, { temperature }]) => [window, temperature]),
				),
			);
			expect(means.events).toBe(batch.size);
		} finally {
			means.client.close();
		}
		const { parts } = JSON.parse(
			(await site.succeeds("status", "--json")).stdout,
		) as { parts: { name: string; state: string }[] };
		expect(parts.find(({ name }) => name === "weather")).toMatchObject({
			state: "running",
		});
		expect(
			(await site.succeeds("logs", "weather", "-n", "5")).stdout,
		).toContain("weather");
	}, 900_000);
}

/** The means as a client of the middleware sees them. */
function collect(url: string) {
	const client = new StreamClient<"temperature" | "wind">({
		url,
		stream: "weather-means",
		windowMs: CENTURY_MS,
	});
	const found = {
		client,
		events: 0,
		/** Temperature by "station start". */
		byWindow: new Map<string, number | null>(),
	};
	let stations: readonly (string | null)[] = [];
	client.on("keys", (keys) => {
		stations = keys.map(({ key }) => key);
	});
	client.on("events", ({ type, columns }) => {
		// A snapshot replaces what came before it.
		if (type === "snapshot") {
			found.events = 0;
			found.byWindow.clear();
		}
		for (const [i, key] of columns.key.entries()) {
			found.events++;
			const at = new Date(columns.timestamp[i] as number).toISOString();
			found.byWindow.set(
				`${stations[key]} ${at}`,
				columns.measures.temperature[i] ?? null,
			);
		}
	});
	client.start();
	return found;
}

async function podsOf(site: CommandSite): Promise<string[]> {
	const names = await site.kubectl(
		"get",
		"pods",
		PODS,
		"-o=jsonpath={.items[*].metadata.name}",
	);
	return names.split(" ").filter(Boolean);
}

const twoReady = (site: CommandSite) =>
	waitForValue(
		"two pods to be ready",
		async () =>
			(
				await site.kubectl(
					"get",
					"pods",
					PODS,
					"-o=jsonpath={.items[*].status.containerStatuses[0].ready}",
				)
			).trim(),
		(ready) => ready === "true true",
		180_000,
	);
