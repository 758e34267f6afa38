// Structs as bytes, for values of a state: fields in order, numbers as varints, strings with their length before them.
// Writer and reader have the same calls, so that one list of fields serves both:
//
//   constexpr auto kStateFields = [](auto& value, auto& fields) {  // a const ArticleState for the writer
//     fields.Format(kFormat).Number(value.taken_down).Signed(value.seq).Text(value.content).Time(value.observed);
//   };
//   std::string bytes = ToBytes(value, kStateFields);
//   absl::StatusOr<ArticleState> value = FromBytes<ArticleState>(bytes, "an article state", kStateFields);
//
// A later field is appended, and read only `if (in.more())`; if a field is changed, the format's number is raised.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status.h"
#include "state/store.h"

namespace kawat::state {

class FieldWriter {
 public:
  FieldWriter& Format(std::uint64_t format) { return Number(format); }
  template <class Integer>  // an unsigned number, a bool or an enum
  FieldWriter& Number(Integer value) {
    auto rest = static_cast<std::uint64_t>(value);
    while (rest >= 0x80) {
      bytes_.push_back(static_cast<char>(rest | 0x80));
      rest >>= 7;
    }
    bytes_.push_back(static_cast<char>(rest));
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
  FieldWriter& Texts(const std::vector<std::string>& texts) {
    return List(texts, [](const std::string& text, FieldWriter& fields) { fields.Text(text); });
  }
  // In microseconds; the two infinities are the ends of the range.
  FieldWriter& Time(absl::Time time) { return Signed(absl::ToUnixMicros(time)); }
  FieldWriter& OptionalTime(const std::optional<absl::Time>& time) {
    Number(time.has_value());
    return time.has_value() ? Time(*time) : *this;
  }
  // `visit(element, fields)` for each; it must write at least a byte.
  template <class Element, class Visit>
  FieldWriter& List(const std::vector<Element>& elements, Visit visit) {
    Number(elements.size());
    for (const Element& element : elements) {
      visit(element, *this);
    }
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

  // Another format than this one is an error.
  FieldReader& Format(std::uint64_t format) { return Varint() == format ? *this : Fail(); }
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
  FieldReader& Texts(std::vector<std::string>& texts) {
    return List(texts, [](std::string& text, FieldReader& fields) { fields.Text(text); });
  }
  FieldReader& Time(absl::Time& time) {
    std::int64_t micros = 0;
    Signed(micros);
    time = micros == INT64_MAX   ? absl::InfiniteFuture()
           : micros == INT64_MIN ? absl::InfinitePast()
                                 : absl::FromUnixMicros(micros);
    return *this;
  }
  FieldReader& OptionalTime(std::optional<absl::Time>& time) {
    time.reset();
    return Varint() == 0 ? *this : Time(time.emplace());
  }
  template <class Element, class Visit>
  FieldReader& List(std::vector<Element>& elements, Visit visit) {
    elements.clear();
    for (std::uint64_t left = Varint(); ok_ && left > 0; --left) {
      visit(elements.emplace_back(), *this);
    }
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

// A value by its list of fields: `visit(value, fields)`.
template <class Value, class Visit>
std::string ToBytes(const Value& value, Visit visit) {
  FieldWriter out;
  visit(value, out);
  return out.Take();
}

// And back. DataLoss, naming `what`.
template <class Value, class Visit>
absl::StatusOr<Value> FromBytes(std::string_view bytes, std::string_view what, Visit visit) {
  Value value{};
  FieldReader in(bytes);
  visit(value, in);
  KAWAT_RETURN_IF_ERROR(in.Finish(what));
  return value;
}

// The value at `key`; nullopt: no such key.
template <class Value, class Visit>
absl::StatusOr<std::optional<Value>> Read(const Reader& state, std::string_view key, std::string_view what,
                                          Visit visit) {
  KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> bytes, state.Get(key));
  if (!bytes.has_value()) {
    return std::nullopt;
  }
  return FromBytes<Value>(*bytes, what, visit);
}

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
