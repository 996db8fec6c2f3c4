/** Asks a service's probe. */

/** undefined where it answers 200; else why not, in words. */
export async function askProbe(
	url: string,
	timeoutMs: number,
): Promise<string | undefined> {
	try {
		const response = await fetch(url, {
			signal: AbortSignal.timeout(timeoutMs),
			redirect: "error",
		});
		const body = await response.text();
		if (response.ok) return undefined;
		return reasonIn(body) ?? `answered ${response.status}`;
	} catch (error) {
		const { message, cause } = error as Error;
		return cause instanceof Error ? cause.message || message : message;
	}
}

function reasonIn(body: string): string | undefined {
	try {
		const { reason } = JSON.parse(body) as { reason?: unknown };
		return typeof reason === "string" ? reason : undefined;
	} catch {
		return undefined;
	}
}
