#include "base/utf8.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace kawat::base {
namespace {

// Bytes of the well-formed sequence at `bytes` (Unicode, table 3-7), 0 if it is ill-formed.
std::size_t SequenceLength(const unsigned char* bytes, std::size_t available) {
  const unsigned char lead = bytes[0];
  if (lead < 0x80) {
    return 1;
  }
  const std::size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  if (length == 0 || length > available) {
    return 0;
  }
  const unsigned char least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned char most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (bytes[1] < least || bytes[1] > most) {
    return 0;
  }
  for (std::size_t i = 2; i < length; ++i) {
    if ((bytes[i] & 0xC0) != 0x80) {
      return 0;
    }
  }
  return length;
}

// Two bytes, C2 80 to C2 9F, are a control character too (ISO 6429's C1).
std::size_t ControlLength(std::string_view utf8, std::size_t at) {
  const auto byte = static_cast<unsigned char>(utf8[at]);
  if (byte < 0x20 || byte == 0x7F) {
    return 1;
  }
  return byte == 0xC2 && at + 1 < utf8.size() && static_cast<unsigned char>(utf8[at + 1]) < 0xA0 ? 2 : 0;
}

}  // namespace

bool IsValidUtf8(std::string_view bytes) {
  const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t at = 0;
  while (at < bytes.size()) {
    std::uint64_t eight = 0;
    if (bytes.size() - at >= sizeof eight) {
      std::memcpy(&eight, data + at, sizeof eight);
      if ((eight & 0x8080808080808080U) == 0) {
        at += sizeof eight;
        continue;
      }
    }
    const std::size_t length = SequenceLength(data + at, bytes.size() - at);
    if (length == 0) {
      return false;
    }
    at += length;
  }
  return true;
}

std::string ReplaceInvalidUtf8(std::string_view bytes, std::string_view replacement) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length =
        SequenceLength(reinterpret_cast<const unsigned char*>(bytes.data()) + at, bytes.size() - at);
    out.append(length == 0 ? replacement : bytes.substr(at, length));
    at += std::max<std::size_t>(length, 1);
  }
  return out;
}

std::string ReplaceControls(std::string_view utf8, std::string_view replacement) {
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) {
    const std::size_t length = ControlLength(utf8, at);
    out.append(length > 0 ? replacement : utf8.substr(at, 1));
    at += std::max<std::size_t>(length, 1);
  }
  return out;
}

void AppendUtf8(char32_t code_point, std::string& out) {
  const auto tail = [&](int shift) { out.push_back(static_cast<char>(0x80 | ((code_point >> shift) & 0x3F))); };
  if (code_point < 0x80) {
    out.push_back(static_cast<char>(code_point));
  } else if (code_point < 0x800) {
    out.push_back(static_cast<char>(0xC0 | (code_point >> 6)));
    tail(0);
  } else if (code_point < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | (code_point >> 12)));
    tail(6);
    tail(0);
  } else {
    out.push_back(static_cast<char>(0xF0 | (code_point >> 18)));
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace kawat::base
