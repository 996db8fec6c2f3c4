/**
 * The API of one cluster, always by a named context and never by the current one.
 *
 * The library is loaded only when it is needed: it is 5 MB of generated code, which the commands of
 * the local system do not need.
 */
import type {
	AppsV1Api,
	BatchV1Api,
	Configuration,
	CoreV1Api,
	KubeConfig,
	RequestContext,
	ResponseContext,
} from "@kubernetes/client-node";
import { CLI_EXIT, CliError } from "../../exit-codes.ts";
import { reachDirectly } from "../../proxy.ts";
import {
	describeFiles,
	kubeconfigFiles,
	readKubeconfig,
} from "./kubeconfig.ts";

/** A call that takes longer has lost its server. */
const REQUEST_TIMEOUT_MS = 20_000;

export interface Access {
	/**
	 * The kubeconfig file; undefined: found as kubectl does (KUBECONFIG, ~/.kube/config). It is
	 * only read.
	 */
	kubeconfig: string | undefined;
	context: string;
}

export interface Kube {
	config: KubeConfig;
	core: CoreV1Api;
	apps: AppsV1Api;
	batch: BatchV1Api;
	configuration: Configuration;
	/** The Kubernetes client library. */
	library: typeof import("@kubernetes/client-node");
}

/** Throws CliError (config) if there is no such context. */
export async function connect({ kubeconfig, context }: Access): Promise<Kube> {
	const library = await import("@kubernetes/client-node");
	const config = readKubeconfig(library, kubeconfig);
	const known = config.getContexts().map((c) => c.name);
	if (!known.includes(context))
		throw new CliError(
			CLI_EXIT.config,
			`There is no context "${context}" in ${describeFiles(kubeconfig === undefined ? kubeconfigFiles() : [kubeconfig])}${known.length > 0 ? `; there are: ${known.join(", ")}` : ""}.`,
		);
	// Changes only this object: no file is written.
	config.setCurrentContext(context);
	const { server, proxyUrl } = config.getCurrentCluster() ?? {};
	if (server === undefined)
		throw new CliError(
			CLI_EXIT.config,
			`The context "${context}" names a cluster that the kubeconfig does not have.`,
		);
	// helm must reach the API server in the same way as this process.
	if (!proxyUrl && URL.canParse(server))
		reachDirectly([new URL(server).hostname.replace(/^\[|\]$/g, "")]);
	const configuration = library.createConfiguration({
		baseServer: new library.ServerConfiguration(server, {}),
		authMethods: { default: config },
		promiseMiddleware: [
			{
				pre: async (request: RequestContext) => {
					request.setSignal(AbortSignal.timeout(REQUEST_TIMEOUT_MS));
					return request;
				},
				post: async (response: ResponseContext) => response,
			},
		],
	});
	return {
		config,
		core: new library.CoreV1Api(configuration),
		apps: new library.AppsV1Api(configuration),
		batch: new library.BatchV1Api(configuration),
		configuration,
		library,
	};
}
