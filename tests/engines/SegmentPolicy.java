import java.util.Map;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.server.policy.CreateTopicPolicy;

/** A policy as shared clusters have it: no topic with small segments, but for the broker's own. */
public class SegmentPolicy implements CreateTopicPolicy {
  private static final long LEAST = 52428800;

  @Override
  public void validate(RequestMetadata topic) {
    var bytes = topic.configs().get("segment.bytes");
    if (!topic.topic().startsWith("__") && bytes != null && Long.parseLong(bytes) < LEAST) {
      throw new PolicyViolationException("segment.bytes must be at least " + LEAST);
    }
  }

  @Override
  public void configure(Map<String, ?> configs) {}

  @Override
  public void close() {}
}
