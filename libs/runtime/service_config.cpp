#include "runtime/service_config.h"

#include "web/address.h"

namespace kawat::runtime {

absl::Status FinishFile(base::Section root) {
  root.Ignore(
      {"data", "allow_networks", "log", "bus", "resolve", "fetch", "parse", "dedupe", "store", "portal", "sources"});
  return root.Finish();
}

absl::Status CheckAddresses(const base::Section& section, const std::string& grpc, const std::string& metrics) {
  KAWAT_RETURN_IF_ERROR(web::CheckAddress(section, "grpc", grpc));
  return web::CheckAddress(section, "metrics", metrics);
}

}  // namespace kawat::runtime
