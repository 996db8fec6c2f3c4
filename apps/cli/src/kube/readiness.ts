/**
 * Why a part says that it is not ready. The kubelet's event tells no more than "statuscode: 503"; the part's own /readyz has the reason, and the API
 * server asks it for us.
 */
import type { V1Pod } from "@kubernetes/client-node";
import type { Blocker } from "./blockers.ts";
import type { Kube } from "./client.ts";
import { portsOf } from "./pod-state.ts";
import { getText } from "./raw-request.ts";

const TIMEOUT_MS = 2_000;

/** The blockers, those of probes in the parts' own words where they can be had. */
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
			if (blocker.kind !== "probe" || port === undefined) return blocker;
			const path = `/api/v1/namespaces/${namespace}/pods/${blocker.pod}:${port}/proxy/readyz`;
			const signal = AbortSignal.timeout(TIMEOUT_MS);
			// A 503 comes as an error with the body in its message.
			const said = await getText(kube, path, signal).catch(
				(error: Error) => error.message,
			);
			const reason = /"reason":"((?:[^"\\]|\\.)*)"/.exec(said)?.[1];
			return reason === undefined
				? blocker
				: { ...blocker, why: `not ready: ${reason}` };
		}),
	);
