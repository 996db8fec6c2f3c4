/**
 * How a client's requests travel to the memory log's broker and back: at once, or as a test decides
 * (late, lost, out of order).
 */

export type RequestName =
	| "topics"
	| "offsets"
	| "topic-id"
	| "init-producer"
	| "add-partitions"
	| "produce"
	| "end-transaction"
	| "append"
	| "join"
	| "heartbeat"
	| "leave"
	| "fetch"
	| "commit-offset"
	| "group-members";

export interface Network {
	/**
	 * Runs the work at the broker and returns its result or throws its error. It throws an error of
	 * its own when it is unknown whether the work was done.
	 */
	request<T>(name: RequestName, work: () => T | Promise<T>): Promise<T>;
}

/** A network without delay or loss. */
export const directNetwork: Network = {
	request: async (_name, work) => work(),
};
