{{- define "kafka.configmap" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "kafka.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "kafka.labels" . | nindent 4 }}
data:
  server.properties: |
    {{- include "kafka.properties" . | trim | nindent 4 }}
  log4j2.properties: |
    {{- .Files.Get "files/log4j2.properties" | trim | nindent 4 }}
  start.sh: |
    {{- .Files.Get "files/start.sh" | trim | nindent 4 }}
  answers.sh: |
    {{- .Files.Get "files/answers.sh" | trim | nindent 4 }}
{{- end }}
