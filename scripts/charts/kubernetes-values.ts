/**
 * Schemas of values that both charts have. Values that are passed to Kubernetes unchanged are as
 * strict as possible without repeating Kubernetes' own schemas.
 */
import { z } from "zod";

export const name = z
	.string()
	.regex(/^$|^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/);
export const whole = (low: number, high: number) => z.int().min(low).max(high);

const QUANTITY = /^[0-9]+(\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?$/;
export const quantity = z.union([z.string().regex(QUANTITY), z.number()]);

const amounts = z.strictObject({
	cpu: quantity.optional(),
	memory: quantity.optional(),
	"ephemeral-storage": quantity.optional(),
});
export const resources = z.strictObject({
	requests: amounts.optional(),
	limits: amounts.optional(),
});

export const texts = z.record(z.string(), z.string());

const tolerations = z.array(
	z.strictObject({
		key: z.string().optional(),
		operator: z.enum(["Exists", "Equal", "Lt", "Gt"]).optional(),
		value: z.string().optional(),
		effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).optional(),
		tolerationSeconds: z.int().optional(),
	}),
);

const CIDR = /^[0-9a-fA-F.:]+\/[0-9]{1,3}$/;

const anything = z.record(z.string(), z.unknown());
const affinity = z.strictObject({
	nodeAffinity: anything.optional(),
	podAffinity: anything.optional(),
	podAntiAffinity: anything.optional(),
});

export const platform = (...also: string[]) =>
	z.enum(["auto", "kubernetes", "openshift", ...also]);

export const ipFamilyPolicy = (...also: string[]) =>
	z.enum(["SingleStack", "PreferDualStack", "RequireDualStack", ...also]);

const rules = z.array(anything);

/** Rules of a NetworkPolicy that both charts take. */
export const networkRules = {
	extraEgress: rules,
	extraIngress: rules,
	dnsPorts: z.array(z.int().min(1).max(65_535)),
	dnsAddresses: z.array(z.string().regex(CIDR)),
};

export const placement = {
	podAnnotations: texts,
	nodeSelector: texts,
	tolerations,
	affinity,
};

export const peers = z.array(
	z.strictObject({
		podSelector: anything.optional(),
		namespaceSelector: anything.optional(),
		ipBlock: z
			.strictObject({
				cidr: z.string().regex(CIDR),
				except: z.array(z.string()).optional(),
			})
			.optional(),
	}),
);

export const pullSecrets = z.array(z.strictObject({ name: name }));

export const pullPolicy = z.enum(["IfNotPresent", "Always", "Never"]);

export const registry = z
	.string()
	.regex(/^$|^[a-z0-9][a-z0-9._-]*(:[0-9]{1,5})?(\/[a-z0-9][a-z0-9._-]*)*$/);

export const tag = z.string().regex(/^$|^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/);
