"""The Fireworks processor on librdkafka: the same topics, records, settings and bits as the TypeScript one."""
