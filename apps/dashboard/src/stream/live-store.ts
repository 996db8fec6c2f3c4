/**
 * Everything the page knows of the stream, outside React: the paths, and the contents of the status
 * line.
 *
 * Bounds: POINTS_MAX points over all devices (41 bytes each), at most PATH_POINTS_MAX of one
 * device, and none older than the view needs. For a longer past the page asks the server again.
 */
import type { ClientEvents } from "@fireworks/client";
import { Increments } from "./increments.ts";
import { Path } from "./path.ts";
import { RateMeter } from "./rate-meter.ts";
import type { Point } from "./ring.ts";
import { Samples } from "./samples.ts";

const POINTS_MAX = 1_500_000;
const PATH_POINTS_MAX = 65_536;
const PATH_POINTS_MIN = 64;

type EventsFrame = ClientEvents["events"];
export type DeviceInfo = ClientEvents["devices"][number];

/**
 * The times of a frame's oldest event that is not yet on the screen: happened, sent, received (the
 * last by our clock, the others by the server's).
 */
export interface Unpainted {
	eventMs: number;
	sentAtMs: number;
	receivedMs: number;
}
const UNPAINTED_MAX = 100;
/**
 * Old events this soon after the opening are history. Later, they mean a stream whose event time
 * lags behind.
 */
const CATCH_UP_MS = 3_000;

export class LiveStore {
	devices: readonly DeviceInfo[] = [];
	paths: Path[] = [];
	/** The newest event time of all devices; -Infinity while there is none. */
	newestMs = Number.NEGATIVE_INFINITY;
	/** Our wall clock when it arrived. */
	newestCameMs = Number.NEGATIVE_INFINITY;
	/**
	 * Points older than the newest event by more than this are dropped, except those from
	 * holdFromMs on.
	 */
	keepMs = Number.POSITIVE_INFINITY;
	holdFromMs = Number.POSITIVE_INFINITY;
	/** Our wall clock when the last events arrived. */
	receivedMs: number | undefined;
	events = 0;
	/** Number of events that a server reported as left out, and number of such reports. */
	gapEvents = 0;
	gaps = 0;
	/** Snapshots taken: each may have changed the past. */
	snapshots = 0;
	/** The stream that the points belong to; undefined if the server does not say. */
	#stream: string | undefined;
	readonly increments = new Increments();
	readonly rate = new RateMeter();
	/** Time from the middleware's send, and from event time, until the picture is painted. */
	readonly sentToPaintedMs = new Samples();
	readonly eventToPaintedMs = new Samples();
	#unpainted: Unpainted[] = [];
	/** The server's wall clock when the connection was opened. */
	openedMs = Number.NEGATIVE_INFINITY;
	/** The connection began with a snapshot, not with a resume. */
	#snapshotted = false;

	/**
	 * A connection was opened at serverMs. Events from before are history, and their age says
	 * nothing about how late the page is.
	 */
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
			if (frame.stream !== this.#stream) this.#forgetPoints();
			this.#stream = frame.stream;
			this.#joinSnapshot(frame.columns);
		} else this.#append(frame, nowMs);
	}

	/** The time of the oldest point held; Infinity while no point is held. */
	oldestMs(): number {
		return this.paths.reduce(
			(oldest, { ring }) =>
				ring.length === 0
					? oldest
					: Math.min(oldest, ring.time[ring.begin] as number),
			Number.POSITIVE_INFINITY,
		);
	}

	takeGap(count: number): void {
		this.gaps += 1;
		this.gapEvents += count;
	}

	/**
	 * All events taken so far are on the screen since paintedMs, by the server's clock. Returns
	 * those that were not returned before.
	 */
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

	/**
	 * True if each of these devices has its record of the newest tick, or missed a whole tick
	 * before it.
	 */
	isComplete(indices: readonly number[]): boolean {
		return indices.every((index) => {
			const last = this.paths[index]?.last;
			if (!last) return true;
			const behindMs = this.newestMs - last.timeMs;
			return behindMs === 0 || behindMs > last.dtS * 1_500;
		});
	}

	/**
	 * Events that arrive while nothing is drawn are not measured: they are not late for the screen.
	 */
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
		// Events that were missed during a loss of the connection are new to this page, though
		// late. The past in a snapshot is not.
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

	/**
	 * A long snapshot, or catching up after a resume, arrives in batches right after the opening.
	 * Events from before the opening are therefore history.
	 */
	#isHistory(newestMs: number | undefined, sentAtMs: number): boolean {
		return (
			sentAtMs - this.openedMs < CATCH_UP_MS &&
			newestMs !== undefined &&
			newestMs < this.openedMs
		);
	}

	/**
	 * The topic was deleted and recreated: points of the old one must not appear next to the new
	 * ones.
	 */
	#forgetPoints(): void {
		for (const path of this.paths) path.clear();
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
