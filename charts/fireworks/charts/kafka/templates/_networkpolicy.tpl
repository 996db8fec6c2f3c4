{{- define "kafka.networkpolicy" -}}
{{- if .Values.networkPolicy.enabled }}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "kafka.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "kafka.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "kafka.selectorLabels" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    # Clients: the parts of this release, its audit and its tests.
    - from:
        - podSelector:
            matchLabels:
              app.kubernetes.io/instance: {{ .Release.Name }}
        {{- with .Values.networkPolicy.from }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      ports:
        - { protocol: TCP, port: 9092 }
    - from:
        - podSelector:
            matchLabels:
              {{- include "kafka.selectorLabels" . | nindent 14 }}
      ports:
        - { protocol: TCP, port: 9093 }
    {{- with .Values.networkPolicy.extraIngress }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  egress:
    - to:
        - podSelector:
            matchLabels:
              {{- include "kafka.selectorLabels" . | nindent 14 }}
      ports:
        - { protocol: TCP, port: 9092 }
        - { protocol: TCP, port: 9093 }
    {{- include "kafka.dnsEgress" (dict "root" $ "platform" .Values.platform "rules" .Values.networkPolicy) | nindent 4 }}
    {{- with .Values.networkPolicy.extraEgress }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}
{{- end }}
