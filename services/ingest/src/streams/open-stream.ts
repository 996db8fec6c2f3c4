/** A stream that records can be written to: how to read a record, and where it belongs. */
import {
	type CatalogEntry,
	type RecordDecoder,
	recordDecoder,
	type ToOutgoing,
	toOutgoing,
	validatorOf,
} from "@fireworks/pipeline";

export class OpenStream {
	readonly name: string;
	readonly decoder: RecordDecoder;
	readonly partitions: number;
	readonly toOutgoing: ToOutgoing;
	#turn = 0;

	/** Throws if the schema of the entry cannot be read. */
	constructor(entry: CatalogEntry, partitions: number) {
		this.name = entry.name;
		this.decoder = recordDecoder(entry, {
			validate: validatorOf(entry.schema),
		});
		this.partitions = partitions;
		this.toOutgoing = toOutgoing(partitions);
	}

	/** Counts the records: those without a key go to the partitions in turn. */
	nextTurn(): number {
		const turn = this.#turn;
		this.#turn = (turn + 1) % Number.MAX_SAFE_INTEGER;
		return turn;
	}
}
