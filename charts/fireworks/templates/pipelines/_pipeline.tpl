{{/*
The context of a pipeline's templates: list $ <name>. Its part is pipeline-<name>, and its values
are those of `pipelines.<name>` over `pipelineDefaults`.
*/}}
{{- define "fireworks.pipeline" -}}
{{- $root := index . 0 }}
{{- $name := index . 1 }}
{{- $part := printf "pipeline-%s" $name }}
{{- $own := index $root.Values.pipelines $name | default dict }}
{{- $values := mustMergeOverwrite (deepCopy $root.Values.pipelineDefaults) $own }}
part: {{ $part }}
port: 8083
image: pipelines
values:
  {{- toYaml $values | nindent 2 }}
{{- end }}
