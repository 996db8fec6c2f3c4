/** The cluster's definition for kind (v1alpha4): nodes, and the ports by which this machine reaches the page and the middleware. */

/** NodePorts of values-kind.yaml. */
export const NODE_PORTS = { dashboard: 30_300, middleware: 30_808 } as const;

export interface KindConfigOptions {
	name: string;
	/** One control plane, which also works; the others are workers. */
	nodes: number;
	/** Ports of 127.0.0.1 on this machine. */
	dashboardPort: number;
	middlewarePort: number;
}

/** For `kind create cluster --config -`. */
export function kindConfig(options: KindConfigOptions): string {
	const { name, nodes, dashboardPort, middlewarePort } = options;
	const mapping = (hostPort: number, containerPort: number) => [
		`      - hostPort: ${hostPort}`,
		`        containerPort: ${containerPort}`,
		"        listenAddress: 127.0.0.1",
		"        protocol: TCP",
	];
	return [
		"kind: Cluster",
		"apiVersion: kind.x-k8s.io/v1alpha4",
		`name: ${name}`,
		"nodes:",
		"  - role: control-plane",
		"    extraPortMappings:",
		...mapping(dashboardPort, NODE_PORTS.dashboard),
		...mapping(middlewarePort, NODE_PORTS.middleware),
		...Array.from({ length: nodes - 1 }, () => "  - role: worker"),
		"",
	].join("\n");
}
