/** kafkajs' own cluster factory, which its Kafka object keeps under a symbol. */
import type { Kafka } from "kafkajs";

type CreateCluster<C> = (options: Readonly<Record<string, unknown>>) => C;

const FACTORY = "private:Kafka:createCluster";
const READ_UNCOMMITTED = 0;

export function clusterFactory<C>(kafka: Kafka): {
	create: CreateCluster<C>;
	replace(create: CreateCluster<C>): void;
} {
	const symbol = Object.getOwnPropertySymbols(kafka).find(
		({ description }) => description === FACTORY,
	);
	const factories = kafka as unknown as Record<symbol, CreateCluster<C>>;
	const create = symbol === undefined ? undefined : factories[symbol];
	if (symbol === undefined || create === undefined)
		throw new Error(`this kafkajs has no ${FACTORY}: it is another version`);
	return {
		create,
		replace: (another) => {
			factories[symbol] = another;
		},
	};
}

/**
 * Makes a new Kafka object ask for offsets without regard to transactions: the end of a partition
 * is then the offset after its newest record. kafkajs has no option for that.
 */
export function withUndecided(kafka: Kafka): Kafka {
	const { create, replace } = clusterFactory<unknown>(kafka);
	replace((options) =>
		create({ ...options, isolationLevel: READ_UNCOMMITTED }),
	);
	return kafka;
}
