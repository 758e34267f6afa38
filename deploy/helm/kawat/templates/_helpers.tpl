{{/* Names, labels, images. Most take (list $ "NAME") where NAME is a service: fetch, parse, dedupe, store, portal, topics, toolbox, broker. */}}

{{- define "kawat.fullname" -}}
{{- $name := .Values.fullnameOverride -}}
{{- if not $name -}}
  {{- $chart := default .Chart.Name .Values.nameOverride -}}
  {{- $name = ternary .Release.Name (printf "%s-%s" .Release.Name $chart) (contains $chart .Release.Name) -}}
{{- end -}}
{{- /* a pod's name is a label of a StatefulSet's pods: 63 characters with "-toolbox", a hash and a number */ -}}
{{- $name | replace "." "-" | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "kawat.name" -}}
{{- printf "%s-%s" (include "kawat.fullname" (index . 0)) (index . 1) -}}
{{- end -}}

{{- define "kawat.releaseSelector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "kawat.selector" -}}
{{ include "kawat.releaseSelector" (index . 0) }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- define "kawat.labels" -}}
{{- $ := index . 0 -}}
{{ include "kawat.selector" . }}
app.kubernetes.io/part-of: kawat
app.kubernetes.io/version: {{ $.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $.Chart.Name $.Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* Name, namespace and labels of a resource: (list $ "NAME" "SUFFIX"), the suffix with its hyphen, or "". */}}
{{- define "kawat.metadata" -}}
{{- $ := index . 0 -}}
name: {{ include "kawat.name" . }}{{ index . 2 }}
namespace: {{ $.Release.Namespace }}
labels:
  {{- include "kawat.labels" . | nindent 2 }}
{{- end -}}

{{- define "kawat.image" -}}
{{- $image := (index . 0).Values.image -}}
{{- $name := index $image.names (index . 1) -}}
{{- $path := without (list $image.registry $image.repository $name) "" | join "/" -}}
{{- with index $image.digests (index . 1) -}}
{{ $path }}@{{ . }}
{{- else -}}
{{ $path }}:{{ default (index $ 0).Chart.AppVersion $image.tag }}
{{- end -}}
{{- end -}}

{{- define "kawat.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{ default (include "kawat.fullname" .) .Values.serviceAccount.name }}
{{- else -}}
{{ default "default" .Values.serviceAccount.name }}
{{- end -}}
{{- end -}}

{{/* The port of the probes and /metrics, and of gRPC. */}}
{{- define "kawat.metricsPort" -}}{{ get (dict "store" "9470" "fetch" "9471" "parse" "9472" "dedupe" "9473" "portal" "8080") . }}{{- end -}}
{{- define "kawat.grpcPort" -}}{{ get (dict "store" "7700" "fetch" "7701" "parse" "7702" "dedupe" "7703") . }}{{- end -}}

{{- define "kawat.bootstrap" -}}
{{- if .Values.broker.enabled -}}
{{ include "kawat.name" (list . "broker") }}.{{ .Release.Namespace }}.svc:9092
{{- else -}}
{{ .Values.kafka.bootstrap }}
{{- end -}}
{{- end -}}

{{/* Whether the topics' job runs before this release: not if it needs a broker or a user which this release brings. */}}
{{- define "kawat.topicsBefore" -}}
{{- $own := and .Values.strimzi.users.enabled (not .Values.kafka.auth.secrets.topics) -}}
{{- if not (or .Values.broker.enabled $own) }}yes{{ end -}}
{{- end -}}

{{/* The secret with the credentials of a service for Kafka; "" without. */}}
{{- define "kawat.kafkaSecret" -}}
{{- $ := index . 0 -}}
{{- if ne $.Values.kafka.auth.mode "none" -}}
  {{- $own := ternary (include "kawat.name" .) "" $.Values.strimzi.users.enabled -}}
  {{- default $own (index $.Values.kafka.auth.secrets (index . 1)) -}}
{{- end -}}
{{- end -}}

{{/* The addresses of a StatefulSet's pods, in the order of instances: a JSON list, which is a TOML list too. */}}
{{- define "kawat.peers" -}}
{{- $ := index . 0 -}}
{{- $name := include "kawat.name" . -}}
{{- $port := include "kawat.grpcPort" (index . 1) -}}
{{- $peers := list -}}
{{- range $i := until (int (index $.Values (index . 1)).replicas) -}}
  {{- $peers = append $peers (printf "%s-%d.%s-headless.%s.svc:%s" $name $i $name $.Release.Namespace $port) -}}
{{- end -}}
{{- toJson $peers -}}
{{- end -}}
