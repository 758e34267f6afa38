// What an answer says of itself.
#pragma once

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/fetch/http/http_client.h"

namespace kawat::fetch {

bool IsRedirect(const HttpAnswer& answer);

// The canonical URL that `asked` is redirected to. InvalidArgument: to none.
absl::StatusOr<std::string> TargetOf(const std::string& asked, const HttpAnswer& answer);

// The reason of a failure, and whether it may pass.
std::pair<article::Reason, bool> FailureOf(const HttpAnswer& answer);

// How long to wait after `times` failures more than one.
absl::Duration Doubled(absl::Duration base, int times, absl::Duration most);

}  // namespace kawat::fetch
