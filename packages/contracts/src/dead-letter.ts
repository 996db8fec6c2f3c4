/** Headers of a record in the topic `dead-letter`; its key and value are the source's bytes. */
export const DEAD_LETTER_HEADERS = {
	code: "error-code",
	message: "error-message",
	topic: "source-topic",
	partition: "source-partition",
	offset: "source-offset",
} as const;

export const ERROR_MESSAGE_CHARACTERS_MAX = 1_000;
