/**
 * `up --target cluster --context NAME`: installs the chart in an existing cluster. The images come
 * from a registry.
 */

import { remember, rememberable } from "../commands/memory.ts";
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import { duration } from "../ui/format.ts";
import { Steps } from "../ui/steps.ts";
import type { UpWork } from "./kind-up.ts";
import { connect } from "./kube/client.ts";
import { apiReason } from "./kube/errors.ts";
import { rollOut } from "./roll-out.ts";
import { checkInputs } from "./values-input.ts";

export async function upCluster({
	site,
	timeoutMs,
	asked,
}: UpWork): Promise<CliExit> {
	const { access, namespace, folder } = site;
	const began = performance.now();
	const steps = new Steps(process.stdout);
	await steps.run("Checks before the start", () => checkInputs(site, []));
	const kube = await steps.run(`Cluster ${access.context}`, async (say) => {
		const kube = await connect(access);
		try {
			const { gitVersion } = await new kube.library.VersionApi(
				kube.configuration,
			).getCode();
			say(`Kubernetes ${gitVersion}`);
		} catch (error) {
			throw new CliError(
				CLI_EXIT.failure,
				`The cluster of the context "${access.context}" does not answer: ${apiReason(error)}\n  -> Try \`kubectl --context ${access.context} get nodes\`: are you logged in, and is the network (VPN) up?`,
				{ cause: error },
			);
		}
		return kube;
	});
	// Remembered before anything is changed, so the other commands can look at a rollout that is
	// stuck.
	remember(folder, {
		version: 1,
		target: "cluster",
		context: access.context,
		making: null,
		pipelines: [...site.pipelines],
		settings: rememberable(site.env),
	});
	await rollOut({
		kube,
		site,
		valuesFiles: [],
		made: {},
		alone: false,
		timeoutMs,
		steps,
		asked,
	});
	console.log(
		`\nFireworks is up after ${duration(performance.now() - began)} in ${access.context}, namespace ${namespace}.\n\`helm --kube-context ${access.context} -n ${namespace} get notes ${site.release}\` says how to reach the page; \`fireworks status | logs -f | audit\` go on here.`,
	);
	return CLI_EXIT.ok;
}
