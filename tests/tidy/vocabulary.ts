/** Words that confuse a newcomer, and what to write instead. */
export interface Rule {
	pattern: RegExp;
	/** What to write instead. */
	say: string;
	/** Lines in which the word is right. */
	except?: { pattern: RegExp; because: string }[];
}

/** A word of the text, or a part of an identifier: told, isTold, toldApart, TOLD. */
const word = (pattern: string): RegExp => {
	const capital = pattern[0]?.toUpperCase() + pattern.slice(1);
	return new RegExp(
		`(?<![A-Za-z])(${pattern})(?![a-z])|(?<![A-Z])(${capital})(?![a-z])|\\b(${pattern.toUpperCase()})(?![a-z])`,
	);
};

export const VOCABULARY: readonly Rule[] = [
	{ pattern: word("anew"), say: "again, or new" },
	{ pattern: /\bfor ever\b/i, say: "forever, or without end" },
	{ pattern: word("mend(?:s|ed|ing)?"), say: "fix or repair" },
	{ pattern: word("nobody"), say: "the actor's name" },
	{ pattern: word("somebody"), say: "the actor's name" },
	{ pattern: word("whoever"), say: "the actor's name" },
	{
		pattern: /\b(is|are) none\b/i,
		say: "what it is or is not",
		except: [
			{ pattern: /\bthere (is|are) none\b/i, because: "plain English" },
			{ pattern: /\bis None\b/, because: "Python" },
		],
	},
	{ pattern: word("troubles?"), say: "failure" },
	{
		pattern: /\bhopeless\w*|\bmendsNothing\b|\bisFinal\b/i,
		say: "unrecoverable",
	},
	{ pattern: word("seldom"), say: "rarely; RateLimitedLog for the class" },
	{ pattern: /\bway-?ins?\b/i, say: "ingress" },
	{ pattern: word("stand-?[iI]ns?"), say: "placeholder" },
	{ pattern: word("observing"), say: "monitoring" },
	{ pattern: word("beside"), say: "next to, or together with" },
	{
		pattern: word("told"),
		say: "set, reported or announced",
		except: [{ pattern: /\btold apart\b/i, because: "plain English" }],
	},
	{
		pattern: /\blaunch(es|ed|ing)?\b/i,
		say: "start or run",
		except: [
			{ pattern: /chromium\.launch|launchBrowser/, because: "Playwright" },
			{ pattern: /org\.apache\.spark\.launcher/, because: "Spark" },
		],
	},
	{
		pattern: word("standards?"),
		say: "default",
		except: [
			{ pattern: /standard (normal|deviation)s?/i, because: "statistics" },
			{ pattern: /standard ?(in|out)put|standard error/i, because: "Unix" },
			{ pattern: /StandardCharsets/, because: "Java" },
			{ pattern: /standard library/, because: "Python" },
			{ pattern: /--exclude-standard/, because: "git" },
			{ pattern: /aarch64\/standard/, because: "AWS" },
			{ pattern: /standard-rwo|Standard or Autopilot/, because: "GKE" },
		],
	},
	{ pattern: /\bwords? of the (command|CLI)\b/i, say: "command, subcommand" },
	{ pattern: /\b(Wish|Wishes)\b/, say: "SubscriptionRequest" },
	{
		pattern: /\b(class|new|interface) (Ends|Fill|Gathering|Turns|Pump|Life)\b/,
		say: "LagTracker, InitialFill, BurstTracker, TimeSlicer, CatchUpScheduler, ProcessRun",
	},
	{
		pattern: /\blets? (us|me|it|him) in\b|\bis (not )?let in\b/i,
		say: "accepts (or rejects) the credentials",
	},
	{
		pattern:
			/\b(lest|whence|thence|hitherto|albeit|hereby|thereof|whereupon|wherefore|nought|whilst|amongst|unto)\b/i,
		say: "today's word",
	},
	{
		pattern:
			/\b(had better|in vain|as it were|of its own accord|by and by|for want of|so to speak)\b/i,
		say: "it plainly",
	},
	{
		pattern: /\bno eye sees\b|\bbrings? along\b|\bgoes for\b/i,
		say: "it plainly",
	},
];
