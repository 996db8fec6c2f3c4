{{/*
Names, labels and images. What a part's templates hand around is a "part": dict "root" $ "part" "metronome" "port" 8081.
*/}}
{{- define "fireworks.fullname" -}}
{{- default .Release.Name .Values.fullnameOverride | trunc 46 | trimSuffix "-" -}}
{{- end }}

{{- define "fireworks.partName" -}}
{{ include "fireworks.fullname" .root }}-{{ .part }}
{{- end }}

{{/* What selects the pods of a part: never changes, for it cannot. */}}
{{- define "fireworks.selectorLabels" -}}
app.kubernetes.io/name: fireworks
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{/* Of pods: without the chart's version, which would restart them at each upgrade. */}}
{{- define "fireworks.podLabels" -}}
{{ include "fireworks.selectorLabels" . }}
app.kubernetes.io/part-of: fireworks
{{- end }}

{{- define "fireworks.labels" -}}
{{ include "fireworks.podLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end }}

{{/* The metadata of an object of a part: its name (with "suffix" where given), its labels, and "annotations" where given. */}}
{{- define "fireworks.metadata" -}}
name: {{ include "fireworks.partName" . }}{{ with .suffix }}-{{ . }}{{ end }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "fireworks.labels" . | nindent 2 }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* list $ <the part's values> <the image's name> */}}
{{- define "fireworks.image" -}}
{{- $root := index . 0 }}
{{- $own := (index . 1).image }}
{{- $image := $root.Values.image }}
{{- $path := compact (list $image.registry $image.repository (index . 2)) | join "/" -}}
{{ $own | default (printf "%s:%s" $path ($image.tag | default $root.Chart.AppVersion)) }}
{{- end }}
