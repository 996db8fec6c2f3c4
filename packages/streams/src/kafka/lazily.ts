/** One shared client, created at its first use, and again after a failure. */
export function lazily<T extends { disconnect(): Promise<void> }>(
	create: () => Promise<T>,
) {
	let client: Promise<T> | undefined;
	let connected: T | undefined;
	return {
		get: (): Promise<T> => {
			client ??= create().then(
				(made) => {
					connected = made;
					return made;
				},
				(error: unknown) => {
					client = undefined;
					throw error;
				},
			);
			return client;
		},
		close: async (): Promise<void> => {
			const pending = client;
			client = undefined;
			// Do not wait for a client that is still connecting: while the broker is unreachable
			// that takes seconds.
			if (connected === undefined)
				pending?.then((late) => late.disconnect()).catch(() => {});
			else await connected.disconnect();
			connected = undefined;
		},
	};
}
