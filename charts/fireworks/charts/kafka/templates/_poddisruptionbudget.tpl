{{- define "kafka.poddisruptionbudget" -}}
{{- if .Values.podDisruptionBudget.enabled }}
# One node at a time: two of three keep the quorum and min.insync.replicas. A single node may be
# drained too, because otherwise its Kubernetes node never could be.
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "kafka.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "kafka.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      {{- include "kafka.selectorLabels" . | nindent 6 }}
{{- end }}
{{- end }}
