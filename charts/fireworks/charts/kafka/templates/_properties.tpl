{{/*
server.properties without the lines that differ from node to node, which start.sh adds. It is like
the local system's (packages/local-kafka), but there may be three nodes.
*/}}
{{- define "kafka.properties" -}}
{{- $one := eq (int .Values.nodes) 1 }}
{{- $voters := list }}
{{- range $i := until (int .Values.nodes) }}
{{- $voters = append $voters (printf "%d@%s:9093" $i (include "kafka.nodeHost" (list $ $i))) }}
{{- end }}
{{- $copies := ternary "1" "3" $one }}
{{- $inSync := ternary "1" "2" $one }}
{{- $properties := dict
  "process.roles" "broker,controller"
  "controller.quorum.voters" (join "," $voters)
  "listeners" "CLIENT://:9092,CONTROLLER://:9093"
  "listener.security.protocol.map" "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT"
  "inter.broker.listener.name" "CLIENT"
  "controller.listener.names" "CONTROLLER"
  "log.dirs" "/var/lib/kafka/data"
  "auto.create.topics.enable" "false"
  "default.replication.factor" $copies
  "min.insync.replicas" $inSync
  "offsets.topic.replication.factor" $copies
  "offsets.topic.num.partitions" (ternary "4" "16" $one)
  "offsets.topic.segment.bytes" "8388608"
  "transaction.state.log.replication.factor" $copies
  "transaction.state.log.min.isr" $inSync
  "transaction.state.log.num.partitions" (ternary "4" "16" $one)
  "transaction.state.log.segment.bytes" "8388608"
  "share.coordinator.state.topic.replication.factor" $copies
  "share.coordinator.state.topic.min.isr" $inSync
  "share.coordinator.state.topic.num.partitions" "1"
  "group.initial.rebalance.delay.ms" (ternary "0" "1000" $one)
  "transaction.abort.timed.out.transaction.cleanup.interval.ms" "1000"
  "metadata.max.idle.interval.ms" "5000"
  "num.network.threads" "2"
  "num.io.threads" "4"
  "num.recovery.threads.per.data.dir" "2"
  "background.threads" "4"
  "log.cleaner.dedupe.buffer.size" "16777216"
}}
{{- if $one }}
{{- /*
After a kill, the controller refuses the broker until its old session has ended. With less than 6 s,
a busy machine fences its only broker (seen at 3 s).
*/}}
{{- $_ := set $properties "broker.session.timeout.ms" "6000" }}
{{- $_ := set $properties "broker.heartbeat.interval.ms" "1000" }}
{{- end }}
{{- range $key, $value := .Values.properties }}
{{- $_ := set $properties $key (ternary (int64 $value) $value (kindIs "float64" $value) | toString) }}
{{- end }}
{{- range $key, $value := $properties }}
{{ $key }}={{ $value }}
{{- end }}
{{- end }}
