// The query language of readers (portal, gRPC, command line alike):
//
//   banjir jakarta            all words are required
//   "bank indonesia"          exactly these words, one after the other
//   -word  -"a phrase"        not this; also before a field
//   gempa OR tsunami          one of them; binds closer than the blank between words
//   source:ID  group:"NAME"  lang:id  site:example.com        a site includes its subdomains
//   after:YYYY-MM-DD  before:YYYY-MM-DD                       by min(published, observed) in UTC: the first includes
//   its
//                                                             day, the second does not
//
// Everything else is text; punctuation in it separates words.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace kawat::store {

// FTS5 opens a cursor for each word, so a query costs memory by its words, those of phrases included. CJK characters
// are words here.
inline constexpr std::size_t kMaxQueryBytes = 4 << 10;
inline constexpr std::size_t kMaxQueryWords = 64;
inline constexpr std::size_t kMaxPhraseWords = 32;  // of a longer phrase the first ones are taken

struct Term {
  enum class Kind { kText, kSource, kGroup, kLanguage, kSite };
  Kind kind = Kind::kText;
  std::string text;  // kText: one word or a phrase; else the value, lower case except a group's name

  bool operator==(const Term&) const = default;
};

// One of `any_of` must (excluded: must not) hold.
struct Clause {
  std::vector<Term> any_of;
  bool excluded = false;

  bool operator==(const Clause&) const = default;
};

// How a query can be asked better.
struct Hint {
  enum class Kind { kNone, kNothing, kTooCommon, kOnlyExcluded, kPhraseCut, kUnknownFilter };
  Kind kind = Kind::kNone;
  std::string sentence;

  bool operator==(const Hint&) const = default;
};

struct Query {
  std::vector<Clause> clauses;       // all of them
  std::optional<absl::Time> after;   // inclusive
  std::optional<absl::Time> before;  // exclusive
  Hint hint;
  bool runs = true;  // false: it says too little, as the hint tells

  bool operator==(const Query&) const = default;
};

// InvalidArgument: "query, character 12: ...". Anything that is text is a query: only fields, OR and quotes can be
// wrong.
absl::StatusOr<Query> ParseQuery(std::string_view text);

// The part of a language's name that is compared: "en" of "en-GB", lower case.
std::string PrimaryLanguage(std::string_view language);

}  // namespace kawat::store
