/** A failed check, with the name of its checker. */
export class Violation extends Error {
	override name = "Violation";
	readonly check: string;

	constructor(check: string, message: string) {
		super(`${check}: ${message}`);
		this.check = check;
	}
}
