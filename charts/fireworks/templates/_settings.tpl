{{/*
Makes FIREWORKS_ variables from values. All are texts, because a ConfigMap holds nothing else.
*/}}

{{/*
A value of `config` as text. Helm reads integers as floats and prints large ones with an exponent.
*/}}
{{- define "fireworks.text" -}}
{{ ternary (int64 .) . (kindIs "float64" .) | toString }}
{{- end }}

{{/* A setting of `config` or its default: list $ <variable> <default>. */}}
{{- define "fireworks.setting" -}}
{{- $config := (index . 0).Values.config }}
{{- $name := index . 1 }}
{{- if hasKey $config $name }}{{ include "fireworks.text" (index $config $name) }}{{ else }}{{ index . 2 }}{{ end }}
{{- end }}

{{- define "fireworks.partitions" -}}
{{ include "fireworks.setting" (list . "FIREWORKS_PARTITIONS" 4) }}
{{- end }}

{{- define "fireworks.brokers" -}}
{{- $kafka := .Values.kafka }}
{{- if $kafka.external.brokers }}{{ join "," $kafka.external.brokers }}
{{- else }}{{ include "fireworks.kafkaName" . }}.{{ .Release.Namespace }}.svc.{{ $kafka.clusterDomain }}:9092
{{- end }}
{{- end }}

{{/* The settings of `config` that begin with one of the prefixes: list $ <prefixes>. */}}
{{- define "fireworks.configOf" -}}
{{- $prefixes := index . 1 }}
{{- range $name, $value := (index . 0).Values.config }}
{{- range $prefix := $prefixes }}
{{- if hasPrefix $prefix $name }}
{{ $name }}: {{ include "fireworks.text" $value | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* The settings that several parts read. */}}
{{- define "fireworks.sharedSettings" -}}
{{- $copies := .Values.kafka.external.brokers | empty | ternary .Values.kafka.nodes 3 }}
FIREWORKS_BROKERS: {{ include "fireworks.brokers" . | quote }}
FIREWORKS_STOP_GRACE_MS: {{ .Values.stopGraceMs | int64 | quote }}
FIREWORKS_REPLICATION_FACTOR: {{ include "fireworks.setting" (list . "FIREWORKS_REPLICATION_FACTOR" $copies) | quote }}
{{- include "fireworks.kafkaSettings" . }}
{{- range $name, $value := .Values.config }}
{{- $ofPart := regexMatch "^FIREWORKS_(METRONOME|PROCESSOR|MIDDLEWARE|DASHBOARD)_" $name }}
{{- if not (or $ofPart (eq $name "FIREWORKS_REPLICATION_FACTOR")) }}
{{ $name }}: {{ include "fireworks.text" $value | quote }}
{{- end }}
{{- end }}
{{- end }}

{{/* ceil(grace / 1 s) + 5 s, so a part ends by itself before it is killed. */}}
{{- define "fireworks.terminationGracePeriodSeconds" -}}
{{ add (div (add (int64 .Values.stopGraceMs) 999) 1000) 5 }}
{{- end }}
