#include "cli/client.h"

#include "absl/strings/str_cat.h"

namespace kawat::cli {

absl::Status Explain(const absl::Status& status, const Server& server) {
  if (!absl::IsUnavailable(status)) {
    return status;
  }
  const std::string service(server.service);
  return absl::UnavailableError(absl::StrCat("no ", service, " answers at ", server.address, " (", status.message(),
                                             "); start one with `kawat up`, or name its address with --", service));
}

}  // namespace kawat::cli
