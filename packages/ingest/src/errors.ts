/** The file or the options are wrong: another run ends in the same way. */
export class InputError extends Error {
	override readonly name = "InputError";
}
