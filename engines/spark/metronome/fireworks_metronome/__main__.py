"""
The clock of the stream. Spark's `rate-micro-batch` source gives one row per micro-batch. Joined to
the table of devices, a row becomes one tick of all devices.

The source counts the ticks. Each tick waits until it is due. Then the sink (TickSink, in Scala)
writes it in one transaction with the clock's position. Each start goes on from the position in
`metronome-changelog`, whichever engine wrote it. So each start deletes Spark's own checkpoint.
"""

import json
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from fireworks_engine.kafka_security import java_limits
from fireworks_engine.settings import Problem, Settings, SettingsError, parse_settings
from fireworks_engine.unknown_variables import ignored_warnings

from .device_table import DeviceTableError, PreparedDevice, devices_of_file, numbered_devices, prepare

EXIT_FAILURE = 1
EXIT_CONFIG = 78
RECORDS_PER_SECOND_MAX = 20_000
NAMES = (
    *("BROKERS", "HOST", "LOG_LEVEL", "STOP_GRACE_MS", "PARTITIONS", "STATE_DIR", "METRONOME_PORT", "METRONOME_INTERVAL_MS"),
    *("METRONOME_ADVANCE_MS", "METRONOME_DEVICES", "METRONOME_DEVICES_FILE", "METRONOME_CATCH_UP_MAX_MS", "SPARK_CHECKPOINT_DIR"),
)
ENGINE = Path(__file__).resolve().parents[2]


def log(level: str, message: str, **fields: object) -> None:
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    print(json.dumps({"level": level, "time": now, "service": "metronome", **fields, "msg": message}), flush=True)


def checked() -> tuple[Settings, list[PreparedDevice]]:
    """The checked settings and devices. Raises SettingsError with the problems."""
    settings = parse_settings(os.environ, NAMES, java_limits)
    path = settings.text("METRONOME_DEVICES_FILE")
    try:
        devices = devices_of_file(path) if path else numbered_devices(settings.number("METRONOME_DEVICES"))
    except DeviceTableError as error:
        expected = f'[{{"deviceId","drift","volatility"}}]: {error}'
        raise SettingsError([Problem("FIREWORKS_METRONOME_DEVICES_FILE", path, expected)]) from error
    interval = settings.number("METRONOME_INTERVAL_MS")
    if len(devices) * 1000 / interval > RECORDS_PER_SECOND_MAX:
        least = -(-len(devices) * 1000 // RECORDS_PER_SECOND_MAX)
        expected = f"with {len(devices)} devices an interval of at least {least} ms: at most {RECORDS_PER_SECOND_MAX} records a second"
        raise SettingsError([Problem("FIREWORKS_METRONOME_INTERVAL_MS", str(interval), expected)])
    return settings, prepare(devices, settings.number("PARTITIONS"))


def run(settings: Settings, devices: Sequence[PreparedDevice], stop: threading.Event) -> int:
    from py4j.protocol import Py4JJavaError
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.functions import broadcast, col, concat, lit, unix_millis

    folder = settings.text("SPARK_CHECKPOINT_DIR") or settings.text("STATE_DIR") + "/spark"
    jars = [ENGINE / "target/fireworks-spark.jar", *sorted((ENGINE / "target/lib").glob("*.jar"))]
    options = " ".join(
        (
            "-Dfireworks.service=metronome -Dlog4j2.configurationFile=classpath:log4j2.properties",
            # The language is always English: see java.sh.
            "-Duser.language=en -Duser.country=US -Duser.script= -Duser.variant= -Duser.language.format=en",
        )
    )
    conf = {
        "spark.master": "local[1]",
        "spark.driver.extraClassPath": os.pathsep.join(map(str, jars)),
        "spark.driver.extraJavaOptions": options,
        "spark.driver.memory": "512m",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.local.dir": f"{folder}/scratch",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.streaming.minBatchesToRetain": "2",
        # The files are always on this machine, as a restart reads none of them. See
        # LocalFiles.scala.
        "spark.hadoop.fs.file.impl": "fireworks.service.LocalFiles",
        "spark.sql.streaming.checkpointFileManagerClass": "org.apache.spark.sql.execution.streaming.FileSystemBasedCheckpointFileManager",
    }
    builder = SparkSession.builder.appName("fireworks-metronome")
    for name, value in conf.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    tick_sink = spark._jvm.fireworks.metronome.TickSink
    try:
        sink = tick_sink.create()
    except Py4JJavaError as error:
        return int(tick_sink.explain(error.java_exception))
    try:
        schedule = sink.open()
        table = spark.createDataFrame(list(devices), "partition int, key binary, head string, tail string")
        ticks = (
            spark.readStream.format("rate-micro-batch")
            .option("rowsPerBatch", 1)
            .option("numPartitions", 1)
            .option("startTimestamp", schedule.timestamp())
            .option("advanceMillisPerBatch", schedule.advanceMs())
            .load()
            .select((col("value") + schedule.first()).alias("seq"), unix_millis("timestamp").alias("timestamp"))
        )
        value = concat("head", col("seq").cast("string"), lit(',"timestamp":'), col("timestamp").cast("string"), "tail")
        records = ticks.crossJoin(broadcast(table)).select("seq", "timestamp", "partition", "key", value.cast("binary").alias("value"))
        first = schedule.first()

        def write(batch: DataFrame, number: int) -> None:
            # A batch is one tick. It waits here, because a stop ends this wait. The sink would wait
            # as well.
            if not stop.wait(max(0.0, schedule.dueMs(first + number) / 1000 - time.time())):
                sink.write(batch._jdf)

        checkpoint = Path(folder, "metronome")
        shutil.rmtree(checkpoint, ignore_errors=True)
        query = records.writeStream.queryName("metronome").option("checkpointLocation", str(checkpoint)).foreachBatch(write).start()
        while query.isActive and not stop.is_set():
            stop.wait(0.1)
        failed = query.exception() is not None
        query.stop()
    except Exception as error:  # The sink logs its own failures when it ends.
        failed = True
        log("error", "the clock has stopped", reason=str(error)[:2000])
    return int(sink.end()) or (EXIT_FAILURE if failed else 0)


def main() -> int:
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    try:
        settings, devices = checked()
    except SettingsError as error:
        for p in error.problems:
            log("fatal", "wrong setting", setting=p.name, value=p.value, expected=p.expected)
        log("fatal", "not started: the settings are wrong", problems=len(error.problems))
        return EXIT_CONFIG
    for warning in ignored_warnings(os.environ):
        log("warn", warning)
    return run(settings, devices, stop)


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # A normal exit would wait for the gateway's threads. The JVM ends together with this process.
    os._exit(code)
