/**
 * A Job that runs a command of the CLI next to the system, with the metronome's settings for Kafka
 * (addresses, TLS, topic names).
 *
 * Its pod is a copy of the metronome's pod with another image and other arguments. So environment,
 * mounts and security context are right whatever the values were. The metronome is copied because
 * it is the same with every engine.
 */
import type {
	V1Container,
	V1Deployment,
	V1Job,
	V1Pod,
} from "@kubernetes/client-node";
import { CLI_EXIT, CliError } from "../../exit-codes.ts";
import type { Kube } from "./client.ts";
import { COMPONENT, INSTANCE } from "./labels.ts";

/** The cluster removes the Job after this time if we were killed. */
const KEEP_S = 300;
/** Reading has its own time-out of ten minutes. Before that, the processor is waited for. */
const DEADLINE_S = 1_800;
const PART = "audit";

/**
 * An annotation of the metronome's Deployment, as JSON: annotations and labels for the pods that
 * this command makes (the chart's cli.podAnnotations and cli.podLabels).
 */
const CLI_POD = "fireworks.dev/cli-pod";
/** A mesh's sidecar never ends, so the Job would never end either. */
const SIDECAR = "sidecar.istio.io/inject";

type Texts = Record<string, string>;

/** A release that is older than the annotation gets only this: no sidecar. */
function cliPodOf(metronome: V1Deployment): {
	annotations: Texts;
	labels: Texts;
} {
	const text = metronome.metadata?.annotations?.[CLI_POD];
	if (text === undefined)
		return { annotations: { [SIDECAR]: "false" }, labels: {} };
	try {
		const { annotations = {}, labels = {} } = JSON.parse(text);
		return { annotations, labels };
	} catch {
		throw new CliError(
			CLI_EXIT.failure,
			`The annotation ${CLI_POD} of the metronome's Deployment is not JSON. Run helm upgrade, which writes it again.`,
		);
	}
}

export interface JobInput {
	release: string;
	namespace: string;
	/** The metronome's Deployment. */
	metronome: V1Deployment;
	/** The image of the CLI. */
	image: string;
	args: readonly string[];
}

export function auditJob(input: JobInput): V1Job {
	const { release, namespace, metronome, image, args } = input;
	const template = metronome.spec?.template;
	const [own] = template?.spec?.containers ?? [];
	if (!template?.spec || !own)
		throw new CliError(CLI_EXIT.failure, "The metronome has no container.");
	const cliPod = cliPodOf(metronome);
	// The metronome's pod may have a sidecar. The audit's pod gets one only if cli.podLabels say
	// so.
	const { [SIDECAR]: _, ...inherited } = template.metadata?.labels ?? {};
	const labels = {
		...inherited,
		...cliPod.labels,
		[INSTANCE]: release,
		[COMPONENT]: PART,
	};
	const container: V1Container = {
		name: PART,
		image,
		args: [...args],
		...(own.imagePullPolicy ? { imagePullPolicy: own.imagePullPolicy } : {}),
		// NODE_OPTIONS sets a heap size for the metronome, which is too small for an audit.
		env: (own.env ?? []).filter(({ name }) => name !== "NODE_OPTIONS"),
		envFrom: own.envFrom ?? [],
		volumeMounts: own.volumeMounts ?? [],
		...(own.securityContext ? { securityContext: own.securityContext } : {}),
		resources: {
			requests: { cpu: "50m", memory: "128Mi" },
			limits: { memory: "512Mi" },
		},
	};
	const {
		serviceAccountName,
		securityContext,
		volumes,
		imagePullSecrets,
		nodeSelector,
		tolerations,
	} = template.spec;
	return {
		metadata: { generateName: `${release}-${PART}-`, namespace, labels },
		spec: {
			backoffLimit: 0,
			activeDeadlineSeconds: DEADLINE_S,
			ttlSecondsAfterFinished: KEEP_S,
			template: {
				metadata: { labels, annotations: cliPod.annotations },
				spec: {
					restartPolicy: "Never",
					automountServiceAccountToken: false,
					enableServiceLinks: false,
					...(serviceAccountName ? { serviceAccountName } : {}),
					...(securityContext ? { securityContext } : {}),
					...(imagePullSecrets ? { imagePullSecrets } : {}),
					...(nodeSelector ? { nodeSelector } : {}),
					...(tolerations ? { tolerations } : {}),
					volumes: volumes ?? [],
					containers: [container],
				},
			},
		},
	};
}

/** The pod of a Job; undefined if it does not exist yet. */
export async function podOfJob(
	{ core }: Kube,
	namespace: string,
	job: string,
): Promise<V1Pod | undefined> {
	const { items } = await core.listNamespacedPod({
		namespace,
		labelSelector: `batch.kubernetes.io/job-name=${job}`,
	});
	return items[0];
}

/** The CLI's image next to the metronome's: the same registry and tag. */
export const cliImageNextTo = (metronomeImage: string): string | undefined => {
	const found = /^(.*\/)?metronome(:[^/:@]+)?$/.exec(metronomeImage);
	return found ? `${found[1] ?? ""}cli${found[2] ?? ""}` : undefined;
};
