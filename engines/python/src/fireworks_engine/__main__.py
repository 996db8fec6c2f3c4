"""The processor as a service: settings, log, health checks and an orderly shutdown.

Exit codes: 0 stopped in order, 1 a failure, 78 wrong settings or topics.
"""

import os
import signal
import sys
import threading
from typing import NoReturn

from . import exit_codes
from .access import Access
from .errors import StreamsError
from .health import HealthServer
from .json_log import JsonLog
from .kafka_client import client_config
from .metrics import Metrics
from .refused_keys import RefusedKeys
from .run import Processor
from .runtime import Runtime
from .settings import Settings, SettingsError, parse_settings
from .topics import processor_topics
from .unknown_variables import ignored_warnings

SERVICE = "processor"
#: Limits of one transaction: its input records, and the bytes it writes unless one record has more.
TRANSACTION_RECORDS_MAX = 4_000
TRANSACTION_BYTES_MAX = 4_000_000


def main() -> NoReturn:
    code = _live()
    sys.stdout.flush()
    # A normal exit would wait for librdkafka's threads, which may be waiting for an unreachable
    # broker. Nothing they do is needed any more.
    os._exit(code)


def _live() -> int:
    try:
        settings = parse_settings(os.environ)
        log = JsonLog(SERVICE, settings.text("LOG_LEVEL"))
        for warning in ignored_warnings(os.environ):
            log.warn(warning)
        runtime = _runtime(settings, log)
    except SettingsError as error:
        log = JsonLog(SERVICE, "info")
        for problem in error.problems:
            log.fatal("wrong setting", setting=problem.name, value=problem.value, expected=problem.expected)
        log.fatal("not started: the settings are wrong", problems=len(error.problems))
        return exit_codes.CONFIG
    try:
        _serve(settings, runtime)
    except StreamsError as error:
        # After a restart the step may get another record, or run in a newer build. So a step that
        # threw is an ordinary failure.
        code = exit_codes.CONFIG if error.fatal and error.code != "stage-failed" else exit_codes.FAILURE
        log.fatal(str(error), error, exitCode=code)
        return code
    except Exception as error:
        log.fatal("failed", error)
        return exit_codes.FAILURE
    log.info("stopped in order")
    return exit_codes.OK


def _runtime(settings: Settings, log: JsonLog) -> Runtime:
    access = Access(settings)
    metrics = Metrics()
    return Runtime(
        client=client_config(settings, log, access),
        access=access,
        topics=processor_topics(settings),
        log=log,
        metrics=metrics,
        refused=RefusedKeys(log, metrics.registry),
        seed=settings.text("SEED"),
        group=settings.text("PROCESSOR_GROUP"),
        session_timeout_ms=settings.number("PROCESSOR_SESSION_TIMEOUT_MS"),
        records_max=TRANSACTION_RECORDS_MAX,
        bytes_max=TRANSACTION_BYTES_MAX,
    )


def _serve(settings: Settings, runtime: Runtime) -> None:
    stop = threading.Event()
    _stop_on_signals(stop, runtime.log, settings.number("STOP_GRACE_MS"))
    processor = Processor(runtime)
    server = HealthServer(
        settings.text("HOST"),
        settings.number("PROCESSOR_PORT"),
        processor.not_live,
        processor.not_ready,
        runtime.metrics.registry,
        {"/refused": runtime.refused.page},
    )
    runtime.log.info("health and metrics are served", port=server.port)
    try:
        processor.run(stop)
    finally:
        server.close()


def _stop_on_signals(stop: threading.Event, log: JsonLog, grace_ms: int) -> None:
    def out_of_time() -> None:
        log.error("not stopped within the grace time: ending anyway", graceMs=grace_ms)
        os._exit(exit_codes.FAILURE)

    def on_signal(number: int, _frame: object) -> None:
        if stop.is_set():
            return
        log.info("stopping", signal=signal.Signals(number).name, graceMs=grace_ms)
        stop.set()
        timer = threading.Timer(grace_ms / 1_000, out_of_time)
        timer.daemon = True
        timer.start()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)


if __name__ == "__main__":
    main()
