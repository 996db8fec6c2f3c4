/** The targets `kind` and `cluster`: the parts are pods of a Helm release. */
import { stopSignals } from "../commands/stop-signals.ts";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import type { Target } from "../target.ts";
import { kubeAudit, kubeReset } from "./audit.ts";
import { kubeDoctor } from "./doctor.ts";
import { kubeDown } from "./down.ts";
import { upKind } from "./kind-up.ts";
import { kubeLogs } from "./logs.ts";
import { kubeRestart } from "./restart.ts";
import { type SiteChoice, siteForOthers, siteForUp } from "./site.ts";
import { kubeStatus } from "./status.ts";
import { upCluster } from "./up.ts";

export const clusterTarget = (choice: SiteChoice): Target => ({
	async up(options) {
		const { timeoutMs } = options;
		const site = siteForUp(choice, options);
		const asked = stopSignals(() => process.exit(CLI_EXIT.interrupted));
		const work = { site, timeoutMs, asked };
		return choice.target === "kind" ? upKind(work) : upCluster(work);
	},
	status: async (options) => kubeStatus(siteForOthers(choice), options),
	logs: async (options) => kubeLogs(siteForOthers(choice), options),
	doctor: async () => kubeDoctor(siteForOthers(choice)),
	async audit(options) {
		if (options.compare)
			throw new CliError(CLI_EXIT.usage, "--compare is for `--target local`.");
		if (options.lake)
			throw new CliError(CLI_EXIT.usage, "--lake is for `--target local`.");
		return kubeAudit(siteForOthers(choice), options);
	},
	reset: async ({ stage, key }) => kubeReset(siteForOthers(choice), stage, key),
	restart: async (options) => kubeRestart(siteForOthers(choice), options),
	down: async (options) => kubeDown(siteForOthers(choice, true), options),
});
