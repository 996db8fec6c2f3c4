/**
 * Creates the namespace with Pod Security `restricted`. An existing namespace is left as its owner
 * made it.
 */
import type { V1Namespace } from "@kubernetes/client-node";
import type { Kube } from "./client.ts";
import { orAbsent, statusOf } from "./errors.ts";

const MODES = ["enforce", "audit", "warn"];
const SECURITY = "pod-security.kubernetes.io";
const MANAGED_BY = "app.kubernetes.io/managed-by";
const US = "fireworks";

/** Returns whether it was created now. */
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
		// Another client created it in the meantime.
		if (statusOf(error) !== 409) throw error;
		return ensureNamespace(kube, name);
	}
	return { made: true, restricted: true };
}

const isRestricted = (namespace: V1Namespace): boolean =>
	namespace.metadata?.labels?.[`${SECURITY}/enforce`] === "restricted";

/** Whether `up` created it, so that `down --purge` may remove it. */
export async function isOurs(kube: Kube, name: string): Promise<boolean> {
	const there = await orAbsent(kube.core.readNamespace({ name }));
	return there?.metadata?.labels?.[MANAGED_BY] === US;
}
