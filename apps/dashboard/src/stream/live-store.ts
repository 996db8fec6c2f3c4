/**
 * Everything the page knows of the stream, outside React: the paths, and what the state line tells.
 *
 * Bounds: POINTS_MAX points over all devices (41 bytes each), of one device at most PATH_POINTS_MAX, and none that is older than what is looked at:
 * a longer past is asked of the server again.
 */
import type { ClientEvents } from "@fireworks/client";
import { Increments } from "./increments.ts";
import { Path } from "./path.ts";
import { RateMeter } from "./rate-meter.ts";
import type { Point } from "./ring.ts";
import { Samples } from "./samples.ts";

export const POINTS_MAX = 1_500_000;
export const PATH_POINTS_MAX = 65_536;
const PATH_POINTS_MIN = 64;

type EventsFrame = ClientEvents["events"];
export type DeviceInfo = ClientEvents["devices"][number];

/** The way of a frame's oldest event: happened, sent, received (all by the server's clock but the last), and not yet on the screen. */
export interface Unpainted {
	eventMs: number;
	sentAtMs: number;
	receivedMs: number;
}
const UNPAINTED_MAX = 100;
/** Old events this soon after the opening are history; later on they are a stream whose event time lags behind. */
const CATCH_UP_MS = 3_000;

export class LiveStore {
	devices: readonly DeviceInfo[] = [];
	paths: Path[] = [];
	/** The newest event time of all devices; -Infinity while there is none. */
	newestMs = Number.NEGATIVE_INFINITY;
	/** Our wall clock when it came. */
	newestCameMs = Number.NEGATIVE_INFINITY;
	/** Points this much older than the newest event go; those from holdFromMs on stay all the same. */
	keepMs = Number.POSITIVE_INFINITY;
	holdFromMs = Number.POSITIVE_INFINITY;
	/** Our wall clock when the last events came. */
	receivedMs: number | undefined;
	events = 0;
	/** Events that a server said it left out, and how often. */
	gapEvents = 0;
	gaps = 0;
	/** Snapshots taken: the past may have changed at each. */
	snapshots = 0;
	readonly increments = new Increments();
	readonly rate = new RateMeter();
	/** From the middleware's send, and from event time, until the picture is painted. */
	readonly sentToPaintedMs = new Samples();
	readonly eventToPaintedMs = new Samples();
	#unpainted: Unpainted[] = [];
	/** The server's wall clock when the connection was opened. */
	openedMs = Number.NEGATIVE_INFINITY;
	/** The connection began with a snapshot, not with a resume. */
	#snapshotted = false;

	/** A connection is open since serverMs: what happened before it is history, and its age says nothing of how late the page is. */
	opened(serverMs: number): void {
		this.openedMs = serverMs;
		this.#snapshotted = false;
	}

	takeDevices(devices: readonly DeviceInfo[]): void {
		this.devices = devices.slice();
		const pointsMax = pointsMaxOf(devices.length);
		for (const path of this.paths) path.ring.pointsMax = pointsMax;
		while (this.paths.length < devices.length)
			this.paths.push(new Path(pointsMax));
	}

	takeEvents(frame: EventsFrame, nowMs: number): void {
		this.receivedMs = nowMs;
		if (frame.type === "snapshot") {
			this.#snapshotted = true;
			this.#joinSnapshot(frame.columns);
		} else this.#append(frame, nowMs);
	}

	takeGap(count: number): void {
		this.gaps += 1;
		this.gapEvents += count;
	}

	/** All events taken so far are on the screen since paintedMs, by the server's clock. Which: those that nobody was told of yet. */
	painted(paintedMs: number): readonly Unpainted[] {
		const painted = this.#unpainted;
		for (const { sentAtMs, eventMs } of painted) {
			this.sentToPaintedMs.add(paintedMs - sentAtMs);
			if (eventMs >= this.openedMs)
				this.eventToPaintedMs.add(paintedMs - eventMs);
		}
		this.#unpainted = [];
		return painted.filter(({ eventMs }) => eventMs >= this.openedMs);
	}

	/** Of these devices each has its record of the newest tick, or missed a whole one before it. */
	isComplete(indices: readonly number[]): boolean {
		return indices.every((index) => {
			const last = this.paths[index]?.last;
			if (!last) return true;
			const behindMs = this.newestMs - last.timeMs;
			return behindMs === 0 || behindMs > last.dtS * 1_500;
		});
	}

	/** What came while nothing is drawn is not late for the screen: it is not measured. */
	forgetUnpainted(): void {
		this.#unpainted = [];
	}

	#append(frame: EventsFrame, nowMs: number): void {
		const { device, timestamp, dt, increment } = frame.columns;
		let taken = 0;
		let oldestMs = Number.POSITIVE_INFINITY;
		const keepFromMs = Math.min(this.newestMs - this.keepMs, this.holdFromMs);
		for (let i = 0; i < device.length; i++) {
			const timeMs = timestamp[i] as number;
			const path = this.paths[device[i] as number];
			path?.ring.dropBefore(keepFromMs);
			const isNew = path?.append(pointAt(frame.columns, i));
			if (!isNew) continue;
			taken++;
			this.#judge(device[i] as number, increment[i], dt[i]);
			oldestMs = Math.min(oldestMs, timeMs);
			if (timeMs > this.newestMs) this.newestCameMs = nowMs;
			this.newestMs = Math.max(this.newestMs, timeMs);
		}
		const history = this.#isHistory(timestamp.at(-1), frame.sentAt);
		// What came while the connection was lost is news to this page, though late; the past that a snapshot brings is not.
		if (!(history && this.#snapshotted)) this.events += taken;
		if (history) return;
		this.rate.add(taken, nowMs);
		if (taken > 0 && this.#unpainted.length < UNPAINTED_MAX)
			this.#unpainted.push({
				eventMs: oldestMs,
				sentAtMs: frame.sentAt,
				receivedMs: nowMs,
			});
	}

	/** A long snapshot, or a resume's catching up, comes in batches right after the opening: what happened before it is no news. */
	#isHistory(newestMs: number | undefined, sentAtMs: number): boolean {
		return (
			sentAtMs - this.openedMs < CATCH_UP_MS &&
			newestMs !== undefined &&
			newestMs < this.openedMs
		);
	}

	#judge(device: number, increment = 0, dtS = 0): void {
		const info = this.devices[device];
		if (info) this.increments.add(increment, dtS, info);
	}

	#joinSnapshot(columns: Columns): void {
		const { device, timestamp, dt, increment } = columns;
		this.snapshots++;
		const byDevice = new Map<number, Point[]>();
		for (let i = 0; i < device.length; i++) {
			const index = device[i] as number;
			const lastMs = this.paths[index]?.last?.timeMs ?? -Infinity;
			if ((timestamp[i] as number) > lastMs)
				this.#judge(index, increment[i], dt[i]);
			const events = byDevice.get(index) ?? [];
			if (events.length === 0) byDevice.set(index, events);
			events.push(pointAt(columns, i));
		}
		for (const [index, events] of byDevice) this.paths[index]?.join(events);
		this.newestMs = this.paths.reduce(
			(newest, { last }) => Math.max(newest, last?.timeMs ?? newest),
			Number.NEGATIVE_INFINITY,
		);
	}
}

type Columns = EventsFrame["columns"];

const pointAt = (columns: Columns, i: number): Point => ({
	seq: columns.seq[i] as number,
	timeMs: columns.timestamp[i] as number,
	dtS: columns.dt[i] as number,
	increment: columns.increment[i] as number,
	value: columns.value[i] as number,
});

const pointsMaxOf = (devices: number): number =>
	Math.max(
		PATH_POINTS_MIN,
		Math.min(PATH_POINTS_MAX, Math.floor(POINTS_MAX / devices)),
	);
