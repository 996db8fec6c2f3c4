/** The values of charts/fireworks except `config` and `kafka`, which have their own schemas. */
import { PIPELINE_NAME } from "@fireworks/contracts";
import { z } from "zod";
import {
	ipFamilyPolicy,
	name,
	networkRules,
	peers,
	placement,
	platform,
	pullPolicy,
	pullSecrets,
	registry,
	resources,
	tag,
	texts,
	whole,
} from "./kubernetes-values.ts";

const REPLICAS_MAX = 1_000;
const image = z.string().regex(/^$|^[a-z0-9][^\s]*[:@][^\s]+$/);
const host = z
	.string()
	.regex(
		/^$|^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
	);

const service = z.strictObject({
	type: z.enum(["ClusterIP", "NodePort", "LoadBalancer"]),
	annotations: texts,
	// These have no default in values.yaml, so they are described here.
	nodePort: whole(1, 65_535)
		.optional()
		.describe("Node port of the part's own port, for type NodePort."),
	loadBalancerClass: z
		.string()
		.min(1)
		.optional()
		.describe("Class of the load balancer, for type LoadBalancer."),
	externalTrafficPolicy: z
		.enum(["Cluster", "Local"])
		.optional()
		.describe("Whether traffic may go to pods of other nodes."),
});

const program = {
	image,
	nodeOptions: z.string(),
	resources,
	serviceAccount: z.strictObject({
		annotations: texts,
	}),
	podLabels: texts,
	...placement,
};
const part = { ...program, service };

const replicas = whole(0, REPLICAS_MAX);
const keda = {
	enabled: z.boolean(),
	minReplicas: whole(0, REPLICAS_MAX),
	maxReplicas: whole(1, REPLICAS_MAX),
	lagThreshold: whole(1, 1_000_000_000),
	pollingIntervalSeconds: whole(1, 3_600),
	cooldownSeconds: whole(0, 86_400),
};
const kafkaName = z.string().regex(/^[a-zA-Z0-9._-]{1,249}$/);
const pipelineKeda = z.strictObject({
	...keda,
	stages: z.array(z.strictObject({ stage: kafkaName, topic: kafkaName })),
});
const pipeline = z.strictObject({ replicas, keda: pipelineKeda, ...program });
const autoscaling = z.strictObject({
	enabled: z.boolean(),
	minReplicas: whole(1, REPLICAS_MAX),
	maxReplicas: whole(1, REPLICAS_MAX),
	targetCPUUtilizationPercentage: whole(1, 100),
});

const device = z.strictObject({
	deviceId: z.string().min(1).max(128),
	drift: z.number().optional(),
	volatility: z.number().min(0).optional(),
});

const heap = z.string().regex(/^[0-9]+[mg]$/);

const spark = z.strictObject({
	executors: whole(1, 1_000),
	executorCores: whole(1, 64),
	executorRequestCores: z.string().regex(/^[0-9]+m?$/),
	executorMemory: heap,
	driverMemory: heap,
	driverResources: resources,
	checkpoints: z.strictObject({
		accessModes: z.array(z.enum(["ReadWriteOnce", "ReadWriteMany"])).min(1),
		storageClass: z.string(),
		size: z.string().regex(/^[0-9]+[MGT]i$/),
	}),
	conf: z.record(z.string().regex(/^spark\./), z.string()),
});

export const fireworksValues = z.strictObject({
	enabled: z.boolean(),
	nameOverride: name,
	fullnameOverride: name,
	platform: platform(),
	listenAddress: z.enum(["::", "0.0.0.0"]),
	ipFamilyPolicy: ipFamilyPolicy(),
	image: z.strictObject({
		registry,
		repository: z.string().regex(/^$|^[a-z0-9][a-z0-9./_-]*$/),
		tag,
		pullPolicy,
		pullSecrets,
	}),
	stopGraceMs: whole(0, 600_000),
	metronome: z.strictObject({
		devices: z.union([whole(1, 100_000), z.array(device).min(1).max(10_000)]),
		...part,
	}),
	processor: z.strictObject({
		engine: z.enum(["typescript", "python", "spark"]),
		spark,
		replicas,
		autoscaling,
		keda: z.strictObject(keda),
		...part,
	}),
	middleware: z.strictObject({
		replicas,
		origins: z.array(z.string().regex(/^https?:\/\/[^\s/,]+$/)),
		proxyHops: whole(-1, 10),
		auth: z.strictObject({
			existingSecret: name,
			bearerToken: z.string(),
			ticketSecret: z.string(),
			relaySecret: z.string(),
		}),
		autoscaling,
		...part,
	}),
	dashboard: z.strictObject({
		replicas,
		websocketUrl: z.string().regex(/^$|^wss?:\/\/\S+$/),
		autoscaling,
		...part,
	}),
	ingest: z.strictObject({
		enabled: z.boolean(),
		replicas,
		auth: z.strictObject({ existingSecret: name, bearerToken: z.string() }),
		clientsFrom: peers,
		...part,
	}),
	pipelines: z.record(
		z.string().regex(PIPELINE_NAME),
		pipeline.extend({ keda: pipelineKeda.partial() }).partial(),
	),
	pipelineDefaults: pipeline,
	cli: z.strictObject({
		image,
		resources,
		podAnnotations: texts,
		podLabels: texts,
	}),
	ingress: z.strictObject({
		enabled: z.boolean(),
		className: name,
		controller: z.enum(["none", "nginx", "alb", "gce"]),
		host,
		tls: z.strictObject({
			enabled: z.boolean(),
			secretName: name,
		}),
		websocketTimeoutSeconds: whole(10, 86_400),
		annotations: texts,
	}),
	httpRoute: z.strictObject({
		enabled: z.boolean(),
		parentRefs: z.array(
			z.strictObject({
				name: z.string().min(1),
				namespace: z.string().optional(),
				sectionName: z.string().optional(),
				port: z.int().optional(),
				group: z.string().optional(),
				kind: z.string().optional(),
			}),
		),
		host,
		tls: z.boolean(),
		websocketTimeout: z.string().regex(/^$|^([0-9]{1,5}(h|m|s|ms)){1,4}$/),
		annotations: texts,
	}),
	networkPolicy: z.strictObject({
		enabled: z.boolean(),
		clientsFrom: peers,
		metricsFrom: peers,
		...networkRules,
	}),
	podDisruptionBudget: z.strictObject({
		enabled: z.boolean(),
	}),
	priorityClass: z.strictObject({
		create: z.boolean(),
		name,
		value: whole(-2_147_483_648, 1_000_000_000),
	}),
	serviceMonitor: z.strictObject({
		enabled: z.boolean(),
		intervalSeconds: whole(1, 3_600),
		labels: texts,
	}),
	prometheusRule: z.strictObject({
		enabled: z.boolean(),
		labels: texts,
		runbookUrl: z.string().regex(/^https?:\/\/\S+$/),
		eventTimeDelaySeconds: whole(1, 1_000_000),
		lagRecords: whole(1, 1_000_000_000),
	}),
	grafanaDashboard: z.strictObject({
		enabled: z.boolean(),
		labels: texts,
	}),
	extraManifests: z.array(
		z.union([z.string(), z.record(z.string(), z.unknown())]),
	),
});
