#include "cli/client.h"

#include "absl/strings/str_cat.h"

namespace kawat::cli {

absl::Status Explain(const absl::Status& status, const Server& server) {
  const std::string service(server.service);
  if (absl::IsUnimplemented(status)) {
    return absl::UnimplementedError(absl::StrCat("what answers at ", server.address, " is no ", service,
                                                 ", or an older one; name its address with --", service));
  }
  if (absl::IsUnauthenticated(status)) {
    return absl::UnauthenticatedError(absl::StrCat(service, " at ", server.address, ": ", status.message(),
                                                   "; name its file with --token-file or KAWAT_TOKEN_FILE"));
  }
  if (!status.ok() && status.message().empty()) {
    return absl::Status(status.code(), absl::StrCat(service, " at ", server.address,
                                                    " answers only: ", absl::StatusCodeToString(status.code())));
  }
  if (!absl::IsUnavailable(status)) {
    return status;
  }
  return absl::UnavailableError(absl::StrCat("no ", service, " answers at ", server.address, " (", status.message(),
                                             "); start one with `kawat up`, or name its address with --", service));
}

}  // namespace kawat::cli
