"""The Fireworks processor on librdkafka.

It has the same topics, records and settings as the TypeScript processor, and its results are the
same to the bit.
"""
