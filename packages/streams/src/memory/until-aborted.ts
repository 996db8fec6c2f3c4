/** An abort signal as a promise; one for the whole life of a loop, so that its rounds leave no listeners behind. */
export const untilAborted = (signal: AbortSignal): Promise<undefined> =>
	new Promise((resolve) => {
		if (signal.aborted) resolve(undefined);
		else
			signal.addEventListener("abort", () => resolve(undefined), {
				once: true,
			});
	});
