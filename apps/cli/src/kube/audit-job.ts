/**
 * A Job that runs a word of the command beside the system: what the metronome knows of Kafka (addresses, TLS, names of topics), it knows.
 *
 * Its pod is the metronome's own with another image and other arguments: environment, mounts and security context are right whatever the values were.
 * The metronome's, since it is the one that is the same with every engine.
 */
import type {
	V1Container,
	V1Deployment,
	V1Job,
	V1Pod,
} from "@kubernetes/client-node";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import type { Kube } from "./client.ts";
import { COMPONENT, INSTANCE } from "./labels.ts";

/** The cluster removes it where we were killed. */
const KEEP_S = 300;
/** Reading has its own time-out of ten minutes, before which the processor is waited for. */
const DEADLINE_S = 1_800;
const PART = "audit";

export interface JobInput {
	release: string;
	namespace: string;
	/** The metronome's. */
	metronome: V1Deployment;
	/** The command's image. */
	image: string;
	args: readonly string[];
}

export function auditJob(input: JobInput): V1Job {
	const { release, namespace, metronome, image, args } = input;
	const template = metronome.spec?.template;
	const [own] = template?.spec?.containers ?? [];
	if (!template?.spec || !own)
		throw new CliError(CLI_EXIT.failure, "The metronome has no container.");
	const labels = {
		...template.metadata?.labels,
		[INSTANCE]: release,
		[COMPONENT]: PART,
	};
	const container: V1Container = {
		name: PART,
		image,
		args: [...args],
		...(own.imagePullPolicy ? { imagePullPolicy: own.imagePullPolicy } : {}),
		// Its heap is made for a clock.
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
				metadata: { labels },
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

/** The pod of a Job; undefined while there is none. */
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

/** The command's image beside the metronome's: the same registry and tag. */
export const cliImageBeside = (metronomeImage: string): string | undefined => {
	const found = /^(.*\/)?metronome(:[^/:@]+)?$/.exec(metronomeImage);
	return found ? `${found[1] ?? ""}cli${found[2] ?? ""}` : undefined;
};
