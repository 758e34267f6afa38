{{/* What a schema cannot see: values that contradict each other, or what already runs. */}}

{{- define "kawat.checkValues" -}}
{{- $v := .Values -}}
{{- if and $v.broker.enabled (or $v.kafka.tls.enabled (ne $v.kafka.auth.mode "none")) -}}
  {{- fail "broker.enabled: that broker has neither TLS nor users; set kafka.tls.enabled=false and kafka.auth.mode=none" -}}
{{- end -}}
{{- if and (eq $v.kafka.auth.mode "tls") (not $v.kafka.tls.enabled) -}}
  {{- fail "kafka.auth.mode: tls needs kafka.tls.enabled=true" -}}
{{- end -}}
{{- if and (eq $v.kafka.auth.mode "none") $v.strimzi.users.enabled -}}
  {{- fail "strimzi.users.enabled: needs kafka.auth.mode tls or scram, by which brokers know the users" -}}
{{- end -}}
{{- if and (not $v.strimzi.cluster) (or $v.strimzi.users.enabled (eq $v.topics.mode "strimzi")) -}}
  {{- fail "strimzi.cluster: name the Kafka resource whose operators make the topics and users" -}}
{{- end -}}
{{- if and $v.strimzi.users.enabled $v.strimzi.namespace (ne $v.strimzi.namespace .Release.Namespace) -}}
  {{- fail "strimzi.users.enabled: users' secrets come up in strimzi.namespace, and pods of another namespace cannot mount them; install kawat there, or copy the secrets and set kafka.auth.secrets" -}}
{{- end -}}
{{- $users := list "fetch" "parse" "dedupe" "store" -}}
{{- if eq $v.topics.mode "hook" }}{{ $users = append $users "topics" }}{{ end -}}
{{- if $v.toolbox.enabled }}{{ $users = append $users "toolbox" }}{{ end -}}
{{- range $users -}}
  {{- if and (ne $v.kafka.auth.mode "none") (not (include "kawat.kafkaSecret" (list $ .))) -}}
    {{- fail (printf "kafka.auth.secrets.%s: name the secret with its credentials for Kafka, or set strimzi.users.enabled=true" .) -}}
  {{- end -}}
{{- end -}}
{{- range list "fetch" "store" -}}
  {{- if gt (int (index $v .).replicas) (int $v.kafka.partitions) -}}
    {{- fail (printf "%s.replicas: %d pods for %d partitions (kafka.partitions); some would own nothing" . (int (index $v .).replicas) (int $v.kafka.partitions)) -}}
  {{- end -}}
{{- end -}}
{{- if $v.networkPolicy.enabled -}}
  {{- if and (or $v.portal.ingress.enabled $v.portal.httpRoute.enabled) (not $v.networkPolicy.portalFrom) -}}
    {{- fail "networkPolicy.portalFrom: name the pods of the ingress controller or gateway, which could not reach the portal else" -}}
  {{- end -}}
  {{- if and (or $v.store.ingress.enabled $v.store.grpcRoute.enabled) (not $v.networkPolicy.grpcFrom) -}}
    {{- fail "networkPolicy.grpcFrom: name the pods of the ingress controller or gateway, which could not reach the store else" -}}
  {{- end -}}
{{- end -}}
{{- if and (eq $v.parse.autoscaling.mode "keda") (not $v.parse.autoscaling.keda.serverAddress) -}}
  {{- fail "parse.autoscaling.keda.serverAddress: name the Prometheus that KEDA asks" -}}
{{- end -}}
{{- if gt (int $v.parse.autoscaling.minReplicas) (int $v.parse.autoscaling.maxReplicas) -}}
  {{- fail "parse.autoscaling.minReplicas: is above maxReplicas" -}}
{{- end -}}
{{- range list "fetch" "store" }}{{ include "kawat.checkReplicas" (list $ .) }}{{ end -}}
{{- range list "fetch" "dedupe" "store" "broker" }}{{ include "kawat.checkVolume" (list $ .) }}{{ end -}}
{{- include "kawat.checkKafka" $ -}}
{{- end -}}

{{/* Refuses another size of volumes before anything is changed: Kubernetes would refuse it in the middle. */}}
{{- define "kawat.checkVolume" -}}
{{- $ := index . 0 -}}
{{- $service := index . 1 -}}
{{- $found := lookup "apps/v1" "StatefulSet" $.Release.Namespace (include "kawat.name" .) -}}
{{- range (dig "spec" "volumeClaimTemplates" list (default (dict) $found)) -}}
  {{- $is := dig "spec" "resources" "requests" "storage" "" . -}}
  {{- $wanted := (index $.Values $service).persistence.size -}}
  {{- if and (or (ne $service "broker") $.Values.broker.enabled) (ne $is $wanted) -}}
    {{- fail (printf "%s.persistence.size: %s, but the volumes were made with %s, and a StatefulSet's own cannot be changed in place; \"Resize\" in docs/operations.md says how to grow them" $service $wanted $is) -}}
  {{- end -}}
{{- end -}}
{{- end -}}

{{/* Refuses to point what runs at other topics: its state belongs to the log that it was made from. */}}
{{- define "kawat.checkKafka" -}}
{{- $broker := lookup "apps/v1" "StatefulSet" .Release.Namespace (include "kawat.name" (list . "broker")) -}}
{{- if and $broker (not .Values.broker.enabled) -}}
  {{- fail "broker.enabled: false, but this release runs on its own broker, which would go with all topics. Move to another Kafka by installing anew beside it" -}}
{{- end -}}
{{- $config := lookup "v1" "ConfigMap" .Release.Namespace (include "kawat.name" (list . "store")) -}}
{{- $line := regexFind "(?m)^partitions = [0-9]+" (dig "data" "kawat.toml" "" (default (dict) $config)) -}}
{{- if and $line (ne $line (printf "partitions = %d" (int .Values.kafka.partitions))) -}}
  {{- fail (printf "kafka.partitions: %d, but the topics were made with %s; their number is fixed, since shards follow it" (int .Values.kafka.partitions) $line) -}}
{{- end -}}
{{- end -}}

{{/* Refuses another number of pods than what runs, or than what volumes of an earlier release were made for. Without a cluster (helm
     template) there is nothing to compare with. */}}
{{- define "kawat.checkReplicas" -}}
{{- $ := index . 0 -}}
{{- $service := index . 1 -}}
{{- $name := include "kawat.name" . -}}
{{- $wanted := int (index $.Values $service).replicas -}}
{{- $found := lookup "apps/v1" "StatefulSet" $.Release.Namespace $name -}}
{{- if not $found }}{{ $found = lookup "v1" "PersistentVolumeClaim" $.Release.Namespace (printf "data-%s-0" $name) }}{{ end -}}
{{- $now := dig "metadata" "annotations" "kawat/instances" "" (default (dict) $found) -}}
{{- if and $now (ne (int $now) $wanted) -}}
  {{- fail (printf "%s.replicas: %d, but the volumes of %s were made for %s. Pod i of n owns the partitions p with p mod n = i, and shards cannot be moved between pods yet: set %s.replicas=%s. For more capacity raise %s.resources; \"Resize\" in docs/operations.md says how to begin anew with another number" $service $wanted $name $now $service $now $service) -}}
{{- end -}}
{{- end -}}
