{{/*
How the parts connect to an external Kafka: the settings, and the secrets as files. Files do not
show in the environment and may rotate.
*/}}

{{- define "fireworks.kafkaSettings" -}}
{{- with .Values.kafka.external }}
{{- if .brokers }}
{{- $files := "/etc/fireworks/kafka" }}
{{- if .tls.enabled }}
FIREWORKS_KAFKA_TLS: "true"
{{- if .tls.caSecret }}
FIREWORKS_KAFKA_TLS_CA_FILE: {{ $files }}/ca.crt
{{- end }}
{{- if .tls.clientSecret }}
FIREWORKS_KAFKA_TLS_CERT_FILE: {{ $files }}/tls.crt
FIREWORKS_KAFKA_TLS_KEY_FILE: {{ $files }}/tls.key
{{- end }}
{{- with .tls.serverName }}
FIREWORKS_KAFKA_TLS_SERVER_NAME: {{ . | quote }}
{{- end }}
{{- end }}
{{- with .sasl }}
{{- if .mechanism }}
FIREWORKS_KAFKA_SASL_MECHANISM: {{ .mechanism }}
{{- end }}
{{- if has .mechanism (list "plain" "scram-sha-256" "scram-sha-512") }}
FIREWORKS_KAFKA_SASL_USERNAME: {{ .username | quote }}
FIREWORKS_KAFKA_SASL_PASSWORD_FILE: {{ $files }}/password
{{- else if eq .mechanism "oauthbearer" }}
FIREWORKS_KAFKA_OAUTH_TOKEN_URL: {{ .oauth.tokenUrl | quote }}
FIREWORKS_KAFKA_OAUTH_CLIENT_ID: {{ .oauth.clientId | quote }}
FIREWORKS_KAFKA_OAUTH_CLIENT_SECRET_FILE: {{ $files }}/password
{{- with .oauth.scope }}
FIREWORKS_KAFKA_OAUTH_SCOPE: {{ . | quote }}
{{- end }}
{{- else if eq .mechanism "aws-msk-iam" }}
FIREWORKS_KAFKA_AWS_REGION: {{ .awsRegion | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Whether the mechanism needs a password (of a user, or of an OAuth client). */}}
{{- define "fireworks.kafkaPassword" -}}
{{- with .Values.kafka.external }}
{{- if and .brokers (has .sasl.mechanism (list "plain" "scram-sha-256" "scram-sha-512" "oauthbearer")) }}true{{ end }}
{{- end }}
{{- end }}

{{- define "fireworks.kafkaPasswordSecret" -}}
{{ .Values.kafka.external.sasl.existingSecret | default (printf "%s-kafka-client" (include "fireworks.fullname" .)) }}
{{- end }}

{{/* Sources of the volume at /etc/fireworks/kafka. Empty if none is needed. */}}
{{- define "fireworks.kafkaCredentials" -}}
{{- $external := .Values.kafka.external }}
{{- if $external.brokers }}
{{- with $external.tls }}
{{- if and .enabled .caSecret }}
- secret: { name: {{ .caSecret }}, items: [{ key: {{ .caKey }}, path: ca.crt }] }
{{- end }}
{{- if and .enabled .clientSecret }}
- secret: { name: {{ .clientSecret }}, items: [{ key: tls.crt, path: tls.crt }, { key: tls.key, path: tls.key }] }
{{- end }}
{{- end }}
{{- if include "fireworks.kafkaPassword" . }}
- secret: { name: {{ include "fireworks.kafkaPasswordSecret" . }}, items: [{ key: {{ $external.sasl.passwordKey }}, path: password }] }
{{- end }}
{{- end }}
{{- end }}
