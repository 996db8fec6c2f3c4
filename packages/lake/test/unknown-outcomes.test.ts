/** A commit whose answer is lost: its rows are in the table once, whatever the request did. */
import { expect, test } from "vitest";
import { FencedError, openTable } from "../src/index.ts";
import { countRows, exactly } from "./exact-rows.ts";
import { foreignCompaction } from "./foreign-program.ts";
import { lakeFolder, owner } from "./lake-folder.ts";
import { type Fault, restServer } from "./rest-server.ts";
import { definition, rowsOf } from "./rows.ts";

const FAULTS: Fault[] = [
	"lost-request",
	"lost-answer",
	"error-after",
	"error-before",
	"late",
];

test.each(FAULTS)("%s: the rows are there once", async (fault) => {
	const server = await restServer(lakeFolder().folder);
	const table = await openTable(server.location, definition(), owner());
	await table.commit(rowsOf(0, 0, 10), new Map([[0, 10]]));
	const faults = [fault, undefined, fault, fault];
	server.fault = () => faults.shift();
	const { snapshotId } = await table.commit(
		rowsOf(0, 10, 10),
		new Map([[0, 20]]),
	);
	await table.commit(rowsOf(0, 20, 10), new Map([[0, 30]]));
	await table.close();
	expect(await countRows(server.location)).toEqual(exactly({ 0: 30 }));
	expect(
		server.commits.filter(({ outcome }) => outcome === "committed").length,
	).toBe(3);
	// Sent again, not built again: only so can at most one of the two be applied.
	const sent = server.commits.filter(({ body }) =>
		body.includes(String(snapshotId)),
	);
	expect(new Set(sent.map(({ body }) => body)).size).toBeLessThanOrEqual(2);
});

test("the answer is lost, and other programs commit 30 times before it is asked again", async () => {
	const server = await restServer(lakeFolder().folder);
	const table = await openTable(server.location, definition(), owner());
	await table.commit(rowsOf(0, 0, 10), new Map([[0, 10]]));
	let faults = 0;
	server.fault = async (body) => {
		faults += 1;
		if (faults > 1) return undefined;
		await server.catalog.commit("measurements", body);
		// By then our own snapshot has expired: only the table's property still tells.
		for (let commit = 0; commit < 30; commit += 1)
			await foreignCompaction(server.catalog, "measurements");
		return "lost-request";
	};
	await table.commit(rowsOf(0, 10, 10), new Map([[0, 20]]));
	await table.commit(rowsOf(0, 20, 10), new Map([[0, 30]]));
	await table.close();
	expect(await countRows(server.location)).toEqual(exactly({ 0: 30 }));
});

test("another program compacts: the commit is built again on what it left", async () => {
	const server = await restServer(lakeFolder().folder);
	const table = await openTable(server.location, definition(), owner());
	for (let from = 0; from < 50; from += 10) {
		await table.commit(rowsOf(0, from, 10), new Map([[0, from + 10]]));
		await foreignCompaction(server.catalog, "measurements");
	}
	expect(table.positions).toEqual(new Map([[0, 50]]));
	await table.close();
	expect(await countRows(server.location)).toEqual(exactly({ 0: 50 }));
	const conflicts = server.commits.filter(
		({ outcome }) => outcome === "conflict",
	);
	expect(conflicts.length).toBe(4);
});

test("the answer is lost, and another owner commits before it is asked again: fenced", async () => {
	const server = await restServer(lakeFolder().folder);
	const table = await openTable(server.location, definition(), owner());
	let faults = 0;
	server.fault = async (body) => {
		faults += 1;
		if (faults > 1) return undefined;
		await server.catalog.commit("measurements", body);
		const files = {
			catalog: { kind: "files" as const, folder: server.folder },
		};
		const other = await openTable(files, definition(), owner());
		expect(other.positions).toEqual(new Map([[0, 10]]));
		await other.commit(rowsOf(0, 10, 5), new Map([[0, 15]]));
		// Long enough for the snapshot in question to expire.
		for (let commit = 0; commit < 25; commit += 1)
			await other.commit(rowsOf(0, 0, 0), new Map());
		await other.close();
		return "lost-request";
	};
	await expect(
		table.commit(rowsOf(0, 0, 10), new Map([[0, 10]])),
	).rejects.toThrow(FencedError);
	await table.close();
	expect(await countRows(server.location)).toEqual(exactly({ 0: 15 }));
});

test("faults at random, in 40 commits", async () => {
	const server = await restServer(lakeFolder().folder);
	const table = await openTable(server.location, definition(), owner());
	server.fault = () => FAULTS[Math.floor(Math.random() * 3 * FAULTS.length)];
	for (let from = 0; from < 400; from += 10)
		await table.commit(rowsOf(0, from, 10), new Map([[0, from + 10]]));
	await table.close();
	expect(await countRows(server.location)).toEqual(exactly({ 0: 400 }));
});

test("a signal ends the waiting for a catalog that is away", async () => {
	const server = await restServer(lakeFolder().folder);
	const stop = new AbortController();
	const table = await openTable(
		server.location,
		definition(),
		owner({ signal: stop.signal }),
	);
	let asked = 0;
	server.fault = () => {
		asked += 1;
		if (asked === 3) stop.abort(new Error("asked to stop"));
		return "error-before";
	};
	await expect(
		table.commit(rowsOf(0, 0, 10), new Map([[0, 10]])),
	).rejects.toThrow("asked to stop");
	await table.close();
});
