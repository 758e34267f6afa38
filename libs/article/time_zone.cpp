#include "article/time_zone.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"

namespace kawat::article {
namespace {

constexpr std::size_t kMaxNameBytes = 64;

bool IsInNames(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '/' || c == '_' || c == '-' || c == '+';
}

}  // namespace

std::optional<absl::TimeZone> LoadZone(std::string_view name) {
  if (name.empty() || name.size() > kMaxNameBytes || name.front() == '/' || name == "localtime" ||
      !std::all_of(name.begin(), name.end(), IsInNames)) {
    return std::nullopt;
  }
  absl::TimeZone zone;
  return absl::LoadTimeZone(std::string(name), &zone) ? std::optional(zone) : std::nullopt;
}

}  // namespace kawat::article
