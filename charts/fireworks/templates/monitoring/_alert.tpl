{{/*
One alert: dict "root" $ "name" <Alert> "expr" <PromQL> "for" <duration> "severity" <severity>
"summary" <sentence>. The runbook has a section of the same name.
*/}}
{{- define "fireworks.alert" -}}
- alert: {{ .name }}
  expr: {{ .expr | quote }}
  for: {{ .for }}
  labels:
    severity: {{ .severity }}
  annotations:
    summary: {{ .summary | quote }}
    runbook_url: {{ .root.Values.prometheusRule.runbookUrl }}#{{ lower .name }}
{{- end }}
