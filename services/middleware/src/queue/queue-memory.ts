/**
 * The memory that the queues of all streams share.
 *
 * A queue asks before it grows. If the memory is used up, queues that are larger than the one that
 * asks give up their oldest events, the largest first. So one busy stream cannot keep the others
 * from being shown, and a small stream keeps all its events.
 */
export interface SharedQueue {
	/** Bytes that its columns take. */
	readonly bytes: number;
	/** Drops its oldest events to take half the memory. */
	halve(): void;
}

export class QueueMemory {
	readonly bytesMax: number;
	readonly #queues = new Set<SharedQueue>();

	constructor(bytesMax: number) {
		this.bytesMax = bytesMax;
	}

	get bytes(): number {
		let bytes = 0;
		for (const queue of this.#queues) bytes += queue.bytes;
		return bytes;
	}

	add(queue: SharedQueue): void {
		this.#queues.add(queue);
	}

	remove(queue: SharedQueue): void {
		this.#queues.delete(queue);
	}

	/** Whether the queue may grow to this size. */
	mayGrow(queue: SharedQueue, bytes: number): boolean {
		for (;;) {
			if (this.bytes - queue.bytes + bytes <= this.bytesMax) return true;
			const largest = this.#largestBut(queue);
			if (largest === undefined || largest.bytes <= bytes) return false;
			largest.halve();
		}
	}

	#largestBut(queue: SharedQueue): SharedQueue | undefined {
		let largest: SharedQueue | undefined;
		for (const other of this.#queues)
			if (other !== queue && other.bytes > (largest?.bytes ?? 0))
				largest = other;
		return largest;
	}
}
