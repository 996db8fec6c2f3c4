{{/*
Checks that a schema cannot make: values that are wrong only in combination. The shared ConfigMap
includes this once.
*/}}
{{- define "fireworks.checks" -}}
{{- $v := .Values }}
{{- if not $v.enabled }}
{{- fail "enabled is false, and no condition reads it: add `condition: <this chart's name>.enabled` to the dependency in the parent's Chart.yaml" }}
{{- end }}
{{- $partitions := int (include "fireworks.partitions" .) }}
{{- $most := dict "processor.replicas" $v.processor.replicas }}
{{- if $v.processor.autoscaling.enabled }}{{ $_ := set $most "processor.autoscaling.maxReplicas" $v.processor.autoscaling.maxReplicas }}{{ end }}
{{- if $v.processor.keda.enabled }}{{ $_ := set $most "processor.keda.maxReplicas" $v.processor.keda.maxReplicas }}{{ end }}
{{- range $name, $count := $most }}
{{- if gt (int $count) $partitions }}
{{- fail (printf "%s is %d, and there are %d partitions: more processors would be idle" $name (int $count) $partitions) }}
{{- end }}
{{- end }}
{{- if and $v.processor.autoscaling.enabled $v.processor.keda.enabled }}
{{- fail "processor.autoscaling and processor.keda are both enabled: only one of them can scale the processor" }}
{{- end }}
{{- if and (eq $v.processor.engine "spark") (or $v.processor.autoscaling.enabled $v.processor.keda.enabled) }}
{{- fail "processor.engine spark has one driver, which processor.autoscaling and processor.keda cannot scale: set processor.spark.executors" }}
{{- end }}
{{- range $name := list "processor" "middleware" "dashboard" }}
{{- with (index $v $name).autoscaling }}
{{- if and .enabled (gt (int .minReplicas) (int .maxReplicas)) }}
{{- fail (printf "%s.autoscaling: minReplicas is above maxReplicas" $name) }}
{{- end }}
{{- end }}
{{- end }}
{{- if and $v.processor.keda.enabled (gt (int $v.processor.keda.minReplicas) (int $v.processor.keda.maxReplicas)) }}
{{- fail "processor.keda: minReplicas is above maxReplicas" }}
{{- end }}
{{- if and $v.ingest.enabled (ne $v.ingest.service.type "ClusterIP") (not (include "fireworks.ingestHasToken" .)) }}
{{- fail (printf "ingest.service.type %s lets anyone outside of the cluster write records: set ingest.auth.existingSecret or ingest.auth.bearerToken" $v.ingest.service.type) }}
{{- end }}
{{- if and $v.ingress.enabled $v.httpRoute.enabled }}
{{- fail "ingress and httpRoute are both enabled: the page has only one websocket address, so enable one of them" }}
{{- end }}
{{- if and $v.ingress.enabled (not $v.ingress.host) }}{{ fail "ingress.enabled needs ingress.host" }}{{ end }}
{{- if and $v.httpRoute.enabled (not (and $v.httpRoute.host $v.httpRoute.parentRefs)) }}{{ fail "httpRoute.enabled needs httpRoute.host and httpRoute.parentRefs" }}{{ end }}
{{- if and $v.priorityClass.create (not $v.priorityClass.name) }}{{ fail "priorityClass.create needs priorityClass.name" }}{{ end }}
{{- include "fireworks.kafkaChecks" . }}
{{- end }}

{{- define "fireworks.kafkaChecks" -}}
{{- with .Values.kafka.external }}
{{- if and (not .brokers) (or .tls.enabled .sasl.mechanism) }}
{{- fail "kafka.external.tls and kafka.external.sasl are for an external Kafka, but kafka.external.brokers is empty" }}
{{- end }}
{{- $mechanism := .sasl.mechanism }}
{{- if and (has $mechanism (list "plain" "scram-sha-256" "scram-sha-512")) (not .sasl.username) }}
{{- fail (printf "kafka.external.sasl.mechanism %s needs a username" $mechanism) }}
{{- end }}
{{- if and (has $mechanism (list "plain" "scram-sha-256" "scram-sha-512" "oauthbearer")) (not (or .sasl.existingSecret .sasl.password)) }}
{{- fail (printf "kafka.external.sasl.mechanism %s needs existingSecret or password" $mechanism) }}
{{- end }}
{{- if and (eq $mechanism "oauthbearer") (not (and .sasl.oauth.tokenUrl .sasl.oauth.clientId)) }}
{{- fail "kafka.external.sasl.mechanism oauthbearer needs oauth.tokenUrl and oauth.clientId" }}
{{- end }}
{{- if and (eq $mechanism "aws-msk-iam") (not (and .sasl.awsRegion .tls.enabled)) }}
{{- fail "kafka.external.sasl.mechanism aws-msk-iam needs awsRegion and tls.enabled: MSK accepts it only with TLS" }}
{{- end }}
{{- if and (has $mechanism (list "plain" "oauthbearer")) (not .tls.enabled) }}
{{- fail (printf "kafka.external.sasl.mechanism %s without tls.enabled would send the secret in the clear" $mechanism) }}
{{- end }}
{{- end }}
{{- end }}
