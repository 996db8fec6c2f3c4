/** The docker command as a child process. */

/** What failed, and the end of its output. */
export class ImageError extends Error {
	override name = "ImageError";
}
