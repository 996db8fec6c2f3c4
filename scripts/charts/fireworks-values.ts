/** The values of charts/fireworks but for `config` and `kafka`, which have schemas of their own. */
import { z } from "zod";
import {
	flag,
	name,
	peers,
	placement,
	pullPolicy,
	pullSecrets,
	registry,
	resources,
	tag,
	texts,
	whole,
} from "./kubernetes-values.ts";
import { spark } from "./spark-values.ts";

const REPLICAS_MAX = 1_000;
const image = z
	.string()
	.regex(/^$|^[a-z0-9][^\s]*[:@][^\s]+$/)
	.describe("A whole reference, with tag or digest, for this part alone");
const host = z
	.string()
	.regex(/^$|^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/)
	.describe("Host name that browsers use");

const service = z.strictObject({
	type: z.enum(["ClusterIP", "NodePort", "LoadBalancer"]),
	annotations: texts("Annotations of the Service"),
	nodePort: whole(
		1,
		65_535,
		"Node port of the part's own port, for type NodePort",
	).optional(),
	loadBalancerClass: z.string().min(1).optional(),
	externalTrafficPolicy: z.enum(["Cluster", "Local"]).optional(),
});

const part = {
	image,
	nodeOptions: z.string().describe("NODE_OPTIONS: the bound of the heap"),
	resources,
	service,
	serviceAccount: z.strictObject({
		annotations: texts(
			"Annotations of the ServiceAccount: a role of the cloud",
		),
	}),
	podLabels: texts("Labels of the pods beside the chart's"),
	...placement,
};

const replicas = whole(0, REPLICAS_MAX, "Pods, where nothing scales them");
const autoscaling = z
	.strictObject({
		enabled: flag("Whether an HPA is made"),
		minReplicas: whole(1, REPLICAS_MAX, "Pods at least"),
		maxReplicas: whole(1, REPLICAS_MAX, "Pods at most"),
		targetCPUUtilizationPercentage: whole(
			1,
			100,
			"CPU of the request that is aimed at",
		),
	})
	.describe("By CPU; needs the metrics server");

const device = z.strictObject({
	deviceId: z.string().min(1).max(128),
	drift: z.number().optional(),
	volatility: z.number().min(0).optional(),
});

const labels = texts("Labels that the operator or sidecar selects by");

export const fireworksValues = z.strictObject({
	fullnameOverride: name("Instead of the release's name in the objects' names"),
	image: z.strictObject({
		registry,
		repository: z
			.string()
			.regex(/^$|^[a-z0-9][a-z0-9./_-]*$/)
			.describe("Before each part's name"),
		tag,
		pullPolicy,
		pullSecrets,
	}),
	stopGraceMs: whole(
		0,
		600_000,
		"Time a part has to stop in order; its pod gets 5 s more",
	),
	metronome: z.strictObject({
		devices: z
			.union([whole(1, 100_000, ""), z.array(device).min(1).max(10_000)])
			.describe("A number of alike devices, or a list of them"),
		...part,
	}),
	processor: z.strictObject({
		engine: z
			.enum(["typescript", "python", "spark"])
			.describe("Which implementation runs"),
		spark,
		replicas,
		autoscaling,
		keda: z
			.strictObject({
				enabled: flag("Whether a ScaledObject is made"),
				minReplicas: whole(0, REPLICAS_MAX, "Pods at least"),
				maxReplicas: whole(
					1,
					REPLICAS_MAX,
					"Pods at most; not above the partitions",
				),
				lagThreshold: whole(1, 1_000_000_000, "Lag a pod, in records"),
				pollingIntervalSeconds: whole(1, 3_600, "Between two looks"),
				cooldownSeconds: whole(0, 86_400, "Before scaling to 0"),
			})
			.describe("By lag; needs KEDA"),
		...part,
	}),
	middleware: z.strictObject({
		replicas,
		origins: z
			.array(z.string().regex(/^https?:\/\/[^\s/,]+$/))
			.describe("Origins whose pages may connect"),
		proxyHops: whole(-1, 10, "Trusted proxies before it; -1: by the way in"),
		auth: z
			.strictObject({
				existingSecret: name("Secret with bearer-token and ticket-secret"),
				bearerToken: z.string().describe("The token itself"),
				ticketSecret: z.string().describe("The tickets' secret itself"),
			})
			.describe("Where set, clients need a token or a ticket"),
		autoscaling,
		...part,
	}),
	dashboard: z.strictObject({
		replicas,
		websocketUrl: z
			.string()
			.regex(/^$|^wss?:\/\/\S+$/)
			.describe("Websocket that browsers connect to"),
		autoscaling,
		...part,
	}),
	cli: z.strictObject({ image, resources }),
	ingress: z.strictObject({
		enabled: flag("Whether an Ingress is made"),
		className: name("Ingress class"),
		controller: z
			.enum(["none", "nginx", "alb", "gce"])
			.describe("Whose annotations are added for websockets"),
		host,
		tls: z.strictObject({
			enabled: flag("Whether browsers come by https and wss"),
			secretName: name("Secret with the certificate; empty: the controller's"),
		}),
		websocketTimeoutSeconds: whole(
			10,
			86_400,
			"Bound on a websocket's silence or life",
		),
		annotations: texts("Annotations beside the controller's"),
	}),
	httpRoute: z.strictObject({
		enabled: flag("Whether an HTTPRoute is made"),
		parentRefs: z
			.array(
				z.strictObject({
					name: z.string().min(1),
					namespace: z.string().optional(),
					sectionName: z.string().optional(),
					port: z.int().optional(),
					group: z.string().optional(),
					kind: z.string().optional(),
				}),
			)
			.describe("Gateways"),
		host,
		tls: flag("Whether the gateway ends TLS"),
		websocketTimeout: z
			.string()
			.regex(/^$|^([0-9]{1,5}(h|m|s|ms)){1,4}$/)
			.describe("Life of a websocket; 0s: for ever; empty: not said"),
		annotations: texts("Annotations of the HTTPRoute"),
	}),
	networkPolicy: z.strictObject({
		enabled: flag("Whether NetworkPolicies are made"),
		clientsFrom: peers("Peers of the page and the websocket; none: everybody"),
		metricsFrom: peers("Peers of /metrics beside the namespace's pods"),
		extraEgress: z
			.array(z.record(z.string(), z.unknown()))
			.describe("Egress rules of all parts that speak to Kafka"),
	}),
	podDisruptionBudget: z.strictObject({
		enabled: flag("One pod of a part at a time"),
	}),
	priorityClass: z.strictObject({
		create: flag("Whether it is made"),
		name: name("Priority class of the parts; empty: none"),
		value: whole(-2_147_483_648, 1_000_000_000, "Its priority"),
	}),
	serviceMonitor: z.strictObject({
		enabled: flag("Whether a ServiceMonitor is made"),
		intervalSeconds: whole(1, 3_600, "Between two scrapes"),
		labels,
	}),
	prometheusRule: z.strictObject({
		enabled: flag("Whether the alerts are made"),
		labels,
		runbookUrl: z
			.string()
			.regex(/^https?:\/\/\S+$/)
			.describe("Where docs/runbook.md can be read"),
		eventTimeDelaySeconds: whole(1, 1_000_000, "Bound of the delay"),
		lagRecords: whole(1, 1_000_000_000, "Bound of the lag"),
	}),
	grafanaDashboard: z.strictObject({
		enabled: flag("Whether the ConfigMap is made"),
		labels,
	}),
	extraManifests: z
		.array(z.union([z.string(), z.record(z.string(), z.unknown())]))
		.describe("Objects, or texts that may hold templates"),
});
