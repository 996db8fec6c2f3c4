{{/*
The name of the objects. The parent chart includes this too, with the values of this chart.
*/}}
{{- define "kafka.fullname" -}}
{{- $name := list .Release.Name .Values.nameOverride | compact | join "-" }}
{{- printf "%s-kafka" (default $name .Values.fullnameOverride | trunc 46 | trimSuffix "-") -}}
{{- end }}

{{/* Labels that select the pods. Kubernetes does not allow them to change. */}}
{{- define "kafka.selectorLabels" -}}
app.kubernetes.io/name: fireworks
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: kafka
{{- end }}

{{/*
Labels of the pods. They lack the chart's version, which would restart the pods at each upgrade.
*/}}
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
{{- $registry := .registry | default ($.Values.global).imageRegistry }}
{{- with $registry }}{{ . }}/{{ end }}{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end }}
{{- end }}

{{/*
imagePullSecrets of a pod, as YAML: list $ <the chart's own>. Those of `global` are added; parent
charts write them as {name} or as the name alone.
*/}}
{{- define "kafka.pullSecrets" -}}
{{- $names := list }}
{{- range concat (index . 1) (((index . 0).Values.global).imagePullSecrets | default list) }}
{{- $names = append $names (kindIs "string" . | ternary (dict "name" .) .) }}
{{- end }}
{{- with $names | uniq }}
{{- toYaml . }}
{{- end }}
{{- end }}

{{/* Whether the platform chooses the user of each pod: list $ <the value platform>. */}}
{{- define "kafka.openshift" -}}
{{- $platform := index . 1 | default "auto" }}
{{- $found := (index . 0).Capabilities.APIVersions.Has "security.openshift.io/v1" }}
{{- if or (eq $platform "openshift") (and (eq $platform "auto") $found) }}true{{ end }}
{{- end }}

{{/* Ports of DNS: list $ <the value platform> <networkPolicy.dnsPorts>. */}}
{{- define "kafka.dnsPorts" -}}
{{- $ports := index . 2 }}
{{- /* OpenShift's DNS pods listen on 5353, and its policies check the port behind the Service. */}}
{{- if include "kafka.openshift" (list (index . 0) (index . 1)) }}{{ $ports = append $ports 5353 }}{{ end }}
{{- range $ports | uniq }}
- { protocol: UDP, port: {{ int . }} }
- { protocol: TCP, port: {{ int . }} }
{{- end }}
{{- end }}

{{/* DNS, as an egress rule: dict "root" $ "platform" <value> "rules" <networkPolicy>. */}}
{{- define "kafka.dnsEgress" -}}
# DNS of the cluster, or a cache of it on the node.
- to:
    - namespaceSelector: {}
    {{- range .rules.dnsAddresses }}
    - ipBlock: { cidr: {{ . | quote }} }
    {{- end }}
  ports:
    {{- include "kafka.dnsPorts" (list .root .platform .rules.dnsPorts) | trim | nindent 4 }}
{{- end }}

{{/* DNS name of a node: list $ <ordinal>. */}}
{{- define "kafka.nodeHost" -}}
{{- $ := index . 0 }}
{{- $name := include "kafka.fullname" $ -}}
{{ $name }}-{{ index . 1 }}.{{ $name }}-headless.{{ $.Release.Namespace }}.svc.{{ $.Values.clusterDomain }}
{{- end }}
