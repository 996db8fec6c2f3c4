/** The catalog on a real broker: published once, safely by several, refused where it breaks. */
import {
	type CatalogEntry,
	defineStream,
	IncompatibleError,
	publish,
	readCatalog,
	watchCatalog,
} from "@fireworks/pipeline";
import { expect, test } from "vitest";
import { z } from "zod";
import { testLog } from "../harness/stream.ts";
import { waitFor } from "../harness/wait-for.ts";
import { withBroker } from "../harness/with-broker.ts";

const broker = withBroker();
const settings = { replicationFactor: 1, topicConfigs: "own" as const };
const base = z.object({ id: z.string(), at: z.iso.datetime({ offset: true }) });

const describe = (name: string, schema: z.ZodType = base) =>
	defineStream({ name, schema, key: "id", time: { path: "at" } }).description;
const publishOne = (
	name: string,
	schema: z.ZodType = base,
	allowIncompatible = false,
) =>
	publish({
		log: broker.log,
		settings,
		streams: [describe(name, schema)],
		allowIncompatible,
	});

test("published at the first start, and only what changed after that", async () => {
	const written = await publishOne("once");
	expect(written.map((e) => [e.name, e.version])).toEqual([["once", 1]]);
	expect(await publishOne("once")).toEqual([]);
	const wider = base.extend({ extra: z.number().optional() });
	const [changed] = await publishOne("once", wider);
	expect(changed?.version).toBe(2);
	expect((await readCatalog(broker.log)).get("once")).toEqual(
		JSON.parse(JSON.stringify(changed)),
	);
});

test("an incompatible change is refused with the difference, unless it is allowed", async () => {
	await publishOne("strict");
	const broken = base.extend({ id: z.enum(["a"]), more: z.number() });
	const refusal = await publishOne("strict", broken).catch((e) => e);
	expect(refusal).toBeInstanceOf(IncompatibleError);
	expect(refusal.message).toBe(
		`the stream strict is in the catalog with version 1, and its new definition breaks what reads it:
  id: values removed
    - any
    + ["a"]
    keep every value that was written
  more: required field added
    - absent
    + required
    make it optional, or give it a default
Do what is advised, or give the changed stream another name. --allow-incompatible publishes it anyway: then reset or update everything that reads the stream.`,
	);
	expect((await readCatalog(broker.log)).get("strict")?.version).toBe(1);
	const [forced] = await publishOne("strict", broken, true);
	expect(forced?.version).toBe(2);
});

test("another key or time is refused: records lie in the old key's partitions", async () => {
	await publishOne("rekeyed");
	const { message } = await publish({
		log: broker.log,
		settings,
		streams: [{ ...describe("rekeyed"), key: null, time: "@timestamp" }],
	}).catch((e) => e);
	expect(message).toContain("key: key changed");
	expect(message).toContain("time: time changed");
});

test("concurrent publishers: each change is checked against the one before", async () => {
	const fields = ["a", "b", "c", "d"];
	// Each publisher adds a field of its own, so the second and later ones remove an optional
	// field: compatible, and each has a version of its own.
	const logs = fields.map(() => testLog(broker.kafka.brokers));
	const seen: CatalogEntry[] = [];
	await publishOne("contended");
	const watch = await watchCatalog(broker.log, (name, entry) => {
		if (name === "contended" && entry !== undefined) seen.push(entry);
	});
	try {
		const results = await Promise.all(
			fields.map((field, i) =>
				publish({
					log: logs[i] as (typeof logs)[number],
					settings,
					streams: [
						describe("contended", base.extend({ [field]: z.int().optional() })),
					],
				}),
			),
		);
		expect(results.map((one) => one.length)).toEqual([1, 1, 1, 1]);
		await waitFor("all versions to be seen", () => seen.length >= 4);
		expect(seen.map((entry) => entry.version)).toEqual([2, 3, 4, 5]);
	} finally {
		await watch.close();
		await Promise.all(logs.map((log) => log.close()));
	}
});

test("a watch has everything at its start, and every later stream without a restart", async () => {
	await publishOne("before");
	const names: string[] = [];
	const watch = await watchCatalog(broker.log, (name) => names.push(name));
	try {
		expect(watch.catalog.has("before")).toBe(true);
		expect(names).toEqual([]);
		await publishOne("after");
		await waitFor("the new stream", () => watch.catalog.has("after"));
		expect(names).toEqual(["after"]);
		await broker.log.append("fireworks-catalog", {
			partition: 0,
			key: "after",
			value: null,
			timestamp: Date.now(),
		});
		await waitFor("its removal", () => !watch.catalog.has("after"));
	} finally {
		await watch.close();
	}
});

test("what is not an entry is passed over", async () => {
	await publishOne("kept");
	for (const value of ["no JSON", '{"name":"other"}', "null"])
		await broker.log.append("fireworks-catalog", {
			partition: 0,
			key: "junk",
			value,
			timestamp: Date.now(),
		});
	const catalog = await readCatalog(broker.log);
	expect([catalog.has("kept"), catalog.has("junk")]).toEqual([true, false]);
});
