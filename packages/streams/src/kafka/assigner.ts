/**
 * Assigns partition p of all topics of a group to the same member, because a stage's input and its
 * changelog belong together.
 */
import kafkajs, {
	type Assigner,
	type Cluster,
	type PartitionAssigner,
} from "kafkajs";

const { AssignerProtocol } = kafkajs;

// All members of a group must share a protocol, so the coordinator rejects a member whose assigner
// has another name.
export const NAME = "fireworks-copartitioned";
const VERSION = 1;

/**
 * Distributes the partitions round-robin, in the order of the members' ids. Their number is that of
 * the topic with the fewest. about: what other programs can read about this member.
 */
export const copartitionedAssigner =
	(about: string): PartitionAssigner =>
	({ cluster }: { cluster: Cluster }): Assigner => ({
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
						assignment: Object.fromEntries(
							topics.map((topic) => [topic, mine]),
						),
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
				userData: Buffer.from(about),
			}),
		}),
	});
