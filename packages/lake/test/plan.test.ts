/** Files are merged in tiers: there are few at any time, and each row is rewritten a few times. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { LiveEntry } from "../src/iceberg/live-entries.ts";
import { planMerges } from "../src/maintain/plan.ts";

const file = (bytes: number, hour = 0): LiveEntry => ({
	status: 1,
	snapshot_id: 1n,
	sequence_number: 1n,
	file_sequence_number: 1n,
	data_file: {
		content: 0,
		file_path: "",
		file_format: "PARQUET",
		partition: { time_hour: hour },
		record_count: 1n,
		file_size_in_bytes: BigInt(bytes),
		value_counts: null,
		null_value_counts: null,
		lower_bounds: null,
		upper_bounds: null,
		equality_ids: null,
	},
});
const bytesOf = (files: readonly LiveEntry[]) =>
	files.reduce(
		(sum, { data_file }) => sum + Number(data_file.file_size_in_bytes),
		0,
	);
const MIB = 2 ** 20;

test("10,000 commits of the same size: few files at any time, few rewrites of a row", () => {
	fc.assert(
		fc.property(fc.integer({ min: 1_000, max: 2 * MIB }), (size) => {
			let files: LiveEntry[] = [];
			let written = 0;
			let most = 0;
			for (let commit = 1; commit <= 10_000; commit += 1) {
				files.push(file(size));
				if (commit % 20 !== 0) continue;
				for (const merge of planMerges(files, () => false)) {
					const gone = new Set(merge);
					files = [
						...files.filter((each) => !gone.has(each)),
						file(bytesOf(merge)),
					];
					written += bytesOf(merge);
				}
				most = Math.max(
					most,
					files.filter((each) => bytesOf([each]) < 32 * MIB).length,
				);
			}
			expect(bytesOf(files)).toBe(10_000 * size);
			expect(most).toBeLessThan(40);
			expect(written / bytesOf(files)).toBeLessThan(5);
		}),
		{ numRuns: 8 },
	);
});

test("a merge stays in its partition and below its size", () => {
	const small = fc.record({
		bytes: fc.integer({ min: 1, max: 40 * MIB }),
		hour: fc.integer({ min: 0, max: 3 }),
	});
	fc.assert(
		fc.property(
			fc.array(small, { maxLength: 60 }),
			fc.boolean(),
			(sizes, quiet) => {
				const files = sizes.map(({ bytes, hour }) => file(bytes, hour));
				for (const merge of planMerges(files, () => quiet)) {
					expect(
						new Set(merge.map(({ data_file }) => data_file.partition.time_hour))
							.size,
					).toBe(1);
					expect(merge.length).toBeGreaterThan(1);
					expect(bytesOf(merge)).toBeLessThanOrEqual(128 * MIB);
					expect(
						Math.max(...merge.map((each) => bytesOf([each]))),
					).toBeLessThan(32 * MIB);
				}
			},
		),
	);
});

test("a quiet partition becomes one file", () => {
	const files = [file(1_000), file(100_000), file(5 * MIB), file(40 * MIB)];
	expect(planMerges(files, () => false)).toEqual([]);
	expect(planMerges(files, () => true).map((merge) => merge.length)).toEqual([
		3,
	]);
});
