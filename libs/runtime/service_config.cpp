#include "runtime/service_config.h"

#include "absl/strings/str_cat.h"
#include "web/address.h"

namespace kawat::runtime {
namespace {

constexpr std::int64_t kConfigVersion = 1;  // raised when a key changes its meaning

}  // namespace

absl::Status FinishFile(base::Section root) {
  std::int64_t version = kConfigVersion;
  root.Read("version", version, {.min = 1});
  root.Ignore(
      {"data", "allow_networks", "log", "bus", "resolve", "fetch", "parse", "dedupe", "store", "portal", "sources"});
  KAWAT_RETURN_IF_ERROR(root.Finish());
  if (version > kConfigVersion) {
    return root.Wrong("version", absl::StrCat("is ", version, ", and this kawat reads ", kConfigVersion,
                                              " at most: run the version that the file was written for, or newer"));
  }
  return absl::OkStatus();
}

absl::Status CheckAddresses(const base::Section& section, const std::string& grpc, const std::string& metrics) {
  KAWAT_RETURN_IF_ERROR(web::CheckAddress(section, "grpc", grpc));
  return web::CheckAddress(section, "metrics", metrics);
}

}  // namespace kawat::runtime
