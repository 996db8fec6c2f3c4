{{/*
Names, labels and images. Templates of a part take a "part": dict "root" $ "part" "metronome" "port"
8081. nameOverride changes names but never labels, because selectors and the CLI find the parts by
their labels.
*/}}
{{- define "fireworks.fullname" -}}
{{- $name := list .Release.Name .Values.nameOverride | compact | join "-" }}
{{- default $name .Values.fullnameOverride | trunc 46 | trimSuffix "-" -}}
{{- end }}

{{/* The name of the Kafka that the chart installs. */}}
{{- define "fireworks.kafkaName" -}}
{{- $name := .Values.kafka.nameOverride | default .Values.nameOverride }}
{{- include "kafka.fullname" (dict "Release" .Release "Values" (dict "nameOverride" $name "fullnameOverride" .Values.kafka.fullnameOverride)) }}
{{- end }}

{{- define "fireworks.partName" -}}
{{ include "fireworks.fullname" .root }}-{{ .part }}
{{- end }}

{{/* Labels that select the pods of a part. Kubernetes does not allow them to change. */}}
{{- define "fireworks.selectorLabels" -}}
app.kubernetes.io/name: fireworks
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{/*
Labels of the pods. They lack the chart's version, which would restart the pods at each upgrade.
*/}}
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

{{/*
The metadata of an object of a part: its name (with "suffix" if given), its labels, and
"annotations" if given.
*/}}
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

{{/*
The image of a part: list $ <the part's values> <the image's name>. A full reference in the part's
values is used unchanged.
*/}}
{{- define "fireworks.image" -}}
{{- $root := index . 0 }}
{{- $own := (index . 1).image }}
{{- $image := $root.Values.image }}
{{- $registry := $image.registry | default ($root.Values.global).imageRegistry }}
{{- $path := compact (list $registry $image.repository (index . 2)) | join "/" -}}
{{ $own | default (printf "%s:%s" $path ($image.tag | default $root.Chart.AppVersion)) }}
{{- end }}
