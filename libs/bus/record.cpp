#include "bus/record.h"

#include <array>
#include <charconv>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/hash.h"

namespace kawat::bus {
namespace {

// What a log adds to a record, rounded up: batch and record headers, the name of the origin's header.
constexpr std::size_t kOverheadBytes = 128;
// The numbers and slashes of an origin at their longest.
constexpr std::size_t kOriginNumberBytes = 64;

template <class T>
bool ParseNumber(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

void AppendLittleEndian(std::uint64_t value, std::string& out) {
  for (int shift = 0; shift < 64; shift += 8) {
    out.push_back(static_cast<char>((value >> shift) & 0xff));
  }
}

}  // namespace

std::string FormatOrigin(const Origin& origin) {
  return absl::StrCat(origin.log_epoch, "/", origin.topic, "/", origin.partition, "/", origin.offset, "/",
                      origin.index);
}

Origin ParseOrigin(std::string_view text) {
  std::array<std::string_view, 5> parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t slash = text.find('/');
    if ((slash == std::string_view::npos) != (i + 1 == parts.size())) {
      return {};
    }
    parts[i] = text.substr(0, slash);
    text.remove_prefix(slash == std::string_view::npos ? text.size() : slash + 1);
  }
  Origin origin;
  if (parts[1].empty() || !ParseNumber(parts[0], origin.log_epoch) || !ParseNumber(parts[2], origin.partition) ||
      !ParseNumber(parts[3], origin.offset) || !ParseNumber(parts[4], origin.index)) {
    return {};
  }
  origin.topic = parts[1];
  return origin;
}

std::size_t SizeBytes(const Record& record) {
  const std::size_t origin = record.origin.topic.empty() ? 0 : record.origin.topic.size() + kOriginNumberBytes;
  return record.key.size() + (record.value ? record.value->size() : 0) + origin + kOverheadBytes;
}

std::uint64_t Checksum(const Record& record) {
  // A hash of hashes: values are megabytes, and are not to be copied for this.
  std::string parts;
  AppendLittleEndian(base::XxHash64(record.key), parts);
  parts.push_back(record.value ? 'v' : '-');
  AppendLittleEndian(record.value ? base::XxHash64(*record.value) : 0, parts);
  if (!record.origin.topic.empty()) {
    parts += FormatOrigin(record.origin);
  }
  return base::XxHash64(parts);
}

std::int32_t PartitionOf(std::string_view key, std::int32_t count) {
  KAWAT_CHECK(count > 0, "a topic has at least one partition");
  return static_cast<std::int32_t>(base::XxHash64(key) % static_cast<std::uint64_t>(count));
}

}  // namespace kawat::bus
