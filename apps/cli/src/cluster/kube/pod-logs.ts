/** Reads a container's log through the API server. */
import { createInterface } from "node:readline";
import type { Kube } from "./client.ts";
import { getStream, getText } from "./raw-request.ts";

export interface LogQuery {
	container?: string;
	/** The log of the container before its restart. */
	previous?: boolean;
	/** So many lines from the end; undefined: all. */
	lines?: number | undefined;
	/** Also wait for new lines, until the container ends. */
	follow?: boolean;
	/** ISO time: skip earlier lines. */
	since?: string | undefined;
	/** Each line begins with its RFC 3339 time and a space. */
	timestamps?: boolean;
}

function logPath(namespace: string, pod: string, query: LogQuery): string {
	const params = new URLSearchParams();
	if (query.container) params.set("container", query.container);
	if (query.previous) params.set("previous", "true");
	if (query.lines !== undefined) params.set("tailLines", String(query.lines));
	if (query.follow) params.set("follow", "true");
	if (query.since) params.set("sinceTime", query.since);
	if (query.timestamps) params.set("timestamps", "true");
	return `/api/v1/namespaces/${namespace}/pods/${pod}/log?${params}`;
}

/**
 * Calls `print` with each line as it comes. Returns when the log ends or `signal` is aborted.
 * Throws if the server rejects the request.
 */
export async function eachLogLine(
	kube: Kube,
	namespace: string,
	pod: string,
	query: LogQuery,
	print: (line: string) => void,
	signal?: AbortSignal,
): Promise<void> {
	const path = logPath(namespace, pod, query);
	try {
		const stream = await getStream(kube, path, signal);
		for await (const line of createInterface({ input: stream })) print(line);
	} catch (error) {
		if (!signal?.aborted) throw error;
	}
}

/** The last lines, to show with a failure; empty if the server does not return them. */
export async function lastPodLines(
	kube: Kube,
	namespace: string,
	pod: string,
	{ container, previous }: { container: string; previous: boolean },
	lines: number,
): Promise<string[]> {
	const query = { container, previous, lines };
	const text = await getText(kube, logPath(namespace, pod, query)).catch(
		() => "",
	);
	return text.split("\n").filter((line) => line !== "");
}
