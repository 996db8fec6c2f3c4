/**
 * Checks the order of one partition's ticks: those of all its devices with one number, then those
 * with the next. Any other order is a torn tick.
 */
export class TickOrder {
	/** How many devices the partition has. */
	devices = 0;
	#seq = -1;
	#count = 0;

	/** Takes the next tick of any of its devices, by number. Returns what is wrong, if anything. */
	take(seq: number): string | undefined {
		if (seq === this.#seq) {
			this.#count++;
			return this.#count > this.devices
				? `the ${this.#count}th of ${this.devices} devices under the number ${seq}`
				: undefined;
		}
		const torn =
			this.#seq >= 0 && this.#count !== this.devices
				? `torn: tick ${this.#seq} before it had ${this.#count} of ${this.devices} devices`
				: undefined;
		this.#seq = seq;
		this.#count = 1;
		return torn;
	}
}
