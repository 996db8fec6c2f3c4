/**
 * The audit reached no result, because something it needs is missing or did not come in time. This
 * says nothing about the stream.
 */
export class CouldNotTell extends Error {
	override name = "CouldNotTell";
}
