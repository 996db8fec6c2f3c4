{{/* The Spark engine: the processor's pod is Spark's driver, which asks the Kubernetes API for its executors. */}}

{{/* Where driver and executors find each other; the executors' checkpoints lie where the driver's do. */}}
{{- define "fireworks.sparkMounts" -}}
- { name: checkpoints, mountPath: /var/lib/fireworks/spark }
# Spark would mount a volume of its own at spark.local.dir, unless one has this name.
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

{{/* As of every pod, but by the user of the image apache/spark. */}}
{{- define "fireworks.sparkGuards" -}}
securityContext:
  runAsUser: 185
  runAsGroup: 185
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}
