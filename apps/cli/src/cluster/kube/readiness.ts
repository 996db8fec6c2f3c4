/**
 * Why a part reports that it is not ready. The kubelet's event only says "statuscode: 503". The
 * part's own /readyz has the reason (such as a topic and what the broker said about it), and can be
 * asked through the API server.
 */
import type { V1Pod } from "@kubernetes/client-node";
import type { Blocker } from "./blockers.ts";
import type { Kube } from "./client.ts";
import { portsOf } from "./pod-state.ts";
import { getText } from "./raw-request.ts";

const TIMEOUT_MS = 2_000;

/**
 * The blockers. Those about a failing probe get the reason that the part itself gives, if it
 * answers.
 */
export const withReasons = (
	kube: Kube,
	namespace: string,
	pods: readonly V1Pod[],
	blockers: readonly Blocker[],
): Promise<Blocker[]> =>
	Promise.all(
		blockers.map(async (blocker) => {
			const pod = pods.find((p) => p.metadata?.name === blocker.pod);
			const port = pod && portsOf(pod).http;
			if (blocker.kind !== "probe" || !pod || port === undefined)
				return blocker;
			const reason = await readinessReason(kube, namespace, pod, port);
			return reason === undefined
				? blocker
				: { ...blocker, why: `not ready: ${reason}` };
		}),
	);

/** What the pod's /readyz says; undefined if it is ready or does not answer. */
async function readinessReason(
	kube: Kube,
	namespace: string,
	pod: V1Pod,
	port: number,
): Promise<string | undefined> {
	const path = `/api/v1/namespaces/${namespace}/pods/${pod.metadata?.name}:${port}/proxy/readyz`;
	const signal = AbortSignal.timeout(TIMEOUT_MS);
	// A 503 is thrown as an error with the body in its message.
	const said = await getText(kube, path, signal).catch(
		(error: Error) => error.message,
	);
	return reasonIn(said);
}

/** Finds the part's JSON, which the API server may put inside its own text. */
function reasonIn(text: string): string | undefined {
	const found = /"reason":("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
	if (found === undefined) return undefined;
	try {
		return JSON.parse(found);
	} catch {
		return undefined;
	}
}
