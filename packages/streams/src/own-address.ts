/** Where other processes reach this one, if nothing else is known. */
import { networkInterfaces } from "node:os";

const LOOPBACK = new Set(["127.0.0.1", "localhost", "::1"]);

/** host: what the service listens on. */
export function ownAddress(host: string, port: number): string {
	if (LOOPBACK.has(host)) return urlOf(host, port);
	const anywhere = host === "0.0.0.0" || host === "::";
	if (!anywhere) return urlOf(host, port);
	const all = Object.values(networkInterfaces())
		.flatMap((some) => some ?? [])
		.filter(({ internal }) => !internal);
	const found = all.find(({ family }) => family === "IPv4") ?? all[0];
	return urlOf(found?.address ?? "127.0.0.1", port);
}

const urlOf = (host: string, port: number): string =>
	`http://${host.includes(":") ? `[${host}]` : host}:${port}`;
