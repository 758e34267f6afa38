#include "shard/shard.h"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status.h"

namespace kawat::shard {
namespace {

constexpr std::array<std::string_view, 3> kServices = {"dedupe", "fetch", "store"};
constexpr int kMostShards = 1'000'000;

bool IsNumber(std::string_view text, int& number) {
  const bool digits = !text.empty() && text.size() <= 6 &&
                      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits && absl::SimpleAtoi(std::string(text), &number) && number < kMostShards;
}

}  // namespace

std::string Name::Text() const { return absl::StrFormat("%s/%02d", service, number); }

absl::StatusOr<Name> ParseName(std::string_view text) {
  const std::size_t slash = text.find('/');
  Name name{.service = std::string(text.substr(0, slash))};
  if (slash == std::string_view::npos || !IsNumber(text.substr(slash + 1), name.number) ||
      std::find(kServices.begin(), kServices.end(), name.service) == kServices.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("a shard is named SERVICE/NN, such as store/07, dedupe/00 or fetch/03, not \"",
                     std::string(text.substr(0, 100)), "\"; `kawat shard list` has them"));
  }
  return name;
}

std::vector<Name> FindShards(const std::filesystem::path& data) {
  std::vector<Name> names;
  for (const std::string_view service : kServices) {
    std::error_code code;
    for (std::filesystem::directory_iterator it(data / service, code), end; !code && it != end; it.increment(code)) {
      Name name{.service = std::string(service)};
      // "00.replaced-..." and the like are none.
      if (IsNumber(it->path().filename().string(), name.number) && it->is_directory(code)) {
        names.push_back(std::move(name));
      }
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

absl::StatusOr<Summary> Summarize(const state::Reader& state) {
  Summary summary;
  KAWAT_ASSIGN_OR_RETURN(const auto owner, state.Get(pipeline::OwnerKey()));
  summary.owner = owner.value_or("");
  absl::Status damage;
  KAWAT_RETURN_IF_ERROR(state.Scan(pipeline::kCursorPrefix, "", [&](std::string_view key, std::string_view value) {
    const std::string_view place = key.substr(pipeline::kCursorPrefix.size());
    const std::size_t slash = place.rfind('/');
    absl::StatusOr<pipeline::Cursor> cursor = pipeline::DecodeCursor(value);
    Position position;
    if (cursor.ok() && slash != std::string_view::npos && IsNumber(place.substr(slash + 1), position.partition)) {
      position.topic = std::string(place.substr(0, slash));
      position.cursor = *std::move(cursor);
      summary.positions.push_back(std::move(position));
      return true;
    }
    damage = cursor.ok() ? absl::DataLossError("an offset is stored of no partition") : cursor.status();
    return false;
  }));
  KAWAT_RETURN_IF_ERROR(damage);
  return summary;
}

}  // namespace kawat::shard
