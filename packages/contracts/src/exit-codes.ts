/** Exit codes of a service, for the supervisor or the person on call who restarts it. */
export const EXIT = {
	/** Normal stop, requested by a signal. */
	ok: 0,
	/** A failure that a restart may fix. */
	failure: 1,
	/** Another instance took over (EX_TEMPFAIL). A restart would fence that instance in turn. */
	fenced: 75,
	/** The settings or the existing topics are wrong (EX_CONFIG). A restart does not help. */
	config: 78,
} as const;
