// Run by `helm test`: asks every address until it is ready, and fails if one does not become ready.
const TRIES = 30;
const PAUSE_MS = 1_000;
const ANSWER_MS = 5_000;

/** Why the address is not ready; an empty text if it is. */
const problemAt = async (url) => {
	try {
		const signal = AbortSignal.timeout(ANSWER_MS);
		const response = await fetch(url, { signal });
		return response.ok ? "" : `${response.status} ${await response.text()}`;
	} catch (error) {
		return String(error.cause ?? error);
	}
};

for (const url of process.argv.slice(1)) {
	let problem = await problemAt(url);
	for (let tries = 1; problem !== "" && tries < TRIES; tries++) {
		await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
		problem = await problemAt(url);
	}
	console.log(`${url}: ${problem || "ready"}`);
	if (problem !== "") process.exitCode = 1;
}
