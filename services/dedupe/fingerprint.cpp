#include "services/dedupe/fingerprint.h"

#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/hash.h"
#include "text/text.h"

namespace kawat::dedupe {
namespace {

constexpr std::size_t kCreditWords = 4;      // beside the agency's name
constexpr std::size_t kCopyrightWords = 25;  // longer paragraphs that begin with "copyright" are text

std::string Hash(std::string_view text) { return base::Sha256(text).substr(0, 16); }

// Of short lines: it stops at some hundred words.
std::size_t Size(std::string_view text) {
  constexpr text::WordCount kEnough = {.words = 200, .cjk_characters = 400};
  const text::WordCount count = text::CountWords(text, kEnough);
  return count.words + count.cjk_characters;
}

bool IsCopyrightLine(std::string_view paragraph, std::string_view copyright) {
  if (!copyright.empty() && paragraph == copyright) {
    return true;
  }
  const bool begins =
      paragraph.starts_with("\u00A9") || paragraph.starts_with("(c)") || paragraph.starts_with("copyright ");
  return begins && Size(paragraph) <= kCopyrightWords;
}

bool IsAgencyLine(std::string_view paragraph, std::string_view agency) {
  return !agency.empty() && paragraph.find(agency) != std::string_view::npos &&
         Size(paragraph) <= Size(agency) + kCreditWords;
}

}  // namespace

std::string BodyWithoutCredit(const article::Article& article) {
  const std::string copyright = text::Normalize(article.copyright);
  const std::string agency = text::Normalize(article.agency);
  std::vector<std::string> paragraphs;
  for (const absl::string_view raw : absl::StrSplit(article.body, '\n')) {
    std::string paragraph = text::Normalize(std::string(raw));
    if (!paragraph.empty() && !IsCopyrightLine(paragraph, copyright)) {
      paragraphs.push_back(std::move(paragraph));
    }
  }
  if (!paragraphs.empty() && IsAgencyLine(paragraphs.back(), agency)) {
    paragraphs.pop_back();
  }
  if (!paragraphs.empty() && IsAgencyLine(paragraphs.front(), agency)) {
    paragraphs.erase(paragraphs.begin());
  }
  return absl::StrJoin(paragraphs, "\n");
}

Fingerprint FingerprintOf(const article::Article& article) {
  Fingerprint result;
  result.content = Hash(absl::StrCat(text::Normalize(article.title), "\n", text::Normalize(article.body)));
  const std::string body = BodyWithoutCredit(article);
  const text::WordCount count = text::CountWords(body, {.words = kMinWords, .cjk_characters = kMinCjkCharacters});
  if (count.words >= kMinWords || count.cjk_characters >= kMinCjkCharacters) {
    result.body = Hash(body);
  }
  return result;
}

}  // namespace kawat::dedupe
