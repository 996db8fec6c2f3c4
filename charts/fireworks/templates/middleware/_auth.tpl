{{/* The variables of the middleware's secrets. `helm test` needs the token as well. */}}
{{- define "fireworks.middlewareSecrets" -}}
{{- $secret := .Values.middleware.auth.existingSecret | default (printf "%s-middleware" (include "fireworks.fullname" .)) }}
{{- with .Values.middleware.auth }}
{{- if or .existingSecret .bearerToken .ticketSecret }}
- name: FIREWORKS_MIDDLEWARE_BEARER_TOKEN
  valueFrom: { secretKeyRef: { name: {{ $secret }}, key: bearer-token, optional: true } }
- name: FIREWORKS_MIDDLEWARE_TICKET_SECRET
  valueFrom: { secretKeyRef: { name: {{ $secret }}, key: ticket-secret, optional: true } }
{{- end }}
{{- end }}
{{- end }}
