/**
 * The devices, or keys, of a queue. Each has a number, so that an event costs 4 bytes instead of a
 * name.
 *
 * Bounded by `max`. If the table is full, a name without events in the queue gives its number to
 * the new name. If there is no such name, the new one is refused. Every change that clients must be
 * sent raises `version`. `namesVersion` rises only when a number gets a name.
 */
export interface TableEntry {
	index: number;
}

export abstract class NameTable<
	Entry extends TableEntry = TableEntry,
	Name extends string | null = string | null,
> {
	readonly max: number;
	protected readonly entries: Entry[] = [];
	readonly #indexOf = new Map<string | null, number>();
	/** By index: the version at which the entry last changed. */
	readonly #changed: number[] = [];
	/** By index: ordinal of the name's newest event, -1 if the queue has none. */
	readonly #newest: number[] = [];
	/** Names without an event in the queue, longest first. */
	readonly #idle = new Set<number>();
	#version = 0;
	#namesVersion = 0;

	constructor(max: number) {
		this.max = max;
	}

	protected abstract nameOf(entry: Entry): Name;

	get count(): number {
		return this.entries.length;
	}
	get version(): number {
		return this.#version;
	}
	get namesVersion(): number {
		return this.#namesVersion;
	}

	indexOf(name: Name): number | undefined {
		return this.#indexOf.get(name);
	}

	/** Adds a name that is not in the table; undefined if there is no room. */
	protected add(name: Name, entryAt: (index: number) => Entry) {
		const index = this.count < this.max ? this.count : this.#recycled();
		if (index === undefined) return undefined;
		this.entries[index] = entryAt(index);
		this.#indexOf.set(name, index);
		this.#newest[index] = -1;
		this.#namesVersion++;
		this.#idle.add(index);
		this.changed(index);
		return index;
	}

	/** The entry changed: clients must be sent it. */
	protected changed(index: number): void {
		this.#changed[index] = ++this.#version;
	}

	#recycled(): number | undefined {
		const [index] = this.#idle;
		if (index === undefined) return undefined;
		this.#idle.delete(index);
		this.#indexOf.delete(this.nameOf(this.entries[index] as Entry));
		return index;
	}

	newestOf(index: number): number {
		return this.#newest[index] ?? -1;
	}

	/** The queue added an event of this name. */
	appended(index: number, ordinal: number): void {
		this.#newest[index] = ordinal;
		this.#idle.delete(index);
	}

	/** The queue dropped this event. If it was the name's last one, the name becomes idle. */
	evicted(index: number, ordinal: number): void {
		if (this.#newest[index] !== ordinal) return;
		this.#newest[index] = -1;
		this.#idle.add(index);
	}

	/** The queue dropped everything. */
	cleared(): void {
		for (let index = 0; index < this.count; index++) {
			this.#newest[index] = -1;
			this.#idle.add(index);
		}
	}

	/** The entries that a client with the table at `version` must be sent. */
	changedSince(version: number): Entry[] {
		return version === this.#version
			? []
			: this.entries.filter((_, i) => (this.#changed[i] ?? 0) > version);
	}
}
