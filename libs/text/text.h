// Unicode text: normal forms, words, language.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kawat::text {

// Valid UTF-8: what is not becomes U+FFFD.
std::string ToValidUtf8(std::string_view bytes);

// One space for each run of white space (all that Unicode calls so), none at the ends; soft hyphens and zero-width
// characters dropped.
std::string CollapseWhitespace(std::string_view text);

// For comparing: NFKC, case-folded, quotes and dashes unified, white space collapsed, punctuation kept. "Normalised
// title and body".
std::string Normalize(std::string_view text);

// The words of a text as search and counting see them: ICU word boundaries, case-folded, NFKC; punctuation dropped. CJK
// runs are returned as single characters, so that callers make bigrams of them.
struct Token {
  std::string text;
  std::size_t begin = 0;  // byte offsets in the text given
  std::size_t end = 0;
  bool cjk = false;  // Han, Hiragana, Katakana, Hangul
};
std::vector<Token> Tokenize(std::string_view text);

struct WordCount {
  std::size_t words = 0;  // tokens that are not CJK
  std::size_t cjk_characters = 0;
};
// Stops when it has as many of either as `enough`.
WordCount CountWords(std::string_view text, WordCount enough = {.words = SIZE_MAX, .cjk_characters = SIZE_MAX});

// BCP 47 by CLD2; empty when it is not sure or the text is too short.
std::string DetectLanguage(std::string_view text);

// At most `max_bytes`, cut at a character's boundary.
std::string_view Truncate(std::string_view text, std::size_t max_bytes);

}  // namespace kawat::text
