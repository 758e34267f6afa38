// What two articles are compared by.
#pragma once

#include <cstddef>
#include <string>

#include "article/article.h"

namespace kawat::dedupe {

inline constexpr std::size_t kMinWords = 25;
inline constexpr std::size_t kMinCjkCharacters = 100;

struct Fingerprint {
  std::string content;  // 16 bytes, of normalised title and body: equal means the same revision
  std::string
      body;  // 16 bytes, of the normalised body without its credit line: equal means a copy. Empty: too short to tell.

  bool operator==(const Fingerprint&) const = default;
};

Fingerprint FingerprintOf(const article::Article& article);

// The normalised body without the paragraphs that only say whose text it is: copyright lines, and a first or last line
// that is hardly more than the agency's name ("Source: Reuters").
std::string BodyWithoutCredit(const article::Article& article);

}  // namespace kawat::dedupe
