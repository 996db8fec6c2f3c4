/**
 * Headers of a record in the topic `dead-letter`. Its key and value are the source record's bytes.
 */
export const DEAD_LETTER_HEADERS = {
	code: "error-code",
	message: "error-message",
	topic: "source-topic",
	partition: "source-partition",
	offset: "source-offset",
	/** The stage that refused the record. Only stages of packages/streams write it. */
	stage: "stage",
} as const;

export const ERROR_MESSAGE_CHARACTERS_MAX = 1_000;
