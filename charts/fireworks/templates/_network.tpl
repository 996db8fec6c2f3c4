{{/*
The allowed traffic: clients -> dashboard, middleware; parts -> Kafka; Prometheus -> parts; DNS.
Probes come from the node, which no policy blocks. Takes a part: dict "root" $ "part" <name> "port"
<number>.
*/}}

{{- define "fireworks.policyOf" -}}
podSelector:
  matchLabels:
    {{- include "fireworks.selectorLabels" . | nindent 4 }}
policyTypes: [Ingress, Egress]
{{- end }}

{{/* Rules that the user adds to the policy of every part. */}}
{{- define "fireworks.extraIngress" -}}
{{- with .Values.networkPolicy.extraIngress }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "fireworks.extraEgress" -}}
{{- with .Values.networkPolicy.extraEgress }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Ingress from everyone, or from the given peers; and from the namespace, for `helm test`. */}}
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
{{- include "fireworks.extraIngress" .root }}
{{- end }}

{{/* Ingress from the namespace and from Prometheus; and from the peers in "also". */}}
{{- define "fireworks.metricsIngress" -}}
- from:
    - podSelector: {}
    {{- with .also }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    {{- with .root.Values.networkPolicy.metricsFrom }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  ports: [{ protocol: TCP, port: {{ .port }} }]
{{- include "fireworks.extraIngress" .root }}
{{- end }}

{{- define "fireworks.dnsEgress" -}}
{{ include "kafka.dnsEgress" (dict "root" $ "platform" .Values.platform "rules" .Values.networkPolicy) }}
{{- end }}

{{/*
Egress to DNS, to Kafka and to what the user adds. An external Kafka has names, but policies know
only addresses. So any address is allowed, but only on Kafka's ports. The port is the text after the
last colon, because [2001:db8::1]:9092 has several.
*/}}
{{- define "fireworks.kafkaEgress" -}}
{{ include "fireworks.dnsEgress" . }}
{{- with .Values.kafka.external }}
{{- if .brokers }}
{{- $ports := dict }}
{{- range .brokers }}{{ $_ := set $ports (splitList ":" . | last) true }}{{ end }}
# Kafka, at any address.
- ports:
    {{- range $port, $_ := $ports }}
    - { protocol: TCP, port: {{ $port }} }
    {{- end }}
{{- if has .sasl.mechanism (list "oauthbearer" "aws-msk-iam") }}
# OAuth tokens come over HTTPS.
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
{{- include "fireworks.extraEgress" . }}
{{- end }}
