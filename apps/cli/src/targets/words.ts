/** Every word of the command, for the target that was asked for, or else the one that was brought up last. */
import { audit } from "../commands/audit.ts";
import { checkChoice } from "../commands/choice.ts";
import { doctor } from "../commands/doctor.ts";
import { down } from "../commands/down.ts";
import { logs } from "../commands/logs.ts";
import { status } from "../commands/status.ts";
import { stopSignals } from "../commands/stop-signals.ts";
import { up } from "../commands/up.ts";
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import { stateFolderOf } from "../local-settings.ts";
import { upCluster } from "./cluster-up.ts";
import { upKind } from "./kind-up.ts";
import { kubeAudit } from "./kube-audit.ts";
import { kubeDoctor } from "./kube-doctor.ts";
import { kubeDown } from "./kube-down.ts";
import { kubeLogs, type LogsOptions } from "./kube-logs.ts";
import { kubeStatus } from "./kube-status.ts";
import { forget, recall, remember, TARGETS, type Target } from "./memory.ts";
import { siteForOthers, siteForUp } from "./site.ts";

/** Of the start of the parts: a cluster may have to find nodes and pull images first. */
const START_TIMEOUT_MS: Record<Target, number> = {
	local: 180_000,
	kind: 600_000,
	cluster: 900_000,
};

/** Where; each undefined where it was not said. */
export interface Where {
	target: string | undefined;
	context: string | undefined;
}

export interface UpOptions extends Where {
	engine: string;
	/** A second engine beside it; empty: none. */
	compare: string;
	detach: boolean;
	timeoutMs: number | undefined;
}

export async function upOn(options: UpOptions): Promise<CliExit> {
	const { context, engine, compare, detach } = options;
	const target = choose(options);
	checkChoice(target, engine, compare);
	const timeoutMs = options.timeoutMs ?? START_TIMEOUT_MS[target];
	if (target === "local") {
		refuseContext(context);
		const folder = stateFolderOf(process.env);
		// Before it starts: in the foreground it is up for as long as it runs.
		remember(folder, {
			version: 1,
			target,
			context: null,
			making: null,
			settings: {},
		});
		return up({ target, engine, compare, detach, timeoutMs });
	}
	const site = siteForUp({ target, context }, engine);
	const asked = stopSignals(() => process.exit(CLI_EXIT.interrupted));
	const work = { site, timeoutMs, asked };
	return target === "kind" ? upKind(work) : upCluster(work);
}

export async function statusOn(
	where: Where,
	options: { json: boolean },
): Promise<CliExit> {
	const target = choose(where);
	if (target === "local") return status(options);
	return kubeStatus(siteForOthers({ ...where, target }), options);
}

export async function logsOn(
	where: Where,
	options: LogsOptions,
): Promise<CliExit> {
	const target = choose(where);
	if (target === "local") return logs(options);
	return kubeLogs(siteForOthers({ ...where, target }), options);
}

export async function doctorOn(where: Where): Promise<CliExit> {
	const target = choose(where);
	if (target === "local") return doctor();
	return kubeDoctor(siteForOthers({ ...where, target }));
}

export async function auditOn(
	where: Where,
	options: { json: boolean; compare: boolean },
): Promise<CliExit> {
	// Brokers that were named are asked from here, whatever was brought up.
	const direct = process.env.FIREWORKS_BROKERS !== undefined;
	const target = direct ? "local" : choose(where);
	if (target === "local") return audit(options);
	if (options.compare)
		throw new CliError(CLI_EXIT.usage, "--compare is for `--target local`.");
	return kubeAudit(siteForOthers({ ...where, target }), options);
}

export async function downOn(
	where: Where,
	options: { purge: boolean },
): Promise<CliExit> {
	const target = choose(where);
	if (target === "local") {
		refuseContext(where.context);
		const folder = stateFolderOf(process.env);
		if (recall(folder)?.target === target) forget(folder);
		return down(options);
	}
	return kubeDown(siteForOthers({ ...where, target }, true), options);
}

/** The target that was said (by option or FIREWORKS_TARGET), else the one that was brought up last. */
export function choose({ target, context }: Where): Target {
	const said =
		target ??
		(context === undefined ? process.env.FIREWORKS_TARGET : "cluster");
	if (said) {
		const known = TARGETS.find((name) => name === said);
		if (known) return known;
		throw new CliError(
			CLI_EXIT.usage,
			`There is no target "${said}": ${TARGETS.join(", ")}.`,
		);
	}
	return recall(stateFolderOf(process.env))?.target ?? "local";
}

function refuseContext(context: string | undefined): void {
	if (context !== undefined)
		throw new CliError(CLI_EXIT.usage, "--context is for `--target cluster`.");
}
