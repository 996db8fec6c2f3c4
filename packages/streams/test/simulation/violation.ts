/** A promise that was broken, named by the checker that saw it. */
export class Violation extends Error {
	override name = "Violation";
	readonly check: string;

	constructor(check: string, message: string) {
		super(`${check}: ${message}`);
		this.check = check;
	}
}
