/**
 * The API of one cluster, by one named context: never by whatever context happens to be current.
 *
 * The library is loaded when it is needed: it is 5 MB of generated code, and the words of the local system do without it.
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
import { CLI_EXIT, CliError } from "../exit-codes.ts";

/** A call that takes longer has lost its server. */
const REQUEST_TIMEOUT_MS = 20_000;

export interface Access {
	/** Its file; undefined: as kubectl finds it (KUBECONFIG, ~/.kube/config). Only ever read. */
	kubeconfig: string | undefined;
	context: string;
}

export interface Kube {
	config: KubeConfig;
	core: CoreV1Api;
	apps: AppsV1Api;
	batch: BatchV1Api;
	configuration: Configuration;
	/** The library itself. */
	library: typeof import("@kubernetes/client-node");
}

/** Throws CliError (config) where there is no such context. */
export async function connect({ kubeconfig, context }: Access): Promise<Kube> {
	const library = await import("@kubernetes/client-node");
	const config = new library.KubeConfig();
	try {
		if (kubeconfig === undefined) config.loadFromDefault();
		else config.loadFromFile(kubeconfig);
	} catch (error) {
		throw new CliError(
			CLI_EXIT.config,
			`The kubeconfig${kubeconfig === undefined ? "" : ` ${kubeconfig}`} cannot be read: ${(error as Error).message}`,
			{ cause: error },
		);
	}
	const known = config.getContexts().map((c) => c.name);
	if (!known.includes(context))
		throw new CliError(
			CLI_EXIT.config,
			`There is no context "${context}" in ${kubeconfig ?? "your kubeconfig (KUBECONFIG, or ~/.kube/config)"}${known.length > 0 ? `; there are: ${known.join(", ")}` : ""}.`,
		);
	// In this object only: no file is written.
	config.setCurrentContext(context);
	const server = config.getCurrentCluster()?.server;
	if (server === undefined)
		throw new CliError(
			CLI_EXIT.config,
			`The context "${context}" names a cluster that the kubeconfig does not have.`,
		);
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
