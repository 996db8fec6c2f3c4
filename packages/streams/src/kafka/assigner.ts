/** Partition p of all topics of a group to the same member: a stage's input and its changelog belong together. */
import kafkajs, {
	type Assigner,
	type Cluster,
	type PartitionAssigner,
} from "kafkajs";

const { AssignerProtocol } = kafkajs;

// A member of another name in the same group is refused by the coordinator: all members must share a protocol.
const NAME = "fireworks-copartitioned";
const VERSION = 1;

/** Shares out as many partitions as the smallest topic has, by turns, in the order of the members' ids. */
export const copartitionedAssigner: PartitionAssigner = ({
	cluster,
}: {
	cluster: Cluster;
}): Assigner => ({
	name: NAME,
	version: VERSION,
	async assign({ members, topics }) {
		const ids = members.map((m) => m.memberId).sort();
		const partitions = Math.min(
			...topics.map(
				(topic) => cluster.findTopicPartitionMetadata(topic).length,
			),
		);
		return ids.map((memberId, i) => {
			const mine = Array.from({ length: partitions }, (_, p) => p).filter(
				(p) => p % ids.length === i,
			);
			return {
				memberId,
				memberAssignment: AssignerProtocol.MemberAssignment.encode({
					version: VERSION,
					assignment: Object.fromEntries(topics.map((topic) => [topic, mine])),
					userData: Buffer.alloc(0),
				}),
			};
		});
	},
	protocol: ({ topics }) => ({
		name: NAME,
		metadata: AssignerProtocol.MemberMetadata.encode({
			version: VERSION,
			topics,
			userData: Buffer.alloc(0),
		}),
	}),
});
