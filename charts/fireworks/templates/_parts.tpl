{{/* The parts that have pods of their own, with their ports. For objects that every part has. */}}
{{- define "fireworks.parts" -}}
metronome: 8081
processor: 8082
middleware: 8080
dashboard: 3000
{{- if .Values.ingest.enabled }}
ingest: 8084
{{- end }}
{{- end }}
