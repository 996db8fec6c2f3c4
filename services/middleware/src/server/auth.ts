/**
 * Who may connect, where that is restricted: a bearer token for programs, a signed ticket for pages (a browser cannot set headers on a websocket).
 *
 * A ticket is `v1.<expiry, ms since 1970>.<HMAC-SHA256 of what is before, base64url>`; whoever shares the secret signs it, e.g. the page's server
 * for the users it knows. It is looked at when the client connects: a connection outlives its ticket.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

export interface AuthOptions {
	/** Empty: no token is accepted. */
	bearerToken: string;
	/** Empty: no ticket is accepted. */
	ticketSecret: string;
}

/** Compares without telling by time how much was right. */
const same = (a: string, b: string): boolean =>
	timingSafeEqual(
		createHash("sha256").update(a).digest(),
		createHash("sha256").update(b).digest(),
	);

const signature = (secret: string, signed: string): string =>
	createHmac("sha256", secret).update(signed).digest("base64url");

/** A ticket that is good until `expiresAt` (ms since 1970). */
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

/** Whether the client may connect. authorization: its header. ticket: from its query. now: ms since 1970. */
export function mayConnect(
	{ bearerToken, ticketSecret }: AuthOptions,
	authorization: string | undefined,
	ticket: string | null,
	now: number,
): boolean {
	if (bearerToken === "" && ticketSecret === "") return true;
	const token = /^Bearer (.+)$/i.exec(authorization ?? "")?.[1];
	if (bearerToken !== "" && token !== undefined && same(token, bearerToken))
		return true;
	return (
		ticketSecret !== "" &&
		ticket !== null &&
		ticketHolds(ticketSecret, ticket, now)
	);
}
