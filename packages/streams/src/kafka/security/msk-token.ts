/**
 * A token for Amazon MSK: a request signed with the pod's AWS identity (IRSA, Pod Identity, an
 * instance's role, environment) by AWS's own signer. The signer is loaded at its first use, so
 * other users do not pay for the AWS SDK that it brings.
 */
import type { Token } from "./token-cache.ts";

export async function mskToken(region: string): Promise<Token> {
	const { generateAuthToken } = await import("aws-msk-iam-sasl-signer-js");
	try {
		const { token, expiryTime } = await generateAuthToken({ region });
		return { value: token, expiresAt: expiryTime };
	} catch (error) {
		throw new Error(
			`no AWS credentials to sign in to MSK with: ${(error as Error).message}`,
		);
	}
}
