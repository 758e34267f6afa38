// The byte form of fetch's state and local events: variable-length integers and length-prefixed strings, in the order
// they are written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace kawat::fetch {

class ByteWriter {
 public:
  void Int(std::int64_t value);
  void Bool(bool value) { Int(value ? 1 : 0); }
  void Text(std::string_view value);
  void Time(absl::Time value);  // infinite ones as well; microseconds
  void OptionalTime(const std::optional<absl::Time>& value);
  void Texts(const std::vector<std::string>& values);

  std::string Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Reads what a ByteWriter wrote. After the first read beyond the end or of a wrong size all reads give zero values, and
// ok() is false.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : left_(bytes) {}

  std::int64_t Int();
  bool Bool() { return Int() != 0; }
  std::string Text();
  absl::Time Time();
  std::optional<absl::Time> OptionalTime();
  std::vector<std::string> Texts();

  // How many more elements there can be: bounds a count that was read.
  std::size_t left() const { return left_.size(); }
  bool ok() const { return ok_; }
  bool AtEnd() const { return ok_ && left_.empty(); }

 private:
  std::string_view left_;
  bool ok_ = true;
};

}  // namespace kawat::fetch
