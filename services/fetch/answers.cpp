#include "services/fetch/answers.h"

#include <algorithm>

#include "base/status.h"
#include "url/url.h"

namespace kawat::fetch {

using article::Reason;

bool IsRedirect(const HttpAnswer& answer) {
  const int status = answer.status;
  return answer.reason == Reason::kNone &&
         (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) &&
         !answer.Header("location").empty();
}

absl::StatusOr<std::string> TargetOf(const std::string& asked, const HttpAnswer& answer) {
  KAWAT_ASSIGN_OR_RETURN(const url::Url base, url::Url::Parse(asked));
  KAWAT_ASSIGN_OR_RETURN(const url::Url target, url::Url::Resolve(answer.Header("location"), base));
  return url::Canonical(target);
}

std::pair<Reason, bool> FailureOf(const HttpAnswer& answer) {
  switch (answer.reason) {
    case Reason::kNone:
      break;
    case Reason::kTooLarge:
    case Reason::kBlockedAddress:
    case Reason::kBadUrl:
      return {answer.reason, false};
    default:
      return {answer.reason, true};
  }
  if (answer.status == 404 || answer.status == 410) {
    return {Reason::kNotFound, false};
  }
  if (answer.status >= 400 && answer.status < 500) {
    return {Reason::kHttpClientError, answer.status == 408 || answer.status == 425 || answer.status == 429};
  }
  if (answer.status >= 500) {
    return {Reason::kHttpServerError, true};
  }
  return {Reason::kBadResponse, false};
}

absl::Duration Doubled(absl::Duration base, int times, absl::Duration most) {
  return std::min(base * (std::int64_t{1} << std::min(times, 20)), most);
}

}  // namespace kawat::fetch
