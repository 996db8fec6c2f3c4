/**
 * The devices (or keys), each with a number that stays the same for as long as the client lives.
 *
 * A frame names a device by its index in one pod's table. That index means nothing on the next
 * connection. This table translates the pod's index into ours, given in the order of first
 * appearance. So a chart can keep arrays by our index across reconnects.
 */

/** Limits the table, in case the server is not a Fireworks middleware. */
const ENTRIES_MAX = 200_000;

export class IndexTable<Entry extends { index: number }> {
	readonly #idOf: (entry: Entry) => string | null;
	readonly #entries: Entry[] = [];
	readonly #ours = new Map<string | null, number>();
	#byTheirs: (number | undefined)[] = [];

	/** idOf: the entry's name, the same on every connection. */
	constructor(idOf: (entry: Entry) => string | null) {
		this.#idOf = idOf;
	}

	/** All entries seen so far; `index` is ours and is the position in this array. */
	get entries(): readonly Entry[] {
		return this.#entries;
	}

	/** A new connection: the old connection's indices are no longer valid. */
	newConnection(): void {
		this.#byTheirs = [];
	}

	/** Adds a frame's entries; false if they are more than the table may hold. */
	update(entries: readonly Entry[]): boolean {
		for (const entry of entries) {
			const id = this.#idOf(entry);
			const index = this.#ours.get(id) ?? this.#entries.length;
			if (index >= ENTRIES_MAX || entry.index >= ENTRIES_MAX) return false;
			this.#ours.set(id, index);
			this.#entries[index] = { ...entry, index };
			this.#byTheirs[entry.index] = index;
		}
		return true;
	}

	/**
	 * Rewrites a column of the pod's indices into ours; false if one of them was never announced.
	 */
	translate(column: number[]): boolean {
		for (let i = 0; i < column.length; i++) {
			const ours = this.#byTheirs[column[i] as number];
			if (ours === undefined) return false;
			column[i] = ours;
		}
		return true;
	}
}
