{{/* A pod of `helm test`: the command with some words. dict "root" $ "name" <object> "words" <list> "env" <text of YAML>. */}}
{{- define "fireworks.testPod" -}}
{{- $context := dict "root" .root "part" "test" -}}
apiVersion: v1
kind: Pod
metadata:
  {{- $annotations := dict "helm.sh/hook" "test" "helm.sh/hook-delete-policy" "before-hook-creation" }}
  {{- include "fireworks.metadata" (merge (dict "suffix" .name "annotations" $annotations) $context) | nindent 2 }}
spec:
  restartPolicy: Never
  {{- include "fireworks.podGuards" .root | nindent 2 }}
  containers:
    - name: {{ .name }}
      image: {{ include "fireworks.image" (list .root .root.Values.cli "cli") }}
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      args: {{ toJson .words }}
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
