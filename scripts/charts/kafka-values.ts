/** The values of charts/kafka. */
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
	quantity,
	registry,
	resources,
	tag,
	texts,
	whole,
} from "./kubernetes-values.ts";

/** The port is the text after the last colon. An address that contains colons is in brackets. */
const BROKER =
	/^(\[[0-9A-Fa-f]*:[0-9A-Fa-f:.]+(%[^\s\][,]+)?\]|[^\s:,\][]+):[0-9]{1,5}$/;

const external = z.strictObject({
	brokers: z.array(z.string().regex(BROKER)),
	tls: z.strictObject({
		enabled: z.boolean(),
		caSecret: name,
		caKey: z.string().regex(/^[A-Za-z0-9._-]+$/),
		clientSecret: name,
		serverName: z.string().regex(/^$|^[^\s:/]{1,253}$/),
	}),
	sasl: z.strictObject({
		mechanism: z.enum([
			"",
			"plain",
			"scram-sha-256",
			"scram-sha-512",
			"oauthbearer",
			"aws-msk-iam",
		]),
		username: z.string(),
		existingSecret: name,
		passwordKey: z.string().regex(/^[A-Za-z0-9._-]+$/),
		password: z.string(),
		oauth: z.strictObject({
			tokenUrl: z.string().regex(/^$|^https?:\/\/[^\s/@]+(\/[^\s]*)?$/),
			clientId: z.string(),
			scope: z.string(),
		}),
		awsRegion: z.string().regex(/^$|^[a-z0-9-]{4,32}$/),
	}),
});

export const kafkaValues = z.strictObject({
	partOf: z.enum(["", "fireworks"]),
	nameOverride: name,
	fullnameOverride: name,
	platform: platform(""),
	ipFamilyPolicy: ipFamilyPolicy(""),
	nodes: z.union([z.literal(1), z.literal(3)]),
	image: z.strictObject({
		registry,
		repository: z.string().min(1),
		tag,
		pullPolicy,
		pullSecrets,
	}),
	clusterId: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
	clusterDomain: name.min(1),
	heapMb: whole(128, 65_536),
	jvmOptions: z.string(),
	properties: z.record(
		z.string().regex(/^[a-z0-9._-]+$/),
		z.union([z.string(), z.number(), z.boolean()]),
	),
	resources,
	persistence: z.strictObject({
		enabled: z.boolean(),
		size: quantity,
		storageClass: name,
		whenDeleted: z.enum(["Retain", "Delete"]),
	}),
	terminationGracePeriodSeconds: whole(10, 3_600),
	networkPolicy: z.strictObject({
		enabled: z.boolean(),
		from: peers,
		...networkRules,
	}),
	podDisruptionBudget: z.strictObject({
		enabled: z.boolean(),
	}),
	serviceAccount: z.strictObject({
		annotations: texts,
	}),
	priorityClassName: name,
	...placement,
	external,
});
