{{/* Rules of NetworkPolicies. */}}

{{- define "kawat.dnsRule" -}}
- to:
    {{- toYaml .Values.networkPolicy.dns.to | nindent 4 }}
  ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]
{{- end -}}

{{- define "kawat.kafkaRule" -}}
{{- $policy := .Values.networkPolicy.kafka -}}
{{- $ports := $policy.ports -}}
{{- if not $ports -}}
  {{- $ports = list -}}
  {{- range splitList "," (include "kawat.bootstrap" .) }}{{ $ports = append $ports (int (last (splitList ":" .))) }}{{ end -}}
{{- end -}}
- ports:
    {{- range uniq $ports }}
    - {port: {{ int . }}, protocol: TCP}
    {{- end }}
  {{- if .Values.broker.enabled }}
  to:
    {{- include "kawat.podPeer" (list $ "broker") | nindent 4 }}
  {{- else if $policy.to }}
  to:
    {{- toYaml $policy.to | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* A component of this release as a peer: (list $ "NAME"). */}}
{{- define "kawat.podPeer" -}}
- podSelector:
    matchLabels:
      {{- include "kawat.selector" . | nindent 6 }}
{{- end -}}

{{- define "kawat.topicsPolicy" -}}
podSelector:
  matchLabels:
    {{- include "kawat.selector" (list . "topics") | nindent 4 }}
policyTypes: [Ingress, Egress]
ingress: []
egress:
  {{- include "kawat.dnsRule" . | nindent 2 }}
  {{- include "kawat.kafkaRule" . | nindent 2 }}
{{- end -}}

{{/* The web without what is not public: IANA's special-purpose registries, as in services/fetch/http/address_policy.cpp. */}}
{{- define "kawat.webRule" -}}
- to:
    - ipBlock:
        cidr: 0.0.0.0/0
        except:
          {{- range list "0.0.0.0/8" "10.0.0.0/8" "100.64.0.0/10" "127.0.0.0/8" "169.254.0.0/16" "172.16.0.0/12" "192.0.0.0/24" "192.0.2.0/24" "192.88.99.0/24" "192.168.0.0/16" "198.18.0.0/15" "198.51.100.0/24" "203.0.113.0/24" "224.0.0.0/4" "240.0.0.0/4" }}
          - {{ . }}
          {{- end }}
    - ipBlock:
        cidr: 2000::/3
        except: ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]
  ports:
    {{- range .Values.networkPolicy.fetch.ports }}
    - {port: {{ int . }}, protocol: TCP}
    {{- end }}
{{- end -}}
