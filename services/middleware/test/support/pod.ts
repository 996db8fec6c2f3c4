/** A pod's core without a network: queue and fan-out on a fake clock. */
import { parseStreamPosition } from "@fireworks/contracts";
import { FakeClock } from "@fireworks/time/fake";
import { Counts } from "../../src/counts.ts";
import type { Client } from "../../src/fanout/client.ts";
import type { FanoutBounds } from "../../src/fanout/client-host.ts";
import { Hub } from "../../src/fanout/hub.ts";
import { Pacer } from "../../src/fanout/pacer.ts";
import type { SubscriptionRequest } from "../../src/fanout/subscription.ts";
import { deviceFrames } from "../../src/frames/hub-frames.ts";
import { DeviceTable } from "../../src/queue/device-table.ts";
import { EventQueue } from "../../src/queue/event-queue.ts";
import { event } from "./events.ts";
import { FakeSocket } from "./fake-socket.ts";

export const PARTITIONS = 3;
export const BOUNDS: FanoutBounds = {
	bufferBytesMax: 524_288,
	slowMaxMs: 10_000,
	snapshotPointsMax: 10_000,
	snapshotEventsMax: 100_000,
};
export const ALL: SubscriptionRequest = {
	deviceIds: null,
	windowMs: 86_400_000,
};

export class Pod {
	readonly clock: FakeClock;
	readonly counts = new Counts();
	readonly queue: EventQueue;
	readonly hub: Hub;
	readonly pacer: Pacer;
	/** The time that a send takes. */
	sendMs = 0;

	constructor({
		capacity = 10_000,
		bounds = {},
		clock = new FakeClock(),
	}: {
		capacity?: number;
		bounds?: Partial<FanoutBounds>;
		clock?: FakeClock;
	} = {}) {
		this.clock = clock;
		this.queue = new EventQueue(capacity, new DeviceTable(1_000));
		this.queue.restart(Array.from({ length: PARTITIONS }, () => 0));
		this.hub = new Hub({
			queue: this.queue,
			clock,
			counts: this.counts,
			bounds: { ...BOUNDS, ...bounds },
			frames: deviceFrames(this.queue.devices, {
				engine: "typescript",
				batchMs: 50,
				pingMs: 5_000,
			}),
		});
		this.pacer = new Pacer(clock, 50, (done) => this.hub.flush(done));
	}

	/** The next record of a partition, the same on every pod: its offset is its seq. */
	read(partition: number): void {
		const offset = this.queue.next[partition] ?? 0;
		this.queue.append(partition, offset, event(`d${partition}`, offset));
		this.pacer.notify();
	}

	/** Reads this many records, from the partitions in turn. */
	readMany(events: number): void {
		for (let i = 0; i < events; i++) this.read(i % PARTITIONS);
	}

	/** The topic is deleted and recreated. */
	recreate(): void {
		this.queue.restart(
			Array.from({ length: PARTITIONS }, () => 0),
			`recreated${this.queue.generation}`,
		);
		this.pacer.notify();
	}

	connect(
		request: SubscriptionRequest = ALL,
		after?: string,
	): { socket: FakeSocket; client: Client } {
		const socket = new FakeSocket();
		socket.onSend = () => this.clock.spend(this.sendMs);
		const client = this.hub.add(
			socket,
			request,
			after === undefined
				? undefined
				: parseStreamPosition(after, PARTITIONS, this.queue.stream),
		);
		return { socket, client };
	}
}
