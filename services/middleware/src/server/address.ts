/** Finds the client's address, for the limit per address. */
import type { IncomingMessage } from "node:http";
import { RELAY_HEADER } from "@fireworks/contracts";
import { sameSecret } from "@fireworks/service-kit";
import ipaddr from "ipaddr.js";

/** One household or one machine has a whole IPv6 network of this prefix length to itself. */
const IPV6_NETWORK_BITS = 64;

/**
 * How many proxies are trusted on this connection: those of the settings, plus the page's server if
 * it proves itself by the shared secret. A client that connects directly cannot claim the extra
 * proxy, so it cannot choose its own address.
 */
export function trustedHops(
	request: IncomingMessage,
	{ proxyHops, relaySecret }: { proxyHops: number; relaySecret: string },
): number {
	const proof = request.headers[RELAY_HEADER];
	const isRelay =
		relaySecret !== "" &&
		typeof proof === "string" &&
		sameSecret(proof, relaySecret);
	return isRelay ? proxyHops + 1 : proxyHops;
}

/**
 * The client of a connection, in one spelling for all spellings of its address: an IPv4 address, or
 * the /64 network of an IPv6 address.
 *
 * hops: trusted proxies in front of us. Each appends the address that it saw to X-Forwarded-For. So
 * the entry that many from the right is the last that a trusted proxy wrote; all entries to its
 * left may be forged. With 0 hops, with too few entries, or with an entry that is not an address,
 * the client is the connection's own address.
 */
export function clientAddress(request: IncomingMessage, hops: number): string {
	const header = request.headers["x-forwarded-for"];
	const entries = (Array.isArray(header) ? header.join(",") : (header ?? ""))
		.split(",")
		.map((entry) => entry.trim());
	const forwarded = hops > 0 ? entries.at(-hops) : undefined;
	const own = request.socket.remoteAddress ?? "";
	return canonical(forwarded ?? "") ?? canonical(own) ?? "unknown";
}

/** One spelling for all spellings of an address, with or without port, brackets and zone. */
function canonical(text: string): string | undefined {
	const bare = withoutPort(text).replace(/%.*$/, "");
	// Proxies do not write shorter IPv4 spellings such as 10.1 or 0x7f.1.
	if (!ipaddr.IPv4.isValidFourPartDecimal(bare) && !ipaddr.IPv6.isValid(bare))
		return undefined;
	// An IPv4 client of a dual-stack socket is the same client.
	const address = ipaddr.process(bare);
	if (address.kind() === "ipv4") return address.toString();
	const network = ipaddr.IPv6.networkAddressFromCIDR(
		`${address}/${IPV6_NETWORK_BITS}`,
	);
	return `${network}/${IPV6_NETWORK_BITS}`;
}

/** Strips brackets and port: `[2001:db8::1]:443`, `[2001:db8::1]`, `192.0.2.1:443`. */
function withoutPort(text: string): string {
	const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text)?.[1];
	return bracketed ?? text.replace(/^([\d.]+):\d{1,5}$/, "$1");
}
