import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.HexFormat;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Some other client of the topics: Kafka's own. Sends the records on its standard input, a line
 * each: partition, key and value in hex, "-" for null. All of them twice: in a transaction that it
 * aborts, then in one that it commits. Arguments: brokers, topic, compression.
 */
class OtherClient {
  public static void main(String[] args) throws Exception {
    var lines = new BufferedReader(new InputStreamReader(System.in)).lines().toList();
    var settings = Map.<String, Object>of(
        "bootstrap.servers", args[0],
        "compression.type", args[2],
        "transactional.id", "other-client-" + args[1],
        "max.request.size", "1048588",
        "linger.ms", "20");
    var bytes = new ByteArraySerializer();
    try (var producer = new KafkaProducer<>(settings, bytes, bytes)) {
      producer.initTransactions();
      for (var commits : new boolean[] {false, true}) {
        producer.beginTransaction();
        for (var line : lines) {
          var fields = line.split(" ", -1);
          producer.send(
              new ProducerRecord<>(args[1], Integer.parseInt(fields[0]), unhex(fields[1]), unhex(fields[2])));
        }
        producer.flush();
        if (commits) producer.commitTransaction();
        else producer.abortTransaction();
      }
    }
  }

  private static byte[] unhex(String text) {
    return text.equals("-") ? null : HexFormat.of().parseHex(text);
  }
}
