/** Where `fireworks up` brings the system up, and how: kind on this machine, or a cluster that is there. No service reads these. */
import { z } from "zod";
import { integer, text } from "../setting-types.ts";
import { setting } from "./setting.ts";

const LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const name = (charactersMax: number) =>
	text(
		LABEL,
		`a name of at most ${charactersMax} of a-z 0-9 -, a letter or digit at both ends`,
		(t) => t.length <= charactersMax,
	);

export const TARGET_SETTINGS = {
	kindCluster: setting(
		name(32),
		"fireworks",
		"Name of the kind cluster that `up --target kind` makes",
	),
	kindNodeImage: setting(
		z.string(),
		"",
		"Image of its nodes; empty: the one that the installed kind was made for",
	),
	kindNodes: setting(
		integer(1, 9),
		"1",
		"Nodes of the kind cluster; the first is the control plane, and works as well",
	),
	namespace: setting(name(63), "fireworks", "Namespace in the cluster"),
	release: setting(name(53), "fireworks", "Name of the Helm release"),
	imageRegistry: setting(
		text(/^$|^[a-z0-9][a-z0-9.:/_-]*[a-z0-9]$/, "such as ghcr.io/acme"),
		"",
		"Registry of the images for `up --target cluster`, put before fireworks/<part>",
	),
	imageTag: setting(
		text(/^$|^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, "a tag"),
		"",
		"Tag of the images for `up --target cluster`; empty: the chart's own version",
	),
	helmValues: setting(
		z.string(),
		"",
		"Files of Helm values, separated by commas, laid over the chart's",
	),
	nodeImage: setting(
		z.string(),
		"",
		"Base image of the images built here; empty: node:24-bookworm-slim",
	),
	npmRegistry: setting(
		text(/^$|^https?:\/\/\S+$/, "an http(s):// address"),
		"",
		"npm mirror for the images built here; empty: npm's own",
	),
	pythonImage: setting(
		z.string(),
		"",
		"Base image of the Python engine's image; empty: python:3.11-slim-bookworm",
	),
	pipIndexUrl: setting(
		text(/^$|^https?:\/\/\S+$/, "an http(s):// address"),
		"",
		"PyPI mirror for the Python engine's image; empty: PyPI's own",
	),
	sparkImage: setting(
		z.string(),
		"",
		"Base image of the Spark engine's image; empty: apache/spark of the engine's version",
	),
	kafkaImage: setting(
		z.string(),
		"",
		"Image of Kafka in the kind cluster; empty: apache/kafka of the chart's version",
	),
	devcontainer: setting(
		z.enum(["", "0", "1"]) as z.ZodType<string, string>,
		"",
		"1 in the devcontainer: the kind cluster is reached by its internal address",
	),
} as const;
