{{/* Names and labels. `kafka.fullname` is asked by the parent chart as well: with Values of this chart. */}}
{{- define "kafka.fullname" -}}
{{- printf "%s-kafka" (default .Release.Name .Values.fullnameOverride | trunc 46 | trimSuffix "-") -}}
{{- end }}

{{/* What selects the pods: never changes, for it cannot. */}}
{{- define "kafka.selectorLabels" -}}
app.kubernetes.io/name: fireworks
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: kafka
{{- end }}

{{/* Of pods: without the chart's version, which would restart them at each upgrade. */}}
{{- define "kafka.podLabels" -}}
{{ include "kafka.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: fireworks
{{- end }}

{{- define "kafka.labels" -}}
{{ include "kafka.podLabels" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "kafka.image" -}}
{{- with .Values.image }}
{{- with .registry }}{{ . }}/{{ end }}{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end }}
{{- end }}

{{/* DNS name of a node: list $ <ordinal>. */}}
{{- define "kafka.nodeHost" -}}
{{- $ := index . 0 }}
{{- $name := include "kafka.fullname" $ -}}
{{ $name }}-{{ index . 1 }}.{{ $name }}-headless.{{ $.Release.Namespace }}.svc.{{ $.Values.clusterDomain }}
{{- end }}
