/** Tests of wrong input files, which are reported before anything is created. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "@fireworks/local-kafka";
import { expect, test } from "vitest";
import { must } from "../harness/command.ts";
import type { CommandSite } from "../harness/command-site.ts";

export function inputTests(site: CommandSite): void {
	test.each([
		[
			"a values file that does not exist",
			"FIREWORKS_HELM_VALUES",
			"none.yaml",
			/^FIREWORKS_HELM_VALUES: \S*none\.yaml cannot be read: there is no such file\.$/m,
		],
		[
			"a values file that is not YAML",
			"FIREWORKS_HELM_VALUES",
			"no-yaml.yaml",
			/failed to parse \S*no-yaml\.yaml/,
		],
		[
			"a value that the chart does not have",
			"FIREWORKS_HELM_VALUES",
			"wrong.yaml",
			/procesor/,
		],
		[
			"a file of devices that does not exist",
			"FIREWORKS_METRONOME_DEVICES_FILE",
			"none.json",
			/^FIREWORKS_METRONOME_DEVICES_FILE: \S*none\.json cannot be read: there is no such file\.$/m,
		],
		[
			"a file of devices that is not JSON",
			"FIREWORKS_METRONOME_DEVICES_FILE",
			"no-yaml.yaml",
			/^FIREWORKS_METRONOME_DEVICES_FILE: \S*no-yaml\.yaml cannot be read: .*JSON/m,
		],
	])(
		"%s is reported before anything is created",
		async (_, variable, file, says) => {
			writeFileSync(join(site.home, "no-yaml.yaml"), "a: [\nb: }");
			writeFileSync(join(site.home, "wrong.yaml"), "procesor: {}\n");
			const cluster = `${site.cluster}-absent`;
			const { code, output } = await site.fireworks(
				["up", "--target", "kind"],
				{
					[variable]: join(site.home, file),
					FIREWORKS_KIND_CLUSTER: cluster,
					FIREWORKS_STATE_DIR: join(site.home, "absent"),
					FIREWORKS_DASHBOARD_PORT: String(await freePort()),
					FIREWORKS_MIDDLEWARE_PORT: String(await freePort()),
				},
			);
			expect(code, output).toBe(78);
			expect(output).toMatch(says);
			expect(output).not.toMatch(/^\s+at /m);
			const containers = await must("docker", [
				"ps",
				"--all",
				"--format={{.Names}}",
			]);
			expect(containers).not.toContain(cluster);
			expect(existsSync(join(site.home, "absent/target.json"))).toBe(false);
		},
	);
}
