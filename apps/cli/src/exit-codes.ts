/**
 * The exit codes of the CLI. The services' own codes are EXIT in packages/contracts; equal numbers
 * mean the same.
 */
export const CLI_EXIT = {
	ok: 0,
	/** The command failed, or a check found a problem (doctor, audit). */
	failure: 1,
	/** audit: it could not reach a result. */
	unknown: 2,
	/**
	 * A wrong command or option, or a target or engine that this version does not have (EX_USAGE).
	 */
	usage: 64,
	/** Wrong settings, or a broken state folder (EX_CONFIG). */
	config: 78,
	/** Ctrl-C during the start: 128 + SIGINT. */
	interrupted: 130,
} as const;

export type CliExit = (typeof CLI_EXIT)[keyof typeof CLI_EXIT];

/** Ends the command with a message for the user and an exit code, without a stack trace. */
export class CliError extends Error {
	override name = "CliError";
	readonly exitCode: CliExit;

	constructor(exitCode: CliExit, message: string, options?: ErrorOptions) {
		super(message, options);
		this.exitCode = exitCode;
	}
}
