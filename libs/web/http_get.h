// One GET over a plain connection, for `kawat top`, `newsroom check` and tests.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace kawat::web {

inline constexpr std::size_t kMaxAnswerBytes = 64 << 20;

struct HttpAnswer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // lower-case names
  std::string body;

  std::string Header(std::string_view name) const;  // "" when absent
};

// `patience`: for all of it, however slowly the answer comes.
// Errors: InvalidArgument (address), Unavailable (cannot connect, answer cut or not HTTP), DeadlineExceeded,
// ResourceExhausted (more than kMaxAnswerBytes).
absl::StatusOr<HttpAnswer> HttpGet(const std::string& address, const std::string& host, const std::string& target,
                                   const std::vector<std::pair<std::string, std::string>>& headers = {},
                                   absl::Duration patience = absl::Seconds(10));

}  // namespace kawat::web
