#include "cli/whole_config.h"

#include "base/status.h"

namespace kawat::cli {
namespace {

constexpr char kFree[] = "127.0.0.1:0";

void UseFree(std::string& address, const std::string& standard) {
  if (address == standard) {
    address = kFree;
  }
}

}  // namespace

absl::StatusOr<WholeConfig> ParseWholeConfig(const base::Toml& toml) {
  WholeConfig config;
  KAWAT_ASSIGN_OR_RETURN(config.log, telemetry::ParseLogConfig(toml));
  KAWAT_ASSIGN_OR_RETURN(config.bus, bus::ParseBusConfig(toml));
  KAWAT_ASSIGN_OR_RETURN(config.fetch, fetch::ParseConfig(toml));
  KAWAT_ASSIGN_OR_RETURN(config.parse, parse::ParseConfig(toml));
  KAWAT_ASSIGN_OR_RETURN(config.dedupe, dedupe::ParseConfig(toml));
  KAWAT_ASSIGN_OR_RETURN(config.store, store::ParseConfig(toml));
  KAWAT_ASSIGN_OR_RETURN(config.portal, portal::ParseConfig(toml));
  config.data = config.store.data;
  return config;
}

void SetData(WholeConfig& config, const std::string& data) {
  for (std::string* folder : {&config.data, &config.fetch.data, &config.parse.data, &config.dedupe.data,
                              &config.store.data, &config.portal.data}) {
    *folder = data;
  }
}

void UseFreePorts(WholeConfig& config) {
  UseFree(config.fetch.grpc, fetch::Config().grpc);
  UseFree(config.fetch.metrics, fetch::Config().metrics);
  UseFree(config.parse.grpc, parse::Config().grpc);
  UseFree(config.parse.metrics, parse::Config().metrics);
  UseFree(config.dedupe.grpc, dedupe::Config().grpc);
  UseFree(config.dedupe.metrics, dedupe::Config().metrics);
  UseFree(config.store.grpc, store::Config().grpc);
  UseFree(config.store.metrics, store::Config().metrics);
  UseFree(config.portal.listen, portal::Config().listen);
}

}  // namespace kawat::cli
