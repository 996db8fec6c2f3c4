/** Bearer tokens of HTTP requests, and the comparison of secrets. */
import { createHash, timingSafeEqual } from "node:crypto";

/** Compares in constant time, so that timing does not reveal how much was right. */
export const sameSecret = (a: string, b: string): boolean =>
	timingSafeEqual(
		createHash("sha256").update(a).digest(),
		createHash("sha256").update(b).digest(),
	);

/** The token in an Authorization header; undefined without one. */
export const bearerTokenOf = (
	authorization: string | undefined,
): string | undefined => /^Bearer (.+)$/i.exec(authorization ?? "")?.[1];
