{{/*
Values that an upgrade cannot change. Kubernetes would refuse a change of the StatefulSet's claims
in the middle of an upgrade, and Kafka a change of its nodes. So each is refused here, before
anything changes.
*/}}
{{- define "kafka.unchangeable" -}}
{{- $name := include "kafka.fullname" . }}
{{- $namespace := .Release.Namespace }}
{{- with lookup "apps/v1" "StatefulSet" $namespace $name }}
{{- $running := int .spec.replicas }}
{{- if and (gt $running 0) (ne $running (int $.Values.nodes)) }}
{{- fail (printf "kafka.nodes is %d, and %d are installed. The quorum and the copies of the internal topics are made at the first start. Keep %d, or install a second release with %d and move to it." (int $.Values.nodes) $running $running (int $.Values.nodes)) }}
{{- end }}
{{- $claims := .spec.volumeClaimTemplates }}
{{- $wanted := $.Values.persistence }}
{{- if ne (empty $claims) (not $wanted.enabled) }}
{{- fail (printf "kafka.persistence.enabled is %t, and %t is installed: the data would be lost. Keep it, or delete the StatefulSet %s first." $wanted.enabled (not (empty $claims)) $name) }}
{{- end }}
{{- range $claims }}
{{- $size := .spec.resources.requests.storage }}
{{- $orphan := printf "  kubectl -n %s delete statefulset %s --cascade=orphan" $namespace $name }}
{{- if ne (include "kafka.bytes" $size) (include "kafka.bytes" $wanted.size) }}
{{- $patches := list }}
{{- range $i := until (max $running 1 | int) }}
{{- $patches = append $patches (printf "  kubectl -n %s patch pvc data-%s-%d --patch '{\"spec\":{\"resources\":{\"requests\":{\"storage\":\"%s\"}}}}'" $namespace $name $i (toString $wanted.size)) }}
{{- end }}
{{- fail (printf "kafka.persistence.size is %s, and %s is installed. Kubernetes does not change the size in a StatefulSet, and no claim can shrink. To grow the claims (their storage class needs allowVolumeExpansion: true), run these commands, then upgrade again; the pods keep running:\n%s\n%s" (toString $wanted.size) (toString $size) (join "\n" $patches) $orphan) }}
{{- end }}
{{- $class := .spec.storageClassName | default "" }}
{{- if ne $wanted.storageClass $class }}
{{- fail (printf "kafka.persistence.storageClass is %q, and %q is installed (empty: the cluster's default). A claim keeps its storage class. Keep %q, or install a second release and move to it." $wanted.storageClass $class $class) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/*
A quantity in bytes. It makes quantities comparable, because the API server writes 1024Gi as 1Ti.
*/}}
{{- define "kafka.bytes" -}}
{{- $units := dict "" 1 "m" 0.001 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 }}
{{- $text := toString . }}
{{- $unit := regexFind "[A-Za-z]*$" $text }}
{{- mulf (trimSuffix $unit $text | float64) (get $units $unit) | printf "%.0f" }}
{{- end }}
