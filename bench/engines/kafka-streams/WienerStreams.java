import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * The external reference of the comparison: the same job on Kafka Streams, exactly once (v2), with
 * an in-memory store and its changelog. It does not check its input, so it has no dead letters. It
 * reads the same environment variables as Fireworks' processor, and also uses one thread.
 */
class WienerStreams {
  public static void main(String[] args) {
    var env = System.getenv();
    var seed = Long.parseUnsignedLong(env.getOrDefault("FIREWORKS_SEED", "0"));
    var topology = new Topology();
    topology.addSource("ticks", Serdes.String().deserializer(), Serdes.ByteArray().deserializer(), env.get("FIREWORKS_TOPIC_METRONOME"));
    topology.addProcessor("wiener", () -> new Wiener(seed), "ticks");
    topology.addStateStore(Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore("paths"), Serdes.String(), Serdes.ByteArray()), "wiener");
    topology.addSink(
        "records",
        env.get("FIREWORKS_TOPIC_WIENER"),
        Serdes.String().serializer(),
        Serdes.ByteArray().serializer(),
        "wiener");

    var settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, env.get("FIREWORKS_PROCESSOR_GROUP"));
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, env.get("FIREWORKS_BROKERS"));
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, env.get("STATE_DIR"));
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    // 100 ms is the default of Kafka Streams with exactly once. A record becomes visible only with
    // the next commit, so this interval is part of its latency.
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, Integer.parseInt(env.getOrDefault("COMMIT_INTERVAL_MS", "100")));
    settings.put("session.timeout.ms", env.getOrDefault("FIREWORKS_PROCESSOR_SESSION_TIMEOUT_MS", "6000"));
    settings.put("heartbeat.interval.ms", "500");
    settings.put("auto.offset.reset", "earliest");

    var streams = new KafkaStreams(topology, settings);
    Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
    streams.start();
  }

  /** The step: record N-1, which is in the store, and record N give the next value. */
  private static final class Wiener implements Processor<String, byte[], String, byte[]> {
    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, Long> words = new HashMap<>();
    private final long seed;
    private ProcessorContext<String, byte[]> context;
    private KeyValueStore<String, byte[]> paths;

    Wiener(long seed) {
      this.seed = seed;
    }

    @Override
    public void init(ProcessorContext<String, byte[]> context) {
      this.context = context;
      paths = context.getStateStore("paths");
    }

    @Override
    public void process(Record<String, byte[]> record) {
      try {
        step(record, json.readTree(record.value()));
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    private void step(Record<String, byte[]> record, JsonNode tick) throws java.io.IOException {
      var deviceId = tick.get("deviceId").textValue();
      long seq = tick.get("seq").longValue(), timestamp = tick.get("timestamp").longValue();
      double drift = tick.get("drift").doubleValue(), volatility = tick.get("volatility").doubleValue();
      double dt = 0, increment = 0, value = 0;
      var stored = paths.get(deviceId);
      if (stored != null) {
        var previous = json.readTree(stored);
        if (seq <= previous.get("seq").longValue()) return;
        dt = (timestamp - previous.get("timestamp").longValue()) / 1000.0;
        var z = Noise.noise(seed, words.computeIfAbsent(deviceId, Noise::deviceWords), seq);
        increment = drift * dt + volatility * Math.sqrt(dt) * z;
        value = previous.get("value").doubleValue() + increment;
      }
      paths.put(deviceId, json.writeValueAsBytes(json.createObjectNode().put("seq", seq).put("timestamp", timestamp).put("value", value)));
      var output =
          json.createObjectNode()
              .put("deviceId", deviceId).put("seq", seq).put("timestamp", timestamp)
              .put("dt", dt).put("increment", increment).put("value", value)
              .put("drift", drift).put("volatility", volatility);
      context.forward(new Record<>(deviceId, json.writeValueAsBytes(output), timestamp));
    }
  }
}
