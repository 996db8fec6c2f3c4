{{/*
What the pods of all parts share. Each template takes a part: dict "root" $ "part" <name> "port"
<number> ["values"].
*/}}

{{/* The pod without its containers and volumes. */}}
{{- define "fireworks.podSpec" -}}
{{- $values := index .root.Values .part -}}
serviceAccountName: {{ include "fireworks.partName" . }}
{{ include "fireworks.podGuards" .root }}
terminationGracePeriodSeconds: {{ include "fireworks.terminationGracePeriodSeconds" .root }}
topologySpreadConstraints:
  {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "fireworks.selectorLabels" $ | nindent 8 }}
    # Each rollout is spread by itself: the old pods do not count.
    matchLabelKeys: [pod-template-hash]
  {{- end }}
{{- with $values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/*
Every pod has this, those of `helm test` too: Pod Security "restricted", no token, and no variables
of Services (a FIREWORKS_ variable that resembles a setting would stop a part). OpenShift gives each
namespace its own user and refuses any other. The images run as any user.
*/}}
{{- define "fireworks.podGuards" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  {{- if not (include "kafka.openshift" (list . .Values.platform)) }}
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  {{- end }}
  seccompProfile: { type: RuntimeDefault }
{{- with .Values.priorityClass.name }}
priorityClassName: {{ . }}
{{- end }}
{{- with include "kafka.pullSecrets" (list . .Values.image.pullSecrets) }}
imagePullSecrets:
  {{- . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "fireworks.containerGuards" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}

{{/*
The part's container. Its own env and volumeMounts are passed as "env" and "mounts" (YAML text), its
arguments as "args" (a list).
*/}}
{{- define "fireworks.container" -}}
{{- $values := index .root.Values .part -}}
name: {{ .part }}
image: {{ include "fireworks.image" (list .root $values (.image | default .part)) }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
{{- with .args }}
args: {{ toJson . }}
{{- end }}
{{ include "fireworks.containerGuards" . }}
ports:
  - { name: http, containerPort: {{ .port }} }
envFrom:
  {{- if not .alone }}
  - configMapRef: { name: {{ include "fireworks.fullname" .root }}-config }
  {{- end }}
  - configMapRef: { name: {{ include "fireworks.partName" . }} }
{{- with .env }}
env:
  {{- . | trim | nindent 2 }}
{{- end }}
{{ include "fireworks.probes" . }}
resources:
  {{- toYaml $values.resources | nindent 2 }}
{{- $mounts := trim (printf "%s\n%s" (.mounts | default "") (ternary "" (include "fireworks.kafkaMount" .root) (.alone | default false))) }}
{{- with $mounts }}
volumeMounts:
  {{- . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "fireworks.kafkaMount" -}}
{{- if include "fireworks.kafkaCredentials" . }}
- { name: kafka-credentials, mountPath: /etc/fireworks/kafka, readOnly: true }
{{- end }}
{{- end }}

{{- define "fireworks.kafkaVolume" -}}
{{- with include "fireworks.kafkaCredentials" . }}
- name: kafka-credentials
  projected:
    defaultMode: 0440
    sources:
      {{- . | trim | nindent 6 }}
{{- end }}
{{- end }}

{{/*
Probes. Started: the process answers, even if it still waits for Kafka. Ready: it works now. Live:
it can still recover by itself. Liveness is checked rarely and patiently, because a busy part is not
dead.
*/}}
{{- define "fireworks.probes" -}}
startupProbe:
  httpGet: { path: /livez, port: http }
  periodSeconds: 1
  timeoutSeconds: 3
  failureThreshold: 90
readinessProbe:
  httpGet: { path: /readyz, port: http }
  periodSeconds: 3
  timeoutSeconds: 3
  failureThreshold: 2
livenessProbe:
  httpGet: { path: /livez, port: http }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
{{- end }}

{{/*
Checksums that restart the pods if what they read at the start has changed. They cover the data, not
the labels of the objects that hold it.
*/}}
{{- define "fireworks.podMetadata" -}}
{{- $values := index .root.Values .part -}}
labels:
  {{- include "fireworks.podLabels" . | nindent 2 }}
  {{- with $values.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
annotations:
  {{- range $name, $text := .checksums }}
  checksum/{{ $name }}: {{ $text | sha256sum }}
  {{- end }}
  {{- with $values.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{- define "fireworks.service" -}}
{{- $values := (index .root.Values .part).service -}}
{{- $nodePort := $values.nodePort -}}
type: {{ $values.type }}
{{ include "kafka.ipFamilies" .root }}
{{- with $values.loadBalancerClass }}
loadBalancerClass: {{ . }}
{{- end }}
{{- with $values.externalTrafficPolicy }}
externalTrafficPolicy: {{ . }}
{{- end }}
selector:
  {{- include "fireworks.selectorLabels" . | nindent 2 }}
ports:
  - name: http
    port: 80
    targetPort: http
    appProtocol: http
  # The local system uses the same port, so the same address works in both.
  - name: http-{{ .port }}
    port: {{ .port }}
    targetPort: http
    appProtocol: http
    {{- with $nodePort }}
    nodePort: {{ . }}
    {{- end }}
{{- end }}

{{- define "fireworks.nodeOptions" -}}
{{- with (index .root.Values .part).nodeOptions }}
- { name: NODE_OPTIONS, value: {{ . | quote }} }
{{- end }}
{{- end }}

{{/*
Kafka's secret from the values, for checksums. The content of existing Secrets is not known here.
*/}}
{{- define "fireworks.secretText" -}}
{{ .Values.kafka.external.sasl.password }}
{{- end }}
