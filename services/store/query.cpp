#include "services/store/query.h"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "base/status.h"
#include "text/text.h"

namespace kawat::store {
namespace {

// Words so common that alone they would find everything; in a phrase or beside others they count as any word.
bool IsCommon(std::string_view word) {
  static const auto* const common = new std::unordered_set<std::string_view>{
      "a",    "an",   "and",  "are",  "as",   "at",   "be",   "but",  "by",   "for",   "from", "has",   "have", "he",
      "in",   "is",   "it",   "its",  "not",  "of",   "on",   "or",   "said", "that",  "the",  "they",  "this", "to",
      "was",  "were", "will", "with", "ada",  "akan", "atau", "bagi", "dan",  "dari",  "di",   "dalam", "ini",  "itu",
      "juga", "kata", "ke",   "oleh", "pada", "para", "saat", "saja", "tak",  "untuk", "yang", "dengan"};
  return common->contains(word);
}

struct Field {
  std::string_view name;
  Term::Kind kind;
};
constexpr std::array<Field, 4> kFields = {{{"source", Term::Kind::kSource},
                                           {"group", Term::Kind::kGroup},
                                           {"lang", Term::Kind::kLanguage},
                                           {"site", Term::Kind::kSite}}};

// "sorce" of "sorce:antara": what its writer may have meant as a filter; empty: nothing.
std::string_view FilterLike(std::string_view word) {
  const std::size_t end = std::min(word.find(':'), word.size());
  const std::string_view name = word.substr(0, end);
  const std::string_view value = word.substr(std::min(end + 1, word.size()));
  const bool letters = std::all_of(name.begin(), name.end(), [](unsigned char c) { return absl::ascii_isalpha(c); });
  return letters && !value.empty() && !value.starts_with('/') ? name : std::string_view();
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  absl::StatusOr<Query> Parse();

 private:
  struct Piece {        // what stands between blanks
    std::string field;  // empty: text
    std::string value;
    std::size_t begin = 0;
    bool excluded = false;
    bool quoted = false;
  };

  bool SkipBlanks();
  absl::StatusOr<Piece> Next();
  absl::StatusOr<std::string> Quoted();
  std::string Bare(bool with_colon);
  absl::Status Take(const Piece& piece);
  absl::Status TakeDate(const Piece& piece);
  absl::Status TakeText(Piece piece);
  absl::Status Add(const Piece& piece, Term term, std::size_t words);
  absl::Status Wrong(std::size_t at, std::string_view why) const;
  void RefuseIfEmpty();

  std::string_view text_;
  std::size_t at_ = 0;
  std::optional<std::size_t> or_at_;  // an OR that waits for what follows
  bool or_allowed_ = false;           // whether what stands before may be joined by OR
  std::size_t words_ = 0;
  std::string common_;  // common words met, for the hint
  bool uncommon_ = false;
  Query query_;
};

absl::Status Parser::Wrong(std::size_t at, std::string_view why) const {
  std::size_t character = 1;
  for (const char c : text_.substr(0, at)) {
    character += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }
  return absl::InvalidArgumentError(absl::StrCat("query, character ", character, ": ", std::string(why)));
}

bool Parser::SkipBlanks() {
  while (at_ < text_.size()) {
    if (absl::ascii_isspace(static_cast<unsigned char>(text_[at_])) ||
        absl::ascii_iscntrl(static_cast<unsigned char>(text_[at_]))) {
      ++at_;
    } else if (text_.substr(at_).starts_with("\u3000")) {  // ideographic space
      at_ += 3;
    } else {
      return true;
    }
  }
  return false;
}

absl::StatusOr<std::string> Parser::Quoted() {
  const std::size_t begin = at_++;
  const std::size_t end = text_.find('"', at_);
  if (end == std::string_view::npos) {
    return Wrong(begin, "this quote is never closed");
  }
  std::string value(text_.substr(at_, end - at_));
  at_ = end + 1;
  return value;
}

std::string Parser::Bare(bool with_colon) {
  const std::size_t begin = at_;
  while (at_ < text_.size() && !absl::ascii_isspace(static_cast<unsigned char>(text_[at_])) && text_[at_] != '"' &&
         (with_colon || text_[at_] != ':') && !text_.substr(at_).starts_with("\u3000")) {
    ++at_;
  }
  return std::string(text_.substr(begin, at_ - begin));
}

absl::StatusOr<Parser::Piece> Parser::Next() {
  Piece piece{.begin = at_};
  if (text_[at_] == '-' && at_ + 1 < text_.size() && !absl::ascii_isspace(static_cast<unsigned char>(text_[at_ + 1]))) {
    piece.excluded = true;
    ++at_;
  }
  if (text_[at_] != '"') {
    const std::size_t begin = at_;
    std::string name = absl::AsciiStrToLower(Bare(/*with_colon=*/false));
    bool known = name == "after" || name == "before";
    for (const Field& field : kFields) {
      known = known || name == field.name;
    }
    if (known && at_ < text_.size() && text_[at_] == ':') {
      ++at_;
      piece.field = std::move(name);
    } else {
      at_ = begin;
    }
  }
  if (at_ < text_.size() && text_[at_] == '"') {
    piece.quoted = true;
    KAWAT_ASSIGN_OR_RETURN(piece.value, Quoted());
  } else {
    piece.value = Bare(/*with_colon=*/true);
  }
  if (!piece.field.empty() && absl::StripAsciiWhitespace(piece.value).empty()) {
    return Wrong(piece.begin, absl::StrCat(piece.field, ": lacks its value"));
  }
  return piece;
}

absl::Status Parser::TakeDate(const Piece& piece) {
  absl::CivilDay day;
  if (piece.value.size() != 10 || !absl::ParseCivilTime(piece.value, &day) || day.year() < 1 || day.year() > 9999) {
    return Wrong(piece.begin, absl::StrCat(piece.field, ": takes a day such as 2026-01-31"));
  }
  if (piece.excluded || or_at_.has_value()) {
    return Wrong(piece.begin, absl::StrCat(piece.field, ": takes neither - nor OR"));
  }
  const absl::Time time = absl::FromCivil(day, absl::UTCTimeZone());
  if (piece.field == "after") {
    query_.after = std::max(query_.after.value_or(time), time);
  } else {
    query_.before = std::min(query_.before.value_or(time), time);
  }
  or_allowed_ = false;
  return absl::OkStatus();
}

absl::Status Parser::Add(const Piece& piece, Term term, std::size_t words) {
  words_ += words;
  if (words_ > kMaxQueryWords) {
    return Wrong(piece.begin, absl::StrCat("more than ", kMaxQueryWords, " words"));
  }
  if (or_at_.has_value()) {
    if (piece.excluded) {
      return Wrong(piece.begin, "OR cannot be followed by -");
    }
    query_.clauses.back().any_of.push_back(std::move(term));
    or_at_.reset();
  } else {
    query_.clauses.push_back({.any_of = {std::move(term)}, .excluded = piece.excluded});
  }
  or_allowed_ = !piece.excluded;
  return absl::OkStatus();
}

absl::Status Parser::Take(const Piece& piece) {
  if (piece.field == "after" || piece.field == "before") {
    return TakeDate(piece);
  }
  for (const Field& field : kFields) {
    if (piece.field == field.name) {
      std::string value(absl::StripAsciiWhitespace(piece.value));
      if (field.kind == Term::Kind::kLanguage) {
        value = PrimaryLanguage(value);
      } else if (field.kind != Term::Kind::kGroup) {
        value = absl::AsciiStrToLower(value);
      }
      uncommon_ = true;
      return Add(piece, {.kind = field.kind, .text = std::move(value)}, 1);
    }
  }
  if (!piece.quoted && piece.value == "OR" && !piece.excluded) {
    if (!or_allowed_ || or_at_.has_value()) {
      return Wrong(piece.begin, "OR stands between two words");
    }
    or_at_ = piece.begin;
    return absl::OkStatus();
  }
  return TakeText(piece);
}

absl::Status Parser::TakeText(Piece piece) {
  std::vector<text::Token> tokens = text::Tokenize(piece.value);
  if (tokens.empty()) {
    return absl::OkStatus();  // only punctuation
  }
  if (tokens.size() > kMaxPhraseWords) {
    tokens.resize(kMaxPhraseWords);
    piece.value.resize(tokens.back().end);
    query_.hint = {.kind = Hint::Kind::kPhraseCut,
                   .sentence = absl::StrCat("of a phrase only the first ", kMaxPhraseWords, " words are searched")};
  }
  if (const std::string_view name = FilterLike(piece.value); !piece.quoted && !name.empty()) {
    query_.hint = {.kind = Hint::Kind::kUnknownFilter,
                   .sentence = absl::StrCat(std::string(name), ": is no filter and was searched as text")};
  }
  const bool common = tokens.size() == 1 && IsCommon(tokens.front().text);
  if (common && !piece.excluded) {
    absl::StrAppend(&common_, common_.empty() ? "" : " ", piece.value);
  }
  uncommon_ = uncommon_ || (!common && !piece.excluded);
  return Add(piece, {.text = piece.value}, tokens.size());
}

void Parser::RefuseIfEmpty() {
  query_.runs = uncommon_ || query_.after.has_value() || query_.before.has_value();
  if (query_.runs) {
    return;
  }
  if (!common_.empty()) {
    query_.hint = {.kind = Hint::Kind::kTooCommon,
                   .sentence = absl::StrCat(
                       "\"", common_, "\" is in nearly every article: add a rarer word, or quote a longer phrase")};
  } else if (query_.clauses.empty()) {
    query_.hint = {.kind = Hint::Kind::kNothing, .sentence = "type a word, a \"phrase\" or a field such as source:ID"};
  } else {
    query_.hint = {.kind = Hint::Kind::kOnlyExcluded, .sentence = "add a word to find beside those to leave out"};
  }
}

absl::StatusOr<Query> Parser::Parse() {
  while (SkipBlanks()) {
    KAWAT_ASSIGN_OR_RETURN(const Piece piece, Next());
    KAWAT_RETURN_IF_ERROR(Take(piece));
  }
  if (or_at_.has_value()) {
    return Wrong(*or_at_, "OR stands between two words");
  }
  RefuseIfEmpty();
  return std::move(query_);
}

}  // namespace

absl::StatusOr<Query> ParseQuery(std::string_view text) {
  if (text.size() > kMaxQueryBytes) {
    return absl::InvalidArgumentError(absl::StrCat("query: ", text.size(), " bytes; the limit is ", kMaxQueryBytes));
  }
  const std::string valid = text::ToValidUtf8(text);
  return Parser(valid).Parse();
}

std::string PrimaryLanguage(std::string_view language) {
  return absl::AsciiStrToLower(std::string(language.substr(0, language.find_first_of("-_"))));
}

}  // namespace kawat::store
