/**
 * The memory use of a namespace's pods, from the kubelets' own summaries. No metrics server is
 * needed.
 */
import type { ClusterSite } from "./site.ts";

interface Summary {
	pods: {
		podRef: { name: string; namespace: string };
		memory?: { workingSetBytes?: number };
	}[];
}

/** MB (10^6 bytes) by pod. */
export async function memoryByPod(
	site: ClusterSite,
	namespace: string,
): Promise<Map<string, number>> {
	const found = new Map<string, number>();
	const nodes = await site.kubectl(
		"get nodes -o jsonpath='{.items[*].metadata.name}'",
	);
	for (const node of nodes.trim().split(/\s+/)) {
		const summary: Summary = JSON.parse(
			await site.kubectl(`get --raw /api/v1/nodes/${node}/proxy/stats/summary`),
		);
		for (const { podRef, memory } of summary.pods)
			if (podRef.namespace === namespace)
				found.set(podRef.name, (memory?.workingSetBytes ?? 0) / 1e6);
	}
	return found;
}
