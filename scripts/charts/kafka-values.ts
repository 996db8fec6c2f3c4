/** The values of charts/kafka. */
import { z } from "zod";
import {
	flag,
	name,
	peers,
	placement,
	pullPolicy,
	pullSecrets,
	quantity,
	registry,
	resources,
	tag,
	texts,
	whole,
} from "./kubernetes-values.ts";

const external = z
	.strictObject({
		brokers: z
			.array(z.string().regex(/^[^\s:,]+:[0-9]{1,5}$/))
			.describe("host:port of brokers to start from; none: the chart's own"),
		tls: z.strictObject({
			enabled: flag("Whether the brokers are spoken to by TLS"),
			caSecret: name(
				"Secret with the CA of the brokers' certificates; empty: public ones",
			),
			caKey: z
				.string()
				.regex(/^[A-Za-z0-9._-]+$/)
				.describe("Its key"),
			clientSecret: name(
				"Secret (kubernetes.io/tls) with the client's certificate, for mutual TLS",
			),
			serverName: z
				.string()
				.regex(/^$|^[^\s:/]{1,253}$/)
				.describe(
					"Name that the certificates must bear; empty: the host connected to",
				),
		}),
		sasl: z.strictObject({
			mechanism: z
				.enum([
					"",
					"plain",
					"scram-sha-256",
					"scram-sha-512",
					"oauthbearer",
					"aws-msk-iam",
				])
				.describe("How the parts tell Kafka who they are"),
			username: z.string().describe("User, for plain and scram"),
			existingSecret: name(
				"Secret with the password, or the OAuth client's secret",
			),
			passwordKey: z
				.string()
				.regex(/^[A-Za-z0-9._-]+$/)
				.describe("Its key"),
			password: z
				.string()
				.describe("The password itself, where there is no Secret"),
			oauth: z.strictObject({
				tokenUrl: z
					.string()
					.regex(/^$|^https?:\/\/[^\s/@]+(\/[^\s]*)?$/)
					.describe("Where tokens come from"),
				clientId: z.string().describe("Client id"),
				scope: z.string().describe("Scope that is asked for"),
			}),
			awsRegion: z
				.string()
				.regex(/^$|^[a-z0-9-]{4,32}$/)
				.describe("Region of the MSK cluster"),
		}),
	})
	.describe("A Kafka that is there already; this chart then renders nothing");

export const kafkaValues = z.strictObject({
	fullnameOverride: name("Instead of the release's name in the objects' names"),
	nodes: z
		.union([z.literal(1), z.literal(3)])
		.describe("Nodes, each broker and controller; fixed once installed"),
	image: z.strictObject({
		registry,
		repository: z.string().min(1).describe("Repository of the image"),
		tag,
		pullPolicy,
		pullSecrets,
	}),
	clusterId: z
		.string()
		.regex(/^[A-Za-z0-9_-]{22}$/)
		.describe("Kafka's cluster id, written at the first start"),
	clusterDomain: name("DNS suffix of the cluster").min(1),
	heapMb: whole(128, 65_536, "Heap of the JVM"),
	jvmOptions: z.string().describe("Options of the JVM"),
	properties: z
		.record(
			z.string().regex(/^[a-z0-9._-]+$/),
			z.union([z.string(), z.number(), z.boolean()]),
		)
		.describe("Of server.properties, in the place of the chart's or beside"),
	resources,
	persistence: z.strictObject({
		enabled: flag("Whether the data outlives the pod"),
		size: quantity().describe("Size of each node's claim"),
		storageClass: name("Storage class; empty: the cluster's default"),
		whenDeleted: z
			.enum(["Retain", "Delete"])
			.describe("What becomes of the claims at uninstall"),
	}),
	terminationGracePeriodSeconds: whole(10, 3_600, "Time to stop in order"),
	networkPolicy: z.strictObject({
		enabled: flag("Whether a NetworkPolicy is made"),
		from: peers("Peers of the client port beside the release's pods"),
	}),
	podDisruptionBudget: z.strictObject({
		enabled: flag("One node at a time"),
	}),
	serviceAccount: z.strictObject({
		annotations: texts("Annotations of the ServiceAccount"),
	}),
	priorityClassName: name("Priority class of the pods"),
	...placement,
	external,
});
