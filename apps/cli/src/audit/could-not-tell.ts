/** The audit came to no result: what it needs is not there, or did not come in time. Says nothing about the stream. */
export class CouldNotTell extends Error {
	override name = "CouldNotTell";
}
