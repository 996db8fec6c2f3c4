/** Loads images into the nodes of a kind cluster, those that a node has already left out. */

export interface LoadOptions {
	/** kind's name of the cluster. */
	cluster: string;
	refs: readonly string[];
	onProgress?: (text: string) => void;
}

export interface LoadResult {
	/** Those that some node lacked. */
	loaded: string[];
	ms: number;
}

/** An image that Docker lacks is pulled first (apache/kafka). Throws ImageError. */
export async function loadIntoKind(_options: LoadOptions): Promise<LoadResult> {
	throw new Error("not yet");
}
