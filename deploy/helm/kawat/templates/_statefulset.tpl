{{/* A service with shards: (list $ "NAME"). */}}
{{- define "kawat.statefulSet" -}}
{{- $ := index . 0 -}}
{{- $values := index $.Values (index . 1) -}}
apiVersion: apps/v1
kind: StatefulSet
metadata:
  {{- include "kawat.metadata" (append . "") | nindent 2 }}
  annotations:
    kawat/instances: {{ $values.replicas | quote }} # pod i of n owns the shards p with p mod n = i; read by kawat.checkReplicas
spec:
  replicas: {{ $values.replicas }}
  serviceName: {{ include "kawat.name" . }}-headless
  podManagementPolicy: Parallel # shards do not wait for each other; an update still goes pod by pod
  updateStrategy: {type: RollingUpdate}
  persistentVolumeClaimRetentionPolicy: {whenDeleted: Retain, whenScaled: Retain}
  revisionHistoryLimit: 5
  selector:
    matchLabels:
      {{- include "kawat.selector" . | nindent 6 }}
  template:
    {{- include "kawat.podTemplate" . | nindent 4 }}
  volumeClaimTemplates:
    - apiVersion: v1
      kind: PersistentVolumeClaim
      metadata:
        name: data
        labels:
          {{- include "kawat.selector" . | nindent 10 }}
        annotations:
          kawat/instances: {{ $values.replicas | quote }}
      spec:
        accessModes: [ReadWriteOnce]
        {{- with $values.persistence.storageClass }}
        storageClassName: {{ . }}
        {{- end }}
        resources:
          requests: {storage: {{ $values.persistence.size }}}
{{- end -}}
