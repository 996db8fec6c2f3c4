"""The PySpark metronome: the clock of the stream on Spark's `rate-micro-batch` source."""
