{{/*
The Spark engine: the processor's pod is Spark's driver, which creates its executors through the
Kubernetes API.
*/}}

{{/* The mounts of driver and executors: both have the checkpoints at the same path. */}}
{{- define "fireworks.sparkMounts" -}}
- { name: checkpoints, mountPath: /var/lib/fireworks/spark }
# Without a volume of this name, Spark would mount one of its own at spark.local.dir.
- { name: spark-local-dir-1, mountPath: /tmp }
# The base image's entry point writes here.
- { name: work, mountPath: /opt/spark/work-dir }
{{- end }}

{{- define "fireworks.sparkVolumes" -}}
- name: checkpoints
  persistentVolumeClaim: { claimName: {{ include "fireworks.fullname" . }}-processor-checkpoints }
- { name: spark-local-dir-1, emptyDir: { sizeLimit: 2Gi } }
- { name: work, emptyDir: { sizeLimit: 16Mi } }
{{- end }}

{{/* The security context of every container, but with the user of the image apache/spark. */}}
{{- define "fireworks.sparkGuards" -}}
securityContext:
  {{- if not (include "kafka.openshift" (list . .Values.platform)) }}
  runAsUser: 185
  runAsGroup: 185
  {{- end }}
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}
