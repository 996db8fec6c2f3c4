import { describe, expect, it } from "vitest";
import { Path } from "../src/stream/path.ts";
import type { Point } from "../src/stream/ring.ts";

const event = (seq: number, value = seq / 2): Point => ({
	seq,
	timeMs: 1_000_000 + seq * 1_000,
	dtS: 1,
	increment: 0.5,
	value,
});
const events = (from: number, to: number) =>
	Array.from({ length: to - from }, (_, k) => event(from + k));
const path = (of: Point[], pointsMax = 100) => {
	const made = new Path(pointsMax);
	for (const e of of) made.append(e);
	return made;
};
const seqs = ({ ring }: Path) => [...ring.seq.subarray(ring.begin, ring.end)];
const holes = ({ ring }: Path) => [
	...ring.seq
		.subarray(ring.begin, ring.end)
		.filter((_, i) => ring.hole[ring.begin + i]),
];

describe("append", () => {
	it("leaves repeats out", () => {
		const p = path(events(0, 3));
		expect(p.append(event(2))).toBe(false);
		expect(p.append(event(1))).toBe(false);
		expect(seqs(p)).toEqual([0, 1, 2]);
	});

	it("marks a hole where more time passed than the record says, but not where seq jumped with a true dt", () => {
		const p = path(events(0, 3));
		p.append(event(5));
		p.append({ ...event(9), dtS: 4 });
		expect(holes(p)).toEqual([5]);
	});

	it("starts again if the stream did", () => {
		const p = path(events(5, 8));
		p.append({
			seq: 0,
			timeMs: event(9).timeMs,
			dtS: 0,
			increment: 0,
			value: 0,
		});
		expect(seqs(p)).toEqual([0]);
		expect(p.last?.seq).toBe(0);
	});
});

describe("join a snapshot", () => {
	it("continues the path, and keeps a longer history", () => {
		const p = path(events(0, 10));
		p.join(events(7, 13));
		expect(seqs(p)).toEqual(events(0, 13).map((e) => e.seq));
		expect(holes(p)).toEqual([]);
	});

	it("keeps its points while only the beginning of the snapshot has arrived", () => {
		const p = path(events(0, 10));
		p.join(events(4, 6));
		for (const e of events(6, 12)) p.append(e);
		expect(seqs(p)).toEqual(events(0, 12).map((e) => e.seq));
	});

	it("shows a hole where the snapshot begins later", () => {
		const p = path(events(0, 3));
		p.join(events(8, 10));
		expect(seqs(p)).toEqual([0, 1, 2, 8, 9]);
		expect(holes(p)).toEqual([8]);
	});

	it("reaches further back than the path", () => {
		const p = path(events(5, 8));
		p.join(events(0, 8));
		expect(seqs(p)).toEqual(events(0, 8).map((e) => e.seq));
	});

	it("replaces a path that it contradicts", () => {
		const p = path(events(0, 5));
		p.join([event(3, 99), event(4, 98)]);
		expect(seqs(p)).toEqual([3, 4]);
		expect(p.last?.value).toBe(98);
	});

	it("replaces the path of a stream that started again", () => {
		const p = path(events(50, 60));
		const restarted = [0, 1].map((seq) => ({
			...event(seq),
			timeMs: event(100 + seq).timeMs,
		}));
		p.join(restarted);
		expect(seqs(p)).toEqual([0, 1]);
	});
});
