#include "rpc/token.h"

#include <grpcpp/grpcpp.h>
#include <openssl/crypto.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/files.h"
#include "base/status.h"

namespace kawat::rpc {
namespace {

constexpr std::size_t kLeastLength = 16;
constexpr std::size_t kMostLength = 1024;
constexpr std::string_view kScheme = "Bearer ";

bool Equal(std::string_view a, std::string_view b) {  // in a time that does not tell where they differ
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

absl::StatusOr<std::string> ReadToken(const std::string& file) {
  KAWAT_ASSIGN_OR_RETURN(const std::string text, base::ReadFile(file, 2 * kMostLength));
  const auto token = absl::StripAsciiWhitespace(text);
  if (token.size() < kLeastLength || token.size() > kMostLength ||
      !std::all_of(token.begin(), token.end(), [](unsigned char c) { return absl::ascii_isgraph(c); })) {
    return absl::InvalidArgumentError(absl::StrCat(file, " must hold one line of ", kLeastLength, " to ", kMostLength,
                                                   " printable characters; `openssl rand -hex 32` makes one"));
  }
  return std::string(token.data(), token.size());
}

absl::Status TokenGuard::Check(const grpc::ServerContext& context) const {
  if (file_.empty()) {
    return absl::OkStatus();
  }
  KAWAT_ASSIGN_OR_RETURN(const std::string token, ReadToken(file_));
  const auto [first, last] = context.client_metadata().equal_range("authorization");
  for (auto entry = first; entry != last; ++entry) {
    const std::string_view value(entry->second.data(), entry->second.size());
    if (value.starts_with(kScheme) && Equal(value.substr(kScheme.size()), token)) {
      return absl::OkStatus();
    }
  }
  return absl::UnauthenticatedError(first == last ? "this call needs a token: authorization: Bearer TOKEN"
                                                  : "the token is not the one that this service has");
}

}  // namespace kawat::rpc
