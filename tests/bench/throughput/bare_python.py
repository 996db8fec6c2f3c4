"""The bare loop on librdkafka: transactional, noise included, a changelog; one process, as Python has it."""

import hashlib
import json
import math
import os
import signal
import struct
import sys

from confluent_kafka import Consumer, Producer, TopicPartition

sys.path.insert(0, os.path.dirname(__file__))
from python_noise import noise  # noqa: E402

BROKERS, INPUT, OUTPUT, CHANGELOG, GROUP = (os.environ[n] for n in ("BROKERS", "INPUT", "OUTPUT", "CHANGELOG", "GROUP"))
BATCH = 10_000

signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
consumer = Consumer({"bootstrap.servers": BROKERS, "group.id": GROUP, "isolation.level": "read_committed", "enable.auto.commit": False, "auto.offset.reset": "earliest"})
producer = Producer({"bootstrap.servers": BROKERS, "transactional.id": OUTPUT, "linger.ms": 5, "queue.buffering.max.messages": 1_000_000})
producer.init_transactions()
consumer.subscribe([INPUT])

state = {}
words = {}


def words_of(device_id):
    w = words.get(device_id)
    if w is None:
        w = words[device_id] = struct.unpack(">II", hashlib.sha256(device_id.encode()).digest()[:8])
    return w


while True:
    messages = [m for m in consumer.consume(BATCH, timeout=0.2) if m.error() is None]
    if not messages:
        continue
    producer.begin_transaction()
    positions = {}
    changed = {}
    for message in messages:
        tick = json.loads(message.value())
        key, seq, timestamp = tick["deviceId"], tick["seq"], tick["timestamp"]
        previous = state.get(key)
        if previous is None:
            dt = increment = value = 0.0
        else:
            dt = (timestamp - previous[1]) / 1000
            increment = tick["drift"] * dt + tick["volatility"] * math.sqrt(dt) * noise(0, words_of(key), seq)
            value = previous[2] + increment
        state[key] = (seq, timestamp, value)
        partition = message.partition()
        changed[key] = partition
        positions[partition] = message.offset() + 1
        record = {"deviceId": key, "seq": seq, "timestamp": timestamp, "dt": dt, "increment": increment, "value": value, "drift": tick["drift"], "volatility": tick["volatility"]}
        producer.produce(OUTPUT, json.dumps(record, separators=(",", ":")), key, partition, timestamp=timestamp)
    for key, partition in changed.items():
        seq, timestamp, value = state[key]
        producer.produce(CHANGELOG, json.dumps({"seq": seq, "timestamp": timestamp, "value": value}), "s/" + key, partition)
    producer.send_offsets_to_transaction([TopicPartition(INPUT, p, o) for p, o in positions.items()], consumer.consumer_group_metadata())
    producer.commit_transaction()
    producer.poll(0)
