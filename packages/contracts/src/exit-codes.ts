/** How a service ends, for whoever restarts it: a supervisor, or the person on call. */
export const EXIT = {
	/** In order: asked to, by a signal. */
	ok: 0,
	/** A failure that a restart may mend. */
	failure: 1,
	/** Another instance took over (EX_TEMPFAIL): a restart would fence that one in turn. */
	fenced: 75,
	/** The settings, or the topics as they stand, are wrong (EX_CONFIG): a restart mends nothing. */
	config: 78,
} as const;
