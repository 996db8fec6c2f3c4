{{/* IP families of a Service. */}}
{{- define "kafka.ipFamilies" -}}
ipFamilyPolicy: {{ .Values.ipFamilyPolicy | default "PreferDualStack" }}
{{- end }}

{{- define "kafka.service" -}}
# Clients connect to any node first.
apiVersion: v1
kind: Service
metadata:
  name: {{ include "kafka.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "kafka.labels" . | nindent 4 }}
spec:
  {{- include "kafka.ipFamilies" . | nindent 2 }}
  selector:
    {{- include "kafka.selectorLabels" . | nindent 4 }}
  ports:
    - name: tcp-client
      port: 9092
      targetPort: client
---
# A name for each node. The nodes must find each other before they are ready, because none is ready
# without a quorum.
apiVersion: v1
kind: Service
metadata:
  name: {{ include "kafka.fullname" . }}-headless
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "kafka.labels" . | nindent 4 }}
spec:
  {{- include "kafka.ipFamilies" . | nindent 2 }}
  clusterIP: None
  publishNotReadyAddresses: true
  selector:
    {{- include "kafka.selectorLabels" . | nindent 4 }}
  ports:
    - name: tcp-client
      port: 9092
      targetPort: client
    - name: tcp-controller
      port: 9093
      targetPort: controller
{{- end }}
