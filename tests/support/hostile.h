// Long texts, for pages that are made to keep a parser busy.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kawat::support {

// A text that lexbor makes longer byte by byte grows by realloc: glibc does that in place, ASan by copying.
#ifdef __SANITIZE_ADDRESS__
inline constexpr bool kReallocCopies = true;
#else
inline constexpr bool kReallocCopies = false;
#endif

// `text` again and again, of at least `bytes`.
inline std::string Repeat(std::string_view text, std::size_t bytes) {
  std::string result;
  while (result.size() < bytes) {
    result += text;
  }
  return result;
}

// before0after, before1after, ...
inline std::string Numbered(std::string_view before, std::string_view after, int count) {
  std::string result;
  for (int i = 0; i < count; ++i) {
    result.append(before).append(std::to_string(i)).append(after);
  }
  return result;
}

}  // namespace kawat::support
