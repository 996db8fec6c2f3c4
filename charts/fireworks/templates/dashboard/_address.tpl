{{/* Next listens where PORT and HOSTNAME say; a pod's HOSTNAME is its name, which would leave out every other address of it. */}}
{{- define "fireworks.nextAddress" }}
- { name: PORT, value: "3000" }
- { name: HOSTNAME, value: 0.0.0.0 }
{{- end }}
