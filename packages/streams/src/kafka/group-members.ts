/** What the members of a group say about themselves. Asking does not disturb the group. */
import kafkajs, { type Admin } from "kafkajs";
import { NAME } from "./assigner.ts";

const { AssignerProtocol } = kafkajs;

/** A group in one of these states has no members. */
const WITHOUT_MEMBERS = new Set(["Empty", "Dead"]);

/** undefined: the group rebalances. The broker then does not say what its members are. */
export async function groupMembers(
	admin: () => Promise<Admin>,
	groupId: string,
): Promise<readonly string[] | undefined> {
	const { groups } = await (await admin()).describeGroups([groupId]);
	const [group] = groups;
	if (group === undefined || WITHOUT_MEMBERS.has(group.state)) return [];
	if (group.state !== "Stable") return undefined;
	// Another protocol belongs to another engine.
	if (group.protocol !== NAME) return [];
	return group.members.map(
		({ memberMetadata }) =>
			AssignerProtocol.MemberMetadata.decode(memberMetadata)?.userData.toString(
				"utf8",
			) ?? "",
	);
}
