/**
 * Asks a service's probe. By node:http and not by fetch, which refuses some ports (6000, 6666 and others) and costs the supervisor
 * 20 MB.
 */
import { get } from "node:http";

const BODY_CHARACTERS_MAX = 10_000;

/** undefined where it answers 200; else why not, in words. */
export const askProbe = (
	url: string,
	timeoutMs: number,
): Promise<string | undefined> =>
	new Promise((resolve) => {
		const request = get(url, {
			agent: false,
			signal: AbortSignal.timeout(timeoutMs),
		});
		request.on("error", (error) =>
			resolve(
				error.name === "AbortError"
					? `no answer within ${timeoutMs / 1_000} s`
					: error.message,
			),
		);
		request.on("response", (response) => {
			let body = "";
			response.setEncoding("utf8");
			response.on("data", (text: string) => {
				if (body.length < BODY_CHARACTERS_MAX) body += text;
			});
			response.on("error", (error) => resolve(error.message));
			response.on("end", () =>
				resolve(
					response.statusCode === 200
						? undefined
						: (reasonIn(body) ?? `answered ${response.statusCode}`),
				),
			);
		});
	});

function reasonIn(body: string): string | undefined {
	try {
		const { reason } = JSON.parse(body) as { reason?: unknown };
		return typeof reason === "string" ? reason : undefined;
	} catch {
		return undefined;
	}
}
