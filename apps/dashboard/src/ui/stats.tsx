/** The current state at a glance: how many devices, how fast, how fresh, how late. */
import type { LiveStream } from "../stream/live-stream.ts";
import { age, count, milliseconds, rate } from "../view/format.ts";

function Stat({
	name,
	value,
	note,
	title,
}: {
	name: string;
	value: string;
	note?: string | undefined;
	title?: string;
}) {
	return (
		<div className="stat" title={title}>
			<dt>{name}</dt>
			<dd>
				<span className="figure">{value}</span>
				<span className="note">{note ?? "\u00a0"}</span>
			</dd>
		</div>
	);
}

const offset = (ms: number): string =>
	`${ms < 0 ? "\u2212" : "+"} ${Math.abs(Math.round(ms))} ms`;

export function Stats({ stream }: { stream: LiveStream | undefined }) {
	const store = stream?.store;
	const now = Date.now();
	const newest = store && Number.isFinite(store.newestMs);
	const sent = store?.sentToPaintedMs;
	const event = store?.eventToPaintedMs;
	return (
		<dl className="stats">
			<Stat
				name={stream?.labels.keys ?? "Devices"}
				value={store ? count(store.devices.length) : "–"}
				note={stream?.engine && `${stream.engine} engine`}
			/>
			<Stat
				name="Stale"
				value={stream ? count(stream.staleCount()) : "–"}
				note={
					stream?.store.devices.length ? "no record for 3 steps" : undefined
				}
				title="Devices whose next record is at least three steps and 5 s late"
			/>
			<Stat
				name="Events a second"
				value={store ? rate(store.rate.perSecond(now)) : "–"}
				note={store && `${count(store.events)} since opened`}
			/>
			<Stat
				name="Newest event"
				value={newest ? age(stream.serverNowMs - store.newestMs) : "–"}
				note={
					store?.receivedMs !== undefined
						? `received ${age(now - store.receivedMs)} ago`
						: undefined
				}
				title="Age of the newest event time, by the server's clock"
			/>
			<Stat
				name="Event to screen"
				value={milliseconds(event?.quantile(0.5))}
				note={
					event?.count
						? `p99 ${milliseconds(event.quantile(0.99))}, sent ${milliseconds(sent?.quantile(0.5))}`
						: undefined
				}
				title={`From event time to paint: median and 99th percentile of the last 600 frames; sent: from the middleware's send to paint, median. By the server's clock (this machine's ${offset(stream?.clockOffsetMs ?? 0)}).`}
			/>
			<Stat
				name="Skipped events"
				value={store ? count(store.gapEvents) : "–"}
				note={store?.gaps ? `in ${count(store.gaps)} gaps` : "no gaps"}
				title="Events that the middleware skipped because this page was too slow"
			/>
		</dl>
	);
}
