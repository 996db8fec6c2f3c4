/** Shapes that values hand to Kubernetes as they are: as strict as a chart can be without repeating Kubernetes' own schemas. */
import { z } from "zod";

export const text = () => z.string();
export const name = (about: string) =>
	z
		.string()
		.regex(/^$|^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/)
		.describe(about);
export const whole = (low: number, high: number, about: string) =>
	z.int().min(low).max(high).describe(about);
export const flag = (about: string) => z.boolean().describe(about);

const QUANTITY = /^[0-9]+(\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?$/;
export const quantity = () => z.union([z.string().regex(QUANTITY), z.number()]);

const amounts = z.strictObject({
	cpu: quantity().optional(),
	memory: quantity().optional(),
	"ephemeral-storage": quantity().optional(),
});
export const resources = z
	.strictObject({ requests: amounts.optional(), limits: amounts.optional() })
	.describe("What the container asks for and may use");

export const texts = (about: string) =>
	z.record(z.string(), z.string()).describe(about);

export const tolerations = z
	.array(
		z.strictObject({
			key: z.string().optional(),
			operator: z.enum(["Exists", "Equal", "Lt", "Gt"]).optional(),
			value: z.string().optional(),
			effect: z
				.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"])
				.optional(),
			tolerationSeconds: z.int().optional(),
		}),
	)
	.describe("Taints that the pods bear");

const anything = z.record(z.string(), z.unknown());
export const affinity = z
	.strictObject({
		nodeAffinity: anything.optional(),
		podAffinity: anything.optional(),
		podAntiAffinity: anything.optional(),
	})
	.describe("As in a pod; Kubernetes checks what is in it");

export const placement = {
	podAnnotations: texts("Annotations of the pods"),
	nodeSelector: texts("Labels of the nodes to run on"),
	tolerations,
	affinity,
};

export const peers = (about: string) =>
	z
		.array(
			z.strictObject({
				podSelector: anything.optional(),
				namespaceSelector: anything.optional(),
				ipBlock: z
					.strictObject({
						cidr: z.string().regex(/^[0-9a-fA-F.:]+\/[0-9]{1,3}$/),
						except: z.array(z.string()).optional(),
					})
					.optional(),
			}),
		)
		.describe(about);

export const pullSecrets = z
	.array(z.strictObject({ name: name("Name of the Secret") }))
	.describe("Secrets with the registry's credentials");

export const pullPolicy = z
	.enum(["IfNotPresent", "Always", "Never"])
	.describe("When the node asks the registry");

export const registry = z
	.string()
	.regex(/^$|^[a-z0-9][a-z0-9.:/_-]*[a-z0-9]$/)
	.describe("Registry before the repository; empty: the node's default");

export const tag = z
	.string()
	.regex(/^$|^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/)
	.describe("Tag; empty: the chart's appVersion");
