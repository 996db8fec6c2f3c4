/** The keys of a stream of the catalog. null: records without a key. */
import { NameTable } from "./name-table.ts";

export interface KeyEntry {
	index: number;
	key: string | null;
}

export class KeyTable extends NameTable<KeyEntry> {
	protected nameOf({ key }: KeyEntry): string | null {
		return key;
	}

	/** The key's index; adds the key if needed. Undefined if the table is full. */
	resolve(key: string | null): number | undefined {
		return this.indexOf(key) ?? this.add(key, (index) => ({ index, key }));
	}
}
