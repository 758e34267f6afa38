#include "services/fetch/bytes.h"

#include <limits>

namespace kawat::fetch {
namespace {

constexpr std::int64_t kPast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kFuture = std::numeric_limits<std::int64_t>::max();

}  // namespace

void ByteWriter::Int(std::int64_t value) {  // zigzag, then seven bits a byte
  auto bits = (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
  while (bits >= 0x80) {
    bytes_ += static_cast<char>(bits | 0x80);
    bits >>= 7;
  }
  bytes_ += static_cast<char>(bits);
}

void ByteWriter::Text(std::string_view value) {
  Int(static_cast<std::int64_t>(value.size()));
  bytes_.append(value);
}

void ByteWriter::Time(absl::Time value) {
  Int(value == absl::InfinitePast() ? kPast : value == absl::InfiniteFuture() ? kFuture : absl::ToUnixMicros(value));
}

void ByteWriter::OptionalTime(const std::optional<absl::Time>& value) {
  Bool(value.has_value());
  if (value.has_value()) {
    Time(*value);
  }
}

void ByteWriter::Texts(const std::vector<std::string>& values) {
  Int(static_cast<std::int64_t>(values.size()));
  for (const std::string& value : values) {
    Text(value);
  }
}

std::int64_t ByteReader::Int() {
  std::uint64_t bits = 0;
  for (int shift = 0; ok_ && shift < 64; shift += 7) {
    if (left_.empty()) {
      break;
    }
    const auto byte = static_cast<unsigned char>(left_.front());
    left_.remove_prefix(1);
    bits |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) {
      return static_cast<std::int64_t>(bits >> 1) ^ -static_cast<std::int64_t>(bits & 1);
    }
  }
  ok_ = false;
  return 0;
}

std::string ByteReader::Text() {
  const std::int64_t size = Int();
  if (!ok_ || size < 0 || static_cast<std::uint64_t>(size) > left_.size()) {
    ok_ = false;
    return {};
  }
  std::string text(left_.substr(0, static_cast<std::size_t>(size)));
  left_.remove_prefix(text.size());
  return text;
}

absl::Time ByteReader::Time() {
  const std::int64_t micros = Int();
  return micros == kPast     ? absl::InfinitePast()
         : micros == kFuture ? absl::InfiniteFuture()
                             : absl::FromUnixMicros(micros);
}

std::optional<absl::Time> ByteReader::OptionalTime() { return Bool() ? std::optional(Time()) : std::nullopt; }

std::vector<std::string> ByteReader::Texts() {
  std::vector<std::string> values;
  for (std::int64_t count = Int(); ok_ && count > 0; --count) {
    values.push_back(Text());
  }
  return values;
}

}  // namespace kawat::fetch
