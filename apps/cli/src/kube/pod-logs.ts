/** Lines of a container's log, through the API server. */
import { createInterface } from "node:readline";
import type { Kube } from "./client.ts";
import { getStream, getText } from "./raw-request.ts";

export interface LogQuery {
	container?: string;
	/** Of the container before its restart. */
	previous?: boolean;
	/** From the end; undefined: all. */
	lines?: number | undefined;
	/** Go on with what comes, until the container ends. */
	follow?: boolean;
	/** ISO time: nothing before it. */
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

/** Prints each line as it comes; ends with the log, or where `signal` is aborted. Throws where the server refuses. */
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

/** The last lines, to show beside a failure; none where they cannot be had. */
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
