{{/* The parts that are pods of their own, and the port of each: for what is alike for all of them. */}}
{{- define "fireworks.parts" -}}
metronome: 8081
processor: 8082
middleware: 8080
dashboard: 3000
{{- end }}
