{{/*
The flows: clients -> dashboard, middleware; parts -> Kafka; Prometheus -> parts; DNS. Probes come from the node, which no policy stops.
A part: dict "root" $ "part" <name> "port" <number>.
*/}}

{{- define "fireworks.policyOf" -}}
podSelector:
  matchLabels:
    {{- include "fireworks.selectorLabels" . | nindent 4 }}
policyTypes: [Ingress, Egress]
{{- end }}

{{/* From everybody, or from those named; and from the namespace, for `helm test`. */}}
{{- define "fireworks.clientIngress" -}}
{{- with .root.Values.networkPolicy.clientsFrom }}
- from:
    - podSelector: {}
    {{- toYaml . | nindent 4 }}
    {{- with $.root.Values.networkPolicy.metricsFrom }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  ports: [{ protocol: TCP, port: {{ $.port }} }]
{{- else -}}
- ports: [{ protocol: TCP, port: {{ .port }} }]
{{- end }}
{{- end }}

{{- define "fireworks.metricsIngress" -}}
- from:
    - podSelector: {}
    {{- with .root.Values.networkPolicy.metricsFrom }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  ports: [{ protocol: TCP, port: {{ .port }} }]
{{- end }}

{{/* The cluster's DNS, or a node's cache of it. */}}
{{- define "fireworks.dnsEgress" -}}
- to:
    - namespaceSelector: {}
    - ipBlock: { cidr: 169.254.20.10/32 }
  ports:
    - { protocol: UDP, port: 53 }
    - { protocol: TCP, port: 53 }
{{- end }}

{{/* DNS and Kafka. An external one has names, and policies know addresses only: so anywhere, but at its ports alone. */}}
{{- define "fireworks.kafkaEgress" -}}
{{ include "fireworks.dnsEgress" . }}
{{- with .Values.kafka.external }}
{{- if .brokers }}
{{- $ports := dict }}
{{- range .brokers }}{{ $_ := set $ports (splitList ":" . | last) true }}{{ end }}
# Kafka, wherever its names point to.
- ports:
    {{- range $port, $_ := $ports }}
    - { protocol: TCP, port: {{ $port }} }
    {{- end }}
{{- if has .sasl.mechanism (list "oauthbearer" "aws-msk-iam") }}
# Tokens come by HTTPS.
- ports: [{ protocol: TCP, port: 443 }]
{{- end }}
{{- else }}
- to:
    - podSelector:
        matchLabels:
          {{- include "fireworks.selectorLabels" (dict "root" $ "part" "kafka") | nindent 10 }}
  ports: [{ protocol: TCP, port: 9092 }]
{{- end }}
{{- end }}
{{- with .Values.networkPolicy.extraEgress }}
{{ toYaml . }}
{{- end }}
{{- end }}
