/** The namespace, made with Pod Security `restricted`; one that is there already is left as its owner made it. */
import type { V1Namespace } from "@kubernetes/client-node";
import type { Kube } from "./client.ts";
import { orAbsent, statusOf } from "./errors.ts";

const MODES = ["enforce", "audit", "warn"];
const SECURITY = "pod-security.kubernetes.io";
const MANAGED_BY = "app.kubernetes.io/managed-by";
const US = "fireworks";

/** Whether it was made now. */
export async function ensureNamespace(
	kube: Kube,
	name: string,
): Promise<{ made: boolean; restricted: boolean }> {
	const there = await orAbsent(kube.core.readNamespace({ name }));
	if (there) return { made: false, restricted: isRestricted(there) };
	try {
		await kube.core.createNamespace({
			body: {
				metadata: {
					name,
					labels: {
						[MANAGED_BY]: US,
						...Object.fromEntries(
							MODES.map((mode) => [`${SECURITY}/${mode}`, "restricted"]),
						),
					},
				},
			},
		});
	} catch (error) {
		// Somebody else was first.
		if (statusOf(error) !== 409) throw error;
		return ensureNamespace(kube, name);
	}
	return { made: true, restricted: true };
}

const isRestricted = (namespace: V1Namespace): boolean =>
	namespace.metadata?.labels?.[`${SECURITY}/enforce`] === "restricted";

/** Whether `up` made it, so that `down --purge` may remove it. */
export async function isOurs(kube: Kube, name: string): Promise<boolean> {
	const there = await orAbsent(kube.core.readNamespace({ name }));
	return there?.metadata?.labels?.[MANAGED_BY] === US;
}
