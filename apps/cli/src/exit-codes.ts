/** How the command ends. The services' own codes are EXIT in packages/contracts; equal numbers mean the same. */
export const CLI_EXIT = {
	ok: 0,
	/** What was asked for failed, or a check found a problem (doctor, audit). */
	failure: 1,
	/** audit: could not tell. */
	unknown: 2,
	/** Wrong words or options, or a target or engine that this version does not have (EX_USAGE). */
	usage: 64,
	/** Wrong settings, or a broken state folder (EX_CONFIG). */
	config: 78,
	/** Ctrl-C while it was coming up: 128 + SIGINT. */
	interrupted: 130,
} as const;

export type CliExit = (typeof CLI_EXIT)[keyof typeof CLI_EXIT];

/** An end with a message for the person and an exit code, without a stack trace. */
export class CliError extends Error {
	override name = "CliError";
	readonly exitCode: CliExit;

	constructor(exitCode: CliExit, message: string, options?: ErrorOptions) {
		super(message, options);
		this.exitCode = exitCode;
	}
}
