/**
 * `fireworks verify-stream`: checks that what a websocket shows is fresh and exactly right. `helm
 * test` runs it inside the cluster.
 */

import {
	CouldNotRead,
	readStream,
	VERIFY_SETTINGS,
	type VerifyResult,
} from "@fireworks/audit";
import { parseSettings, SettingsError } from "@fireworks/contracts";
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import { plural } from "../ui/format.ts";

export interface VerifyStreamOptions {
	url: string;
	readMs: number;
	ageMaxMs: number;
	json: boolean;
}

/** Exit code 0: fresh and right; 1: findings, each listed; 2: no result, with the reason. */
export async function verifyStream(
	options: VerifyStreamOptions,
): Promise<CliExit> {
	if (!/^wss?:\/\/\S+$/.test(options.url))
		throw new CliError(
			CLI_EXIT.usage,
			`--url ${options.url}: a ws:// or wss:// address was expected.`,
		);
	try {
		const settings = parseSettings(process.env, VERIFY_SETTINGS);
		const result = await readStream({ ...options, settings });
		const clean = result.findingsTotal === 0;
		if (options.json)
			console.log(
				JSON.stringify({ result: clean ? "clean" : "findings", ...result }),
			);
		else for (const line of report(result)) console.log(line);
		return clean ? CLI_EXIT.ok : CLI_EXIT.failure;
	} catch (error) {
		if (error instanceof SettingsError)
			throw new CliError(
				CLI_EXIT.config,
				`The settings are wrong:\n${error.message.replace(/^/gm, "  ")}`,
				{ cause: error },
			);
		if (!(error instanceof CouldNotRead)) throw error;
		const reason = error.message;
		console.log(
			options.json
				? JSON.stringify({ result: "unknown", reason })
				: `Could not tell: ${reason}`,
		);
		return CLI_EXIT.unknown;
	}
}

function report(result: VerifyResult): string[] {
	const { findings, findingsTotal, devices, events, recomputed, ageMs } =
		result;
	const more = findingsTotal - findings.length;
	return [
		findingsTotal === 0
			? "Fresh and true: every event is what the seed makes of the one before, bit for bit."
			: `${plural(findingsTotal, "finding")}:`,
		...findings.map((finding) => `  ${finding}`),
		...(more > 0 ? [`  … and ${more} more`] : []),
		`  ${plural(events, "event")} of ${plural(devices, "device")}, ${recomputed} recomputed, engine ${result.engine}`,
		...(ageMs === null ? [] : [`  the newest is ${ageMs} ms old`]),
	];
}
