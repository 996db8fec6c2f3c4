{{/* All objects of Kafka. With an external Kafka there are none. */}}
{{- define "kafka.objects" -}}
{{- if not .Values.external.brokers }}
{{- range $kind := list "serviceaccount" "configmap" "networkpolicy" "poddisruptionbudget" "service" "statefulset" }}
---
{{ include (printf "kafka.%s" $kind) $ }}
{{- end }}
{{- end }}
{{- end }}
