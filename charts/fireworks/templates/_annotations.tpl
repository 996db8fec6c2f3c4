{{/*
Annotations of a Service that ALB and GKE read: the health check, and how long a websocket may stay
open. Takes a part: dict "root" $ "part" <name>.
*/}}
{{- define "fireworks.serviceAnnotations" -}}
{{- $ingress := .root.Values.ingress }}
{{- if and $ingress.enabled (has .part (list "middleware" "dashboard")) }}
{{- if eq $ingress.controller "alb" }}
alb.ingress.kubernetes.io/healthcheck-path: /readyz
alb.ingress.kubernetes.io/healthcheck-interval-seconds: "10"
{{- else if eq $ingress.controller "gce" }}
cloud.google.com/neg: '{"ingress":true}'
cloud.google.com/backend-config: '{"default":"{{ include "fireworks.partName" . }}"}'
{{- end }}
{{- end }}
{{- end }}
