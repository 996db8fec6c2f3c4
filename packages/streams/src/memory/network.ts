/** How a client's requests travel to the broker of the memory log and back: at once, or as a test has it (late, lost, out of order). */

export type RequestName =
	| "topics"
	| "offsets"
	| "init-producer"
	| "add-partitions"
	| "produce"
	| "end-transaction"
	| "append"
	| "join"
	| "heartbeat"
	| "leave"
	| "fetch"
	| "commit-offset";

export interface Network {
	/** Does the work at the broker and brings back what it returns or throws. Throws by itself where nobody knows whether it was done. */
	request<T>(name: RequestName, work: () => T | Promise<T>): Promise<T>;
}

/** No distance. */
export const directNetwork: Network = {
	request: async (_name, work) => work(),
};
