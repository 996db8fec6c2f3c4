{{- define "fireworks.authSecret" -}}
{{ .Values.middleware.auth.existingSecret | default (printf "%s-middleware" (include "fireworks.fullname" .)) }}
{{- end }}

{{/*
The secret with which the page's server authenticates to the middleware, so that the middleware
counts browsers and not the page's pods. The Secret may lack it. Then all browsers that a pod of the
page relays count as one address.
*/}}
{{- define "fireworks.relaySecret" -}}
{{- if or .Values.middleware.auth.existingSecret .Values.middleware.auth.relaySecret }}
- name: FIREWORKS_RELAY_SECRET
  valueFrom: { secretKeyRef: { name: {{ include "fireworks.authSecret" . }}, key: relay-secret, optional: true } }
{{- end }}
{{- end }}

{{/* The variables of the middleware's secrets. `helm test` needs the token as well. */}}
{{- define "fireworks.middlewareSecrets" -}}
{{- $secret := include "fireworks.authSecret" . }}
{{- with .Values.middleware.auth }}
{{- if or .existingSecret .bearerToken .ticketSecret }}
- name: FIREWORKS_MIDDLEWARE_BEARER_TOKEN
  valueFrom: { secretKeyRef: { name: {{ $secret }}, key: bearer-token, optional: true } }
- name: FIREWORKS_MIDDLEWARE_TICKET_SECRET
  valueFrom: { secretKeyRef: { name: {{ $secret }}, key: ticket-secret, optional: true } }
{{- end }}
{{- end }}
{{- end }}
