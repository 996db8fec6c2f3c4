/** What both targets do once there is a cluster and its images: namespace, release, rollout, and the proof that data arrives. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import {
	type Environment,
	SETTINGS,
	type SettingName,
	variableOf,
} from "@fireworks/contracts";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import { ensureRelease, releaseStatus } from "../helm/release.ts";
import { chartValues, type ValuesInput } from "../helm/values.ts";
import type { Kube } from "../kube/client.ts";
import { apiReason } from "../kube/errors.ts";
import { ensureNamespace } from "../kube/namespace.ts";
import { waitForRollout } from "../kube/rollout.ts";
import type { Steps } from "../ui/steps.ts";
import { checkPage, waitForData } from "./data-arrives.ts";
import type { Site } from "./site.ts";

const DATA_TIMEOUT_MS = 60_000;

export interface RollOut {
	kube: Kube;
	site: Site;
	/** The chart's own files of values for this target. */
	valuesFiles: readonly string[];
	images?: ReadonlyMap<string, string>;
	addresses?: ValuesInput["addresses"];
	/** Nobody else installs here. */
	alone: boolean;
	timeoutMs: number;
	steps: Steps;
	asked: AbortSignal;
}

export async function rollOut(work: RollOut): Promise<void> {
	const { kube, site, alone, timeoutMs, steps, asked } = work;
	const { namespace, release } = site;
	await steps.run(`Installing the chart (${release})`, async (say) => {
		const { restricted } = await ensureNamespace(kube, namespace).catch(
			(error: unknown) => {
				throw new CliError(
					CLI_EXIT.failure,
					`The namespace ${namespace} can be neither read nor made: ${apiReason(error)}`,
					{ cause: error },
				);
			},
		);
		const current = await releaseStatus(site, asked);
		await ensureRelease(
			{
				name: site,
				valuesFiles: [...work.valuesFiles, ...ownValuesFiles(site)],
				values: valuesOf(work),
				alone,
				say,
			},
			current,
		);
		if (!restricted)
			say(
				`the namespace ${namespace} was there, and does not enforce Pod Security "restricted"`,
			);
	});
	await steps.run("Waiting for every part", (say) =>
		waitForRollout(kube, {
			namespace,
			release,
			timeoutMs,
			signal: asked,
			say,
		}).then(() => say("")),
	);
	await steps.run("Waiting for data on the websocket", async (say) => {
		await waitForData(kube, site, DATA_TIMEOUT_MS, asked);
		await checkPage(kube, site);
		say("events arrive, and the page answers");
	});
}

function valuesOf({ site, images, addresses }: RollOut) {
	const { settings, env } = site;
	return chartValues({
		settings,
		set: namesSet(env),
		...(images ? { images } : {}),
		...(addresses ? { addresses } : {}),
		...(settings.metronomeDevicesFile === ""
			? {}
			: { devices: devicesIn(settings.metronomeDevicesFile) }),
	});
}

const namesSet = (env: Environment): SettingName[] =>
	(Object.keys(SETTINGS) as SettingName[]).filter(
		(name) => env[variableOf(name)] !== undefined,
	);

const ownValuesFiles = ({ settings }: Site): string[] =>
	settings.helmValues
		.split(",")
		.map((file) => file.trim())
		.filter((file) => file !== "")
		.map((file) => resolve(file));

function devicesIn(file: string): unknown {
	try {
		return JSON.parse(readFileSync(file, "utf8"));
	} catch (error) {
		throw new CliError(
			CLI_EXIT.config,
			`FIREWORKS_METRONOME_DEVICES_FILE=${file} cannot be read: ${(error as Error).message}`,
			{ cause: error },
		);
	}
}
