{{/*
A pod of `helm test`, which runs the CLI: dict "root" $ "name" <object> "command" <list> "env" <YAML
text>. "program" (a list) is run instead of the CLI if it is given.
*/}}
{{- define "fireworks.testPod" -}}
{{- $context := dict "root" .root "part" "test" -}}
{{- $cli := .root.Values.cli -}}
apiVersion: v1
kind: Pod
metadata:
  {{- $hook := dict "helm.sh/hook" "test" "helm.sh/hook-delete-policy" "before-hook-creation" }}
  {{- include "fireworks.metadata" (merge (dict "suffix" .name "annotations" (merge $hook $cli.podAnnotations) "labels" $cli.podLabels) $context) | nindent 2 }}
spec:
  restartPolicy: Never
  {{- include "fireworks.podGuards" .root | nindent 2 }}
  containers:
    - name: {{ .name }}
      image: {{ include "fireworks.image" (list .root .root.Values.cli "cli") }}
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      {{- with .program }}
      command: {{ toJson . }}
      {{- end }}
      args: {{ toJson .command }}
      {{- include "fireworks.containerGuards" . | nindent 6 }}
      envFrom:
        - configMapRef: { name: {{ include "fireworks.fullname" .root }}-config }
      {{- with .env }}
      env:
        {{- . | trim | nindent 8 }}
      {{- end }}
      resources:
        {{- toYaml .root.Values.cli.resources | nindent 8 }}
      {{- with include "fireworks.kafkaMount" .root | trim }}
      volumeMounts:
        {{- . | nindent 8 }}
      {{- end }}
  {{- with include "fireworks.kafkaVolume" .root | trim }}
  volumes:
    {{- . | nindent 4 }}
  {{- end }}
{{- end }}
