"""The bare loop on librdkafka: transactional, with a changelog; one process, one thread.

The JSON and the noise are the Python engine's own.
"""

import math
import os
import signal

import numpy as np
import orjson
from confluent_kafka import Consumer, Producer, TopicPartition
from fireworks_engine.noise import device_words, noises

BROKERS, INPUT, OUTPUT, CHANGELOG, GROUP = (os.environ[n] for n in ("BROKERS", "INPUT", "OUTPUT", "CHANGELOG", "GROUP"))
BATCH = 10_000
SEED = (0, 0)

signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
consumer = Consumer({"bootstrap.servers": BROKERS, "group.id": GROUP, "isolation.level": "read_committed", "enable.auto.commit": False, "auto.offset.reset": "earliest"})
producer = Producer({"bootstrap.servers": BROKERS, "transactional.id": OUTPUT, "linger.ms": 5, "queue.buffering.max.messages": 1_000_000})
producer.init_transactions()
consumer.subscribe([INPUT])

state = {}

while True:
    messages = [m for m in consumer.consume(BATCH, timeout=0.2) if m.error() is None]
    if not messages:
        continue
    producer.begin_transaction()
    positions = {}
    changed = {}
    ticks = [orjson.loads(m.value()) for m in messages]
    words = np.array([device_words(t["deviceId"]) for t in ticks], dtype=np.uint64)
    seqs = np.array([t["seq"] for t in ticks], dtype=np.uint64)
    for message, tick, z in zip(messages, ticks, noises(SEED, words, seqs).tolist()):
        key, seq, timestamp = tick["deviceId"], tick["seq"], tick["timestamp"]
        previous = state.get(key)
        if previous is None:
            dt = increment = value = 0.0
        else:
            dt = (timestamp - previous[1]) / 1000
            increment = tick["drift"] * dt + tick["volatility"] * math.sqrt(dt) * z
            value = previous[2] + increment
        state[key] = (seq, timestamp, value)
        partition = message.partition()
        changed[key] = partition
        positions[partition] = message.offset() + 1
        record = {"deviceId": key, "seq": seq, "timestamp": timestamp, "dt": dt, "increment": increment, "value": value, "drift": tick["drift"], "volatility": tick["volatility"]}
        producer.produce(OUTPUT, orjson.dumps(record), key, partition, timestamp=timestamp)
    for key, partition in changed.items():
        seq, timestamp, value = state[key]
        producer.produce(CHANGELOG, orjson.dumps({"seq": seq, "timestamp": timestamp, "value": value}), "s/" + key, partition)
    producer.send_offsets_to_transaction([TopicPartition(INPUT, p, o) for p, o in positions.items()], consumer.consumer_group_metadata())
    producer.commit_transaction()
    producer.poll(0)
