{{/* The address at which browsers find the system: that of the Ingress or the HTTPRoute. */}}

{{/* scheme://host, or nothing if there is neither: list <scheme without TLS> <with TLS> $. */}}
{{- define "fireworks.publicUrl" -}}
{{- $values := (index . 2).Values }}
{{- if $values.ingress.enabled }}
{{- index . (ternary 1 0 $values.ingress.tls.enabled) }}://{{ $values.ingress.host }}
{{- else if $values.httpRoute.enabled }}
{{- index . (ternary 1 0 $values.httpRoute.tls) }}://{{ $values.httpRoute.host }}
{{- end }}
{{- end }}

{{- define "fireworks.websocketUrl" -}}
{{- $public := include "fireworks.publicUrl" (list "ws" "wss" .) }}
{{- .Values.dashboard.websocketUrl | default (ternary (printf "%s/ws" $public) "" (ne $public "")) }}
{{- end }}

{{- define "fireworks.origins" -}}
{{- $public := include "fireworks.publicUrl" (list "http" "https" .) }}
{{- if .Values.middleware.origins }}{{ join "," .Values.middleware.origins }}
{{- else }}{{ $public | default "http://localhost:3000,http://127.0.0.1:3000" }}
{{- end }}
{{- end }}

{{- define "fireworks.proxyHops" -}}
{{- $hops := int .Values.middleware.proxyHops }}
{{- if ge $hops 0 }}{{ $hops }}{{ else if or .Values.ingress.enabled .Values.httpRoute.enabled }}1{{ else }}0{{ end }}
{{- end }}
