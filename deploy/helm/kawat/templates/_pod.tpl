{{/* What pods share. All take (list $ "NAME"). */}}

{{- define "kawat.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "kawat.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end -}}

{{- define "kawat.pullSecrets" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* Volumes with the configuration and Kafka's secrets, and where they are mounted. */}}
{{- define "kawat.configVolumes" -}}
{{- $ := index . 0 -}}
- name: config
  configMap: {name: {{ include "kawat.name" . }}}
- name: tmp
  emptyDir: {sizeLimit: 64Mi}
{{- if ne (index . 1) "portal" }}
{{- with and $.Values.kafka.tls.enabled $.Values.kafka.tls.caSecret }}
- name: kafka-ca
  secret: {secretName: {{ . }}, defaultMode: 0440}
{{- end }}
{{- with include "kawat.kafkaSecret" . }}
- name: kafka-user
  secret: {secretName: {{ . }}, defaultMode: 0440}
{{- end }}
{{- end }}
{{- if and $.Values.fetch.tokenSecret (has (index . 1) (list "dedupe" "fetch" "store" "toolbox")) }}
- name: token
  secret: {secretName: {{ $.Values.fetch.tokenSecret }}, defaultMode: 0440}
{{- end }}
{{- end -}}

{{- define "kawat.configMounts" -}}
{{- $ := index . 0 -}}
- {name: config, mountPath: /etc/kawat, readOnly: true}
- {name: tmp, mountPath: /tmp}
{{- if ne (index . 1) "portal" }}
{{- if and $.Values.kafka.tls.enabled $.Values.kafka.tls.caSecret }}
- {name: kafka-ca, mountPath: /etc/kawat-kafka/ca, readOnly: true}
{{- end }}
{{- if include "kawat.kafkaSecret" . }}
- {name: kafka-user, mountPath: /etc/kawat-kafka/user, readOnly: true}
{{- end }}
{{- end }}
{{- if and $.Values.fetch.tokenSecret (has (index . 1) (list "dedupe" "fetch" "store" "toolbox")) }}
- {name: token, mountPath: /etc/kawat-token, readOnly: true}
{{- end }}
{{- end -}}

{{/* Annotations that change when the pods have to be replaced: the configuration, and the secrets that they read when they start. */}}
{{- define "kawat.rollAnnotations" -}}
{{- $ := index . 0 -}}
{{- $kafka := $.Values.kafka -}}
checksum/config: {{ include "kawat.config" . | sha256sum }}
{{- if ne (index . 1) "portal" }}
{{- $secrets := compact (list (ternary $kafka.tls.caSecret "" $kafka.tls.enabled) (include "kawat.kafkaSecret" .)) }}
{{- if $secrets }}
{{- $seen := list $kafka.secretChecksum }}
{{- range $secrets }}
  {{- /* with its uid, which who may not read secrets cannot know: else a weak password could be guessed from the checksum */}}
  {{- $secret := lookup "v1" "Secret" $.Release.Namespace . }}
  {{- $seen = append $seen (printf "%s %s" (dig "metadata" "uid" "" $secret) (toJson (dig "data" (dict) $secret))) }}
{{- end }}
checksum/secrets: {{ $seen | join "\n" | sha256sum }}
{{- if $kafka.reloader }}
secret.reloader.stakater.com/reload: {{ $secrets | join "," | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "kawat.probes" -}}
{{- $port := ternary "http" "metrics" (eq (index . 1) "portal") -}}
startupProbe:
  httpGet: {path: /startupz, port: {{ $port }}}
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: {{ div (add (int (index (index . 0).Values (index . 1)).startupSeconds) 4) 5 }}
readinessProbe:
  httpGet: {path: /readyz, port: {{ $port }}}
  periodSeconds: 5
  timeoutSeconds: 3
livenessProbe:
  httpGet: {path: /livez, port: {{ $port }}}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
{{- end -}}

{{/* The template of a service's pods. */}}
{{- define "kawat.podTemplate" -}}
{{- $ := index . 0 -}}
{{- $name := index . 1 -}}
{{- $values := index $.Values $name -}}
{{- $sharded := has $name (list "fetch" "store") -}}
{{- $persistent := hasKey $values "persistence" -}}
metadata:
  labels: # no versions: a new chart alone does not roll the pods
    {{- include "kawat.selector" . | nindent 4 }}
    app.kubernetes.io/part-of: kawat
    {{- with $values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    {{- include "kawat.rollAnnotations" . | nindent 4 }}
    {{- with $values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "kawat.serviceAccount" $ }}
  {{- include "kawat.podSecurity" . | nindent 2 }}
  {{- include "kawat.pullSecrets" $ | nindent 2 }}
  terminationGracePeriodSeconds: 30 # a service stops within 10
  {{- with $values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with $values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  topologySpreadConstraints:
    {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "kawat.selector" (list $ $name) | nindent 10 }}
    {{- end }}
  containers:
    - name: {{ $name }}
      image: {{ include "kawat.image" . }}
      imagePullPolicy: {{ $.Values.image.pullPolicy }}
      args:
        - --config
        - /etc/kawat/kawat.toml
        {{- if $sharded }}
        - --set
        - {{ $name }}.instance=$(POD_INDEX)
        {{- end }}
        {{- if eq $name "fetch" }}
        - --set
        - fetch.owner=$(POD_NAME)
        {{- end }}
      {{- if $sharded }}
      env:
        - name: POD_INDEX
          valueFrom: {fieldRef: {fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']"}}
        - name: POD_NAME
          valueFrom: {fieldRef: {fieldPath: metadata.name}}
      {{- end }}
      ports:
        {{- if eq $name "portal" }}
        - {name: http, containerPort: 8080}
        {{- else }}
        - {name: grpc, containerPort: {{ include "kawat.grpcPort" $name }}}
        - {name: metrics, containerPort: {{ include "kawat.metricsPort" $name }}}
        {{- end }}
      {{- include "kawat.probes" . | nindent 6 }}
      resources:
        {{- toYaml $values.resources | nindent 8 }}
      {{- include "kawat.containerSecurity" . | nindent 6 }}
      volumeMounts:
        {{- include "kawat.configMounts" . | nindent 8 }}
        - {name: data, mountPath: /var/lib/kawat}
  volumes:
    {{- include "kawat.configVolumes" . | nindent 4 }}
    {{- if not $persistent }}
    - name: data
      emptyDir: {sizeLimit: 256Mi}
    {{- end }}
{{- end -}}
