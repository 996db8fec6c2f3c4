/**
 * Pods, events and owners as the API server returns them, reduced to the fields that are read. The
 * texts come from a real kubelet.
 */
import type {
	CoreV1Event,
	V1ContainerState,
	V1ContainerStatus,
	V1Pod,
} from "@kubernetes/client-node";

export const container = (
	state: V1ContainerState,
	more: Partial<V1ContainerStatus> = {},
): V1ContainerStatus => ({
	name: "processor",
	image: "fireworks/processor:dev-1",
	imageID: "",
	ready: false,
	restartCount: 0,
	state,
	...more,
});

export interface PodInput {
	component?: string;
	name?: string;
	phase?: string;
	ready?: boolean;
	containers?: V1ContainerStatus[];
	initContainers?: V1ContainerStatus[];
	/** The scheduler's message if it found no node. */
	unschedulable?: string;
	deleted?: boolean;
	/** The revision of the Deployment that made it. */
	revision?: string;
	/** Milliseconds since an arbitrary start, as for event(). */
	createdAt?: number;
}

/** When the tests take place. */
export const START = 1_767_225_600_000;

export function pod(input: PodInput = {}): V1Pod {
	const { component = "processor", name = "fireworks-processor-1" } = input;
	return {
		metadata: {
			name,
			uid: `uid of ${name}`,
			labels: {
				"app.kubernetes.io/component": component,
				...(input.revision ? { "pod-template-hash": input.revision } : {}),
			},
			creationTimestamp: new Date(START + (input.createdAt ?? 0)),
			...(input.deleted ? { deletionTimestamp: new Date() } : {}),
		},
		spec: {
			containers: [
				{
					name: component,
					ports: [{ name: "http", containerPort: 8082 }],
				},
			],
		},
		status: {
			phase: input.phase ?? "Running",
			conditions: [
				{ type: "Ready", status: input.ready ? "True" : "False" },
				...(input.unschedulable === undefined
					? []
					: [
							{
								type: "PodScheduled",
								status: "False",
								message: input.unschedulable,
							},
						]),
			],
			containerStatuses: input.containers ?? [],
			initContainerStatuses: input.initContainers ?? [],
		},
	};
}

export const event = (
	reason: string,
	message: string,
	of: { name: string; kind?: string },
	at = 0,
): CoreV1Event => ({
	metadata: {},
	reason,
	message,
	type: "Warning",
	lastTimestamp: new Date(START + at),
	involvedObject: {
		kind: of.kind ?? "Pod",
		name: of.name,
		uid: `uid of ${of.name}`,
	},
});
