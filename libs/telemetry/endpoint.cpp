#include "telemetry/endpoint.h"

#include "base/status.h"

namespace kawat::telemetry {
namespace {

web::Response Probe(const std::function<absl::Status()>& probe) {
  const absl::Status status = probe ? probe() : absl::OkStatus();
  return status.ok() ? web::Response{.body = "ok\n"}
                     : web::Response{.status = 503, .body = absl::StrCat(std::string(status.message()), "\n")};
}

}  // namespace

std::optional<web::Response> AnswerProbe(const web::Request& request, const Registry& registry, const Probes& probes) {
  const bool known = request.path == "/metrics" || request.path == "/livez" || request.path == "/readyz" ||
                     request.path == "/startupz";
  if (!known) {
    return std::nullopt;
  }
  if (request.method != "GET") {
    return web::Response{.status = 405, .body = "only GET\n", .headers = {{"Allow", "GET, HEAD"}}};
  }
  if (request.path == "/metrics") {
    return web::Response{.content_type = "text/plain; version=0.0.4; charset=utf-8", .body = registry.Render()};
  }
  return Probe(request.path == "/livez" ? probes.live : request.path == "/readyz" ? probes.ready : probes.started);
}

absl::StatusOr<std::unique_ptr<Endpoint>> Endpoint::Start(const std::string& address, const Registry& registry,
                                                          Probes probes) {
  web::ServerOptions options{.address = address, .max_connections = 64, .max_body_bytes = 1024};
  auto handler = [&registry, probes = std::move(probes)](const web::Request& request) {
    return AnswerProbe(request, registry, probes)
        .value_or(web::Response{.status = 404, .body = "here are /metrics, /livez, /readyz and /startupz\n"});
  };
  KAWAT_ASSIGN_OR_RETURN(auto server, web::Server::Start(std::move(options), std::move(handler)));
  return std::unique_ptr<Endpoint>(new Endpoint(std::move(server)));
}

}  // namespace kawat::telemetry
