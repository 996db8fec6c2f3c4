{{- define "kafka.statefulset" -}}
{{- $name := include "kafka.fullname" . }}
{{- include "kafka.unchangeable" . }}
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "kafka.labels" . | nindent 4 }}
spec:
  serviceName: {{ $name }}-headless
  replicas: {{ .Values.nodes }}
  # A node is ready only with a quorum, so no node can wait for the previous one.
  podManagementPolicy: Parallel
  # Time between two restarts of an update, in which the copies catch up.
  minReadySeconds: {{ ternary 0 15 (eq (int .Values.nodes) 1) }}
  {{- if .Values.persistence.enabled }}
  persistentVolumeClaimRetentionPolicy:
    whenDeleted: {{ .Values.persistence.whenDeleted }}
    whenScaled: Retain
  {{- end }}
  selector:
    matchLabels:
      {{- include "kafka.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "kafka.podLabels" . | nindent 8 }}
      annotations:
        checksum/config: {{ (fromYaml (include "kafka.configmap" .)).data | toYaml | sha256sum }}
        {{- with .Values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ $name }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
      {{- with .Values.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      {{- with include "kafka.pullSecrets" (list . .Values.image.pullSecrets) }}
      imagePullSecrets:
        {{- . | nindent 8 }}
      {{- end }}
      securityContext:
        runAsNonRoot: true
        {{- if not (include "kafka.openshift" (list . .Values.platform)) }}
        runAsUser: 1000
        runAsGroup: 1000
        fsGroup: 1000
        {{- end }}
        fsGroupChangePolicy: OnRootMismatch
        seccompProfile: { type: RuntimeDefault }
      {{- with .Values.affinity }}
      affinity:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "kafka.selectorLabels" . | nindent 14 }}
        - maxSkew: 1
          topologyKey: topology.kubernetes.io/zone
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "kafka.selectorLabels" . | nindent 14 }}
      {{- with .Values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .Values.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: kafka
          image: {{ include "kafka.image" . }}
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          command: [/bin/bash, /etc/fireworks/start.sh]
          env:
            - name: POD_NAME
              valueFrom: { fieldRef: { fieldPath: metadata.name } }
            - name: HEADLESS_DOMAIN
              value: {{ $name }}-headless.{{ .Release.Namespace }}.svc.{{ .Values.clusterDomain }}
            - name: CLUSTER_ID
              value: {{ .Values.clusterId }}
            - name: KAFKA_HEAP_OPTS
              value: -Xms{{ min 96 (int .Values.heapMb) }}m -Xmx{{ .Values.heapMb }}m
            - name: KAFKA_JVM_PERFORMANCE_OPTS
              value: {{ .Values.jvmOptions | quote }}
            - name: KAFKA_OPTS
              value: -Djava.io.tmpdir=/tmp
            - name: KAFKA_LOG4J_OPTS
              value: -Dlog4j2.configurationFile=/etc/fireworks/log4j2.properties
            # Only data is written: no log files (LOG_DIR), and no log of the garbage collector,
            # which the default of EXTRA_ARGS would turn on.
            - name: LOG_DIR
              value: /tmp
            - name: EXTRA_ARGS
              value: -name kafkaServer
          ports:
            - { name: client, containerPort: 9092 }
            - { name: controller, containerPort: 9093 }
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: { drop: [ALL] }
          # Recovery after a kill reads the logs. That takes minutes if they are large.
          startupProbe:
            tcpSocket: { port: client }
            periodSeconds: 2
            failureThreshold: 150
          readinessProbe:
            exec: { command: [/bin/bash, /etc/fireworks/answers.sh] }
            periodSeconds: 5
            timeoutSeconds: 4
            failureThreshold: 3
          livenessProbe:
            tcpSocket: { port: client }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
          volumeMounts:
            # The image declares VOLUMEs at the next three paths. If the pod does not mount one,
            # containerd mounts an empty folder there, over anything mounted at a parent folder. So
            # each path is mounted exactly. subPath: earlier releases mounted the claim at
            # /var/lib/kafka, with the data below it.
            - { name: data, mountPath: /var/lib/kafka/data, subPath: data }
            - { name: unused, mountPath: /etc/kafka/secrets, subPath: secrets }
            - { name: unused, mountPath: /mnt/shared/config, subPath: config }
            - { name: config, mountPath: /etc/fireworks, readOnly: true }
            - { name: run, mountPath: /run/kafka }
            - { name: tmp, mountPath: /tmp }
      volumes:
        - name: config
          configMap: { name: {{ $name }} }
        - name: run
          emptyDir: { sizeLimit: 1Mi }
        - name: unused
          emptyDir: { sizeLimit: 1Mi }
        # The native libraries of Snappy and Zstd.
        - name: tmp
          emptyDir: { sizeLimit: 64Mi }
        {{- if not .Values.persistence.enabled }}
        - name: data
          emptyDir: {}
        {{- end }}
  {{- if .Values.persistence.enabled }}
  volumeClaimTemplates:
    # Kubernetes adds these two. They are here so that tools like `helm diff` see no difference.
    - apiVersion: v1
      kind: PersistentVolumeClaim
      metadata:
        name: data
        labels:
          {{- include "kafka.selectorLabels" . | nindent 10 }}
      spec:
        accessModes: [ReadWriteOnce]
        {{- with .Values.persistence.storageClass }}
        storageClassName: {{ . }}
        {{- end }}
        resources:
          requests:
            storage: {{ .Values.persistence.size }}
  {{- end }}
{{- end }}
