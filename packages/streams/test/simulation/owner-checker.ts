/** Two owners of a partition never both commit: once a later one has committed, an earlier one never does again. */
import type { TransactionEvent } from "../../src/memory/transactions.ts";
import { Violation } from "./violation.ts";

export class OwnerChecker {
	readonly #owners = new Map<string, string[]>();

	/** partitions: the name of what is owned, in what a transaction wrote. */
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
