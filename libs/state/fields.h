// Structs as bytes, for values of a state: fields in order, numbers as varints, strings with their length before them.
//
//   FieldWriter out;
//   out.Number(revision).Signed(offset).Text(cluster_id);        std::string value = out.Take();
//   FieldReader in(value);
//   in.Number(revision).Signed(offset).Text(cluster_id);         absl::Status status = in.Finish("an article state");
//
// A later field is appended, and read only `if (in.more())`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace kawat::state {

class FieldWriter {
 public:
  FieldWriter& Number(std::uint64_t value) {
    while (value >= 0x80) {
      bytes_.push_back(static_cast<char>(value | 0x80));
      value >>= 7;
    }
    bytes_.push_back(static_cast<char>(value));
    return *this;
  }
  // Zig-zag: small negative numbers stay short.
  FieldWriter& Signed(std::int64_t value) {
    return Number((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  FieldWriter& Text(std::string_view text) {
    Number(text.size());
    bytes_.append(text);
    return *this;
  }
  std::string Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Views the bytes it was given. The first error sticks; what is read after it is 0 or empty.
class FieldReader {
 public:
  explicit FieldReader(std::string_view bytes) : rest_(bytes) {}

  template <class Integer>
  FieldReader& Number(Integer& value) {
    value = static_cast<Integer>(Varint());
    return *this;
  }
  template <class Integer>
  FieldReader& Signed(Integer& value) {
    const std::uint64_t raw = Varint();
    value = static_cast<Integer>(static_cast<std::int64_t>(raw >> 1) ^ -static_cast<std::int64_t>(raw & 1));
    return *this;
  }
  FieldReader& Text(std::string& text) {
    const std::uint64_t size = Varint();
    if (size > rest_.size()) {
      return Fail();
    }
    text.assign(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return *this;
  }
  bool more() const { return ok_ && !rest_.empty(); }

  // DataLoss when a field was missing or bytes are left over: the state is damaged.
  absl::Status Finish(std::string_view what) const {
    if (ok_ && rest_.empty()) {
      return absl::OkStatus();
    }
    return absl::DataLossError(absl::StrCat("the state is damaged: ", std::string(what), " does not decode"));
  }

 private:
  FieldReader& Fail() {
    ok_ = false;
    rest_ = {};
    return *this;
  }
  std::uint64_t Varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) {
        break;
      }
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) {
        return value;
      }
    }
    Fail();
    return 0;
  }

  std::string_view rest_;
  bool ok_ = true;
};

// Eight bytes whose order is that of the numbers: for keys.
inline std::string OrderedNumber(std::uint64_t value) {
  std::string bytes(8, '\0');
  for (int i = 7; i >= 0; --i, value >>= 8) {
    bytes[static_cast<std::size_t>(i)] = static_cast<char>(value & 0xFF);
  }
  return bytes;
}

// The number at the beginning of `bytes`; 0 when there are fewer than eight.
inline std::uint64_t ReadOrderedNumber(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8 && bytes.size() >= 8; ++i) {
    value = value << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return value;
}

}  // namespace kawat::state
