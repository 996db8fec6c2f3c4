/**
 * Where and how `fireworks up` starts the system: kind on this machine, or an existing cluster. No
 * service reads these settings.
 */
import { integer, text } from "../setting-types.ts";
import { anyText, choice, setting } from "./setting.ts";

const LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const name = (charactersMax: number) =>
	text(
		LABEL,
		`a name of at most ${charactersMax} of a-z 0-9 -, a letter or digit at both ends`,
		(t) => t.length <= charactersMax,
	);
const address = () => text(/^$|^https?:\/\/\S+$/, "an http(s):// address");

export const TARGET_SETTINGS = {
	kindCluster: setting({
		schema: name(32),
		default: "fireworks",
		tier: "tuning",
		about: "Name of the kind cluster that `up --target kind` creates",
	}),
	kindNodeImage: anyText({
		tier: "tuning",
		about:
			"Image of the kind cluster's nodes. Empty: the default of the installed kind",
	}),
	kindNodes: setting({
		schema: integer(1, 9),
		default: 1,
		tier: "tuning",
		about:
			"Nodes of the kind cluster. The first is the control plane, and runs pods as well",
	}),
	namespace: setting({
		schema: name(63),
		default: "fireworks",
		tier: "common",
		about: "Namespace in the cluster",
	}),
	release: setting({
		schema: name(53),
		default: "fireworks",
		tier: "tuning",
		about: "Name of the Helm release",
	}),
	imageRegistry: setting({
		schema: text(/^$|^[a-z0-9][a-z0-9.:/_-]*[a-z0-9]$/, "such as ghcr.io/acme"),
		default: "",
		tier: "common",
		about:
			"Registry of the images for `up --target cluster`: the part before fireworks/<part>",
	}),
	imageTag: setting({
		schema: text(/^$|^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, "a tag"),
		default: "",
		tier: "common",
		about:
			"Tag of the images for `up --target cluster`. Empty: the chart's own version",
	}),
	helmValues: anyText({
		tier: "common",
		about:
			"Files of Helm values, separated by commas. They override the chart's values",
	}),
	nodeImage: anyText({
		tier: "tuning",
		about:
			"Base image of the images that are built here. Empty: node:24-bookworm-slim",
	}),
	npmRegistry: setting({
		schema: address(),
		default: "",
		tier: "tuning",
		about: "npm mirror for building the images. Empty: npm's own registry",
	}),
	pythonImage: anyText({
		tier: "tuning",
		about:
			"Base image of the Python engine's image. Empty: python:3.11-slim-bookworm",
	}),
	pipIndexUrl: setting({
		schema: address(),
		default: "",
		tier: "tuning",
		about:
			"PyPI mirror for building the Python engine's image. Empty: PyPI itself",
	}),
	sparkImage: anyText({
		tier: "tuning",
		about:
			"Base image of the Spark engine's image. Empty: apache/spark of the engine's version",
	}),
	kafkaImage: anyText({
		tier: "tuning",
		about:
			"Image of Kafka in the kind cluster. Empty: apache/kafka of the chart's version",
	}),
	devcontainer: setting({
		schema: choice(["", "0", "1"]),
		default: "",
		tier: "tuning",
		about:
			"1 in the devcontainer: the kind cluster is reached by its internal address",
	}),
} as const;
