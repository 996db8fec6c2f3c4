/** The topic of all dead letters, as stages make it. */
import {
	stageTopics,
	type TopicSettings,
	type TopicSpec,
} from "@fireworks/contracts";

export const deadLetterTopicOf = (settings: TopicSettings): TopicSpec =>
	stageTopics(settings, {
		inputs: [""],
		output: "",
		changelog: "",
		deadLetter: settings.topicDeadLetter,
	}).deadLetter;
