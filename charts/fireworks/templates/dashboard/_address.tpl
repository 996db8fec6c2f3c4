{{/*
Next listens on PORT and HOSTNAME. In a pod, HOSTNAME is the pod's name, and Next would not listen
on the pod's other addresses.
*/}}
{{- define "fireworks.nextAddress" }}
- { name: PORT, value: "3000" }
- { name: HOSTNAME, value: {{ .Values.listenAddress | quote }} }
{{- end }}
