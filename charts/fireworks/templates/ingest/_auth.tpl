{{/* Whether requests that write records need the token. */}}
{{- define "fireworks.ingestHasToken" -}}
{{- with .Values.ingest.auth }}{{ or .existingSecret .bearerToken | empty | ternary "" "true" }}{{ end }}
{{- end }}

{{- define "fireworks.ingestSecrets" -}}
{{- if include "fireworks.ingestHasToken" . }}
- name: FIREWORKS_INGEST_BEARER_TOKEN
  valueFrom: { secretKeyRef: { name: {{ .Values.ingest.auth.existingSecret | default (printf "%s-ingest" (include "fireworks.fullname" .)) }}, key: bearer-token } }
{{- end }}
{{- end }}
