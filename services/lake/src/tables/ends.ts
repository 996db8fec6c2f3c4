/** Why a session of a table ends although nothing failed. */

/** The topic or the definition is another one: open the table again, at once. */
export class Changed extends Error {
	override readonly name = "Changed";
}

/** There is no such topic (yet). */
export class TopicAbsent extends Error {
	override readonly name = "TopicAbsent";
	constructor(topic: string) {
		super(`there is no topic ${topic} yet`);
	}
}
