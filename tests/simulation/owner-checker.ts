/**
 * Checks that two owners of a partition never both commit: once a later owner has committed, an
 * earlier one never commits again.
 */
import type { TransactionEvent } from "../../packages/streams/src/memory/transactions.ts";
import { Violation } from "./violation.ts";

export class OwnerChecker {
	readonly #owners = new Map<string, string[]>();

	/** isOwned: selects, from the partitions that a transaction wrote, those that have an owner. */
	transaction(
		{ type, id, epoch, partitions }: TransactionEvent,
		isOwned: (partition: string) => boolean,
	): void {
		if (type !== "committed") return;
		const owner = `${id} at epoch ${epoch}`;
		for (const partition of partitions.filter(isOwned)) {
			const owners = this.#owners.get(partition) ?? [];
			this.#owners.set(partition, owners);
			if (owners.at(-1) === owner) continue;
			if (owners.includes(owner))
				throw new Violation(
					"owners",
					`${owner} has committed to ${partition} after ${owners.at(-1)} had`,
				);
			owners.push(owner);
		}
	}
}
