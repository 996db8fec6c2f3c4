/**
 * Decides who may connect, if that is restricted: a bearer token for programs, a signed ticket for
 * pages (a browser cannot set headers on a websocket).
 *
 * A ticket is `v1.<expiry, ms since 1970>.<HMAC-SHA256 of the part before it, base64url>`. A server
 * that has the secret signs it, e.g. the page's server for the users it knows. The ticket is
 * checked only when the client connects: a connection may outlive its ticket.
 */
import { createHmac } from "node:crypto";
import { bearerTokenOf, sameSecret as same } from "@fireworks/service-kit";

export interface AuthOptions {
	/** Empty: no token is accepted. */
	bearerToken: string;
	/** Empty: no ticket is accepted. */
	ticketSecret: string;
}

const signature = (secret: string, signed: string): string =>
	createHmac("sha256", secret).update(signed).digest("base64url");

/** A ticket that is valid until `expiresAt` (ms since 1970). */
export function signTicket(secret: string, expiresAt: number): string {
	const signed = `v1.${expiresAt}`;
	return `${signed}.${signature(secret, signed)}`;
}

function ticketHolds(secret: string, ticket: string, now: number): boolean {
	const parts = /^(v1\.(\d{1,16}))\.([\w-]{1,64})$/.exec(ticket);
	if (parts === null) return false;
	const [, signed = "", expiresAt, given = ""] = parts;
	return same(given, signature(secret, signed)) && now < Number(expiresAt);
}

/**
 * Whether the client may connect. authorization: its header. ticket: from its query. now: ms since
 * 1970.
 */
export function mayConnect(
	{ bearerToken, ticketSecret }: AuthOptions,
	authorization: string | undefined,
	ticket: string | null,
	now: number,
): boolean {
	if (bearerToken === "" && ticketSecret === "") return true;
	const token = bearerTokenOf(authorization);
	if (bearerToken !== "" && token !== undefined && same(token, bearerToken))
		return true;
	return (
		ticketSecret !== "" &&
		ticket !== null &&
		ticketHolds(ticketSecret, ticket, now)
	);
}
