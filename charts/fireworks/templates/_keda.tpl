{{/*
A ScaledObject by lag, with its TriggerAuthentication: dict "root" $ "part" <name> "keda" <values>
"replicas" <number> "groups" <list of {group, topic}>. The chart checks that maxReplicaCount does
not exceed the partitions, because more pods would be idle.
*/}}
{{- define "fireworks.scaledObject" -}}
{{- $root := .root }}
{{- $external := $root.Values.kafka.external }}
{{- $sasl := dict "plain" "plaintext" "scram-sha-256" "scram_sha256" "scram-sha-512" "scram_sha512" "oauthbearer" "oauthbearer" "aws-msk-iam" "aws_msk_iam" }}
{{- $secured := and $external.brokers (or $external.tls.enabled $external.sasl.mechanism) }}
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  {{- include "fireworks.metadata" (dict "root" $root "part" .part) | nindent 2 }}
spec:
  scaleTargetRef: { name: {{ include "fireworks.partName" . }} }
  minReplicaCount: {{ .keda.minReplicas }}
  maxReplicaCount: {{ .keda.maxReplicas }}
  pollingInterval: {{ .keda.pollingIntervalSeconds }}
  cooldownPeriod: {{ .keda.cooldownSeconds }}
  # Without a broker the lag is unknown. Then the number of pods in the values applies.
  fallback: { failureThreshold: 3, replicas: {{ min (int .replicas) (int .keda.maxReplicas) }} }
  triggers:
    {{- range .groups }}
    - type: kafka
      metadata:
        bootstrapServers: {{ include "fireworks.brokers" $root | quote }}
        consumerGroup: {{ .group | quote }}
        topic: {{ .topic | quote }}
        lagThreshold: {{ $.keda.lagThreshold | int64 | quote }}
        offsetResetPolicy: earliest
        allowIdleConsumers: "false"
        {{- if $secured }}
        tls: {{ ternary "enable" "disable" $external.tls.enabled }}
        sasl: {{ get $sasl $external.sasl.mechanism | default "none" }}
        {{- with $external.sasl.awsRegion }}
        awsRegion: {{ . }}
        {{- end }}
      authenticationRef: { name: {{ include "fireworks.partName" $ }} }
        {{- end }}
    {{- end }}
{{- if $secured }}
---
# KEDA reads the same secrets as the parts.
apiVersion: keda.sh/v1alpha1
kind: TriggerAuthentication
metadata:
  {{- include "fireworks.metadata" (dict "root" $root "part" .part) | nindent 2 }}
spec:
  {{- if eq $external.sasl.mechanism "aws-msk-iam" }}
  podIdentity: { provider: aws }
  {{- end }}
  {{- if has $external.sasl.mechanism (list "plain" "scram-sha-256" "scram-sha-512") }}
  configMapTargetRef:
    - { parameter: username, name: {{ include "fireworks.fullname" $root }}-config, key: FIREWORKS_KAFKA_SASL_USERNAME }
  {{- else if eq $external.sasl.mechanism "oauthbearer" }}
  configMapTargetRef:
    - { parameter: username, name: {{ include "fireworks.fullname" $root }}-config, key: FIREWORKS_KAFKA_OAUTH_CLIENT_ID }
    - { parameter: oauthTokenEndpointUri, name: {{ include "fireworks.fullname" $root }}-config, key: FIREWORKS_KAFKA_OAUTH_TOKEN_URL }
  {{- end }}
  {{- $tls := $external.tls }}
  {{- if or (include "fireworks.kafkaPassword" $root) $tls.caSecret $tls.clientSecret }}
  secretTargetRef:
    {{- if include "fireworks.kafkaPassword" $root }}
    - { parameter: password, name: {{ include "fireworks.kafkaPasswordSecret" $root }}, key: {{ $external.sasl.passwordKey }} }
    {{- end }}
    {{- with $tls.caSecret }}
    - { parameter: ca, name: {{ . }}, key: {{ $tls.caKey }} }
    {{- end }}
    {{- with $tls.clientSecret }}
    - { parameter: cert, name: {{ . }}, key: tls.crt }
    - { parameter: key, name: {{ . }}, key: tls.key }
    {{- end }}
  {{- end }}
{{- end }}
{{- end }}
