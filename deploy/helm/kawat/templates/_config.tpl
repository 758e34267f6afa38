{{/* kawat.toml. Numbers of values are floats in Helm, and its toToml would print 4 as 4.0; JSON's strings, numbers and lists of them are TOML. */}}

{{- define "kawat.tomlKey" -}}
{{- if regexMatch "^[A-Za-z0-9_-]+$" . }}{{ . }}{{ else }}{{ toJson . }}{{ end -}}
{{- end -}}

{{/* A table's lines: scalars and lists of scalars. */}}
{{- define "kawat.tomlLines" -}}
{{- range $key, $value := . }}
{{ include "kawat.tomlKey" $key }} = {{ toJson $value }}
{{- end }}
{{- end -}}

{{- define "kawat.tomlBus" -}}
{{- $ := index . 0 }}
{{- $kafka := $.Values.kafka }}
[bus]
kafka = {{ toJson (include "kawat.bootstrap" $) }}
partitions = {{ int $kafka.partitions }}
replication = {{ int $kafka.replication }}
{{- if $kafka.tls.enabled }}
tls = true
{{- if $kafka.tls.caSecret }}
ca_file = {{ toJson (printf "/etc/kawat-kafka/ca/%s" $kafka.tls.caKey) }}
{{- end }}
{{- end }}
{{- if eq $kafka.auth.mode "tls" }}
certificate_file = {{ toJson (printf "/etc/kawat-kafka/user/%s" $kafka.auth.certificateKey) }}
key_file = {{ toJson (printf "/etc/kawat-kafka/user/%s" $kafka.auth.privateKeyKey) }}
{{- else if eq $kafka.auth.mode "scram" }}
sasl_mechanism = {{ toJson $kafka.auth.mechanism }}
username = {{ toJson (default (include "kawat.kafkaSecret" .) (index $kafka.auth.usernames (index . 1))) }}
password_file = {{ toJson (printf "/etc/kawat-kafka/user/%s" $kafka.auth.passwordKey) }}
{{- end }}
{{- end -}}

{{/* A service's own table. With "toolbox" as the third of the list: where others find it; the headless name stands for all of its pods. */}}
{{- define "kawat.tomlTable" -}}
{{- $ := index . 0 }}
{{- $name := index . 1 }}
{{- $outside := eq (last .) "toolbox" }}
{{- $own := list $ $name }}
{{- $host := ternary (printf "%s.%s.svc" (include "kawat.name" $own) $.Release.Namespace) "0.0.0.0" $outside }}
{{- $pods := ternary (printf "%s-headless.%s.svc" (include "kawat.name" $own) $.Release.Namespace) "0.0.0.0" $outside }}
[{{ $name }}]
{{- if eq $name "portal" }}
listen = "{{ $pods }}:8080"
store = {{ toJson (printf "%s.%s.svc:7700" (include "kawat.name" (list $ "store")) $.Release.Namespace) }}
{{- else }}
grpc = "{{ $host }}:{{ include "kawat.grpcPort" $name }}"
metrics = "{{ $pods }}:{{ include "kawat.metricsPort" $name }}"
{{- end }}
{{- if has $name (list "fetch" "store") }}
instances = {{ int (index $.Values $name).replicas }}
peers = {{ include "kawat.peers" $own }}
{{- end }}
{{- if and (has $name (list "dedupe" "fetch" "store")) $.Values.fetch.tokenSecret }}
token_file = "/etc/kawat-token/token"
{{- end }}
{{- include "kawat.tomlLines" (index $.Values $name).settings }}
{{- end -}}

{{- define "kawat.tomlFetchMore" -}}
{{- with .Values.fetch.resolve }}

[resolve]
{{- include "kawat.tomlLines" . }}
{{- end }}
{{- range .Values.sources }}

[[sources]]
{{- include "kawat.tomlLines" . }}
{{- end }}
{{- end -}}

{{/* The whole file of a service: what concerns it, so that a setting of one service rolls that one only. The toolbox sees all tables. */}}
{{- define "kawat.config" -}}
{{- $ := index . 0 -}}
{{- $name := index . 1 -}}
data = "/var/lib/kawat"
{{- if eq $name "fetch" }}
allow_networks = {{ toJson $.Values.fetch.allowNetworks }}
{{- end }}

[log]
{{- include "kawat.tomlLines" $.Values.log }}
{{- if ne $name "portal" }}
{{ include "kawat.tomlBus" . }}
{{- end }}
{{- if eq $name "toolbox" }}
{{- range list "fetch" "parse" "dedupe" "store" "portal" }}
{{ include "kawat.tomlTable" (list $ . "toolbox") }}
{{- end }}
{{- else if ne $name "topics" }}
{{ include "kawat.tomlTable" . }}
{{- end }}
{{- if eq $name "fetch" }}
{{- include "kawat.tomlFetchMore" $ }}
{{- end }}
{{ end -}}
