/**
 * SASL OAUTHBEARER (RFC 7628). kafkajs's own version does not read the broker's response: it takes
 * a rejected token for a broken connection, and retries forever.
 */
import type { Mechanism } from "kafkajs";
import { AccessRefused } from "./access-refused.ts";
import type { TokenCache } from "./token-cache.ts";

const SOH = "\x01";
/** kafkajs passes and expects bytes with their length in front. */
const SIZE_BYTES = 4;

const framed = (text: string): Buffer => {
	const bytes = Buffer.from(text);
	const size = Buffer.alloc(SIZE_BYTES);
	size.writeInt32BE(bytes.length);
	return Buffer.concat([size, bytes]);
};

export const oauthBearer = (
	tokens: TokenCache,
	identity: string,
): Mechanism => ({
	mechanism: "oauthbearer",
	authenticationProvider: ({ host, port, saslAuthenticate }) => ({
		authenticate: async () => {
			const refused = (why: string) => {
				tokens.drop();
				return new AccessRefused(
					`Kafka at ${host}:${port} refused ${identity}: ${why}`,
				);
			};
			const send = (text: string) =>
				saslAuthenticate<string>({
					request: { encode: () => framed(text) },
					response: {
						decode: (bytes) => bytes.subarray(SIZE_BYTES),
						parse: (bytes) => bytes.toString(),
					},
				});
			const token = await tokens.get();
			try {
				const answer = await send(`n,,${SOH}auth=Bearer ${token}${SOH}${SOH}`);
				if (!answer) return;
				// The broker gives the reason, and ends the exchange when we have acknowledged it.
				await send(SOH);
				throw refused(answer);
			} catch (error) {
				const { type } = error as { type?: string };
				if (type === "SASL_AUTHENTICATION_FAILED")
					throw refused((error as Error).message);
				throw error;
			}
		},
	}),
});
